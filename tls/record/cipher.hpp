// SPDX-License-Identifier: Apache-2.0
// How the records of a suite are protected (RFC 5246 §6.2.3, RFC 8446 §5.2): one row for each cipher and
// record format.
#pragma once

#include <ashlar/base/secret.hpp>
#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

inline constexpr std::size_t kRecordHeaderSize = 5;
inline constexpr std::size_t kMaxPlaintextSize = 1 << 14;
inline constexpr std::size_t kMaxCiphertextSize = kMaxPlaintextSize + 2048;
// The most that protection adds: explicit nonce or IV, MAC or tag, padding.
inline constexpr std::size_t kMaxRecordOverhead = kRecordHeaderSize + 16 + 48 + 256;
// No record gets this sequence number: the keys are used up before it (T08).
inline constexpr std::uint64_t kSequenceNumberEnd = ~std::uint64_t{0};

// What opening a record found, for the event stream.
struct OpenedFragment {
  MutBytes plaintext;            // lies in the input
  std::size_t padding_size = 0;  // as RecordEvent has it
  std::size_t mac_size = 0;
  ContentType type{};        // TLS 1.3: the one inside; else that of the header
  bool passed_over = false;  // early data that nobody takes; the plaintext is empty
};

// The content of a record to seal, and its place in the stream.
struct Fragment {
  std::uint64_t sequence;
  ContentType type;
  Bytes plaintext;
  std::size_t padding = 0;  // zeros behind the content type, where that is encrypted (RFC 9846 §5.4)
};

struct RecordCipher;

// The functions of a way to protect records. `state` is the key object of one direction: state_size() bytes,
// aligned to `alignment`.
struct RecordFunctions {
  std::size_t alignment;  // a power of two
  std::size_t (*state_size)(const RecordCipher& row, bool sealing);
  Result<void> (*init)(const RecordCipher& row, MutBytes state, bool sealing, Bytes mac_key, Bytes key,
                       Bytes fixed_iv);
  void (*destroy)(const RecordCipher& row, void* state, bool sealing);
  // The size on the wire, without header, of a fragment that carries this much plaintext.
  std::size_t (*sealed_size)(const RecordCipher& row, std::size_t plaintext_size);
  // Protects the plaintext into `out`, which has sealed_size() bytes: explicit nonce, ciphertext, tag or MAC
  // and padding. The plaintext may lie where its ciphertext goes (explicit_nonce_size into `out`), or not
  // overlap `out`. Constant time in keys and plaintext.
  Result<void> (*seal)(const RecordCipher& row, const void* state, const Fragment& fragment,
                       crypto::Random random, MutBytes out);
  // Opens in place. `type` is the header's. After the size was checked, every failure is bad_record_mac, in
  // constant time.
  Result<OpenedFragment> (*open)(const RecordCipher& row, const void* state, std::uint64_t sequence,
                                 ContentType type, MutBytes fragment);
};
// Any AEAD (aead_records.cpp). If the row has an explicit part, the nonce is the fixed IV and that part (RFC
// 5288 §3). Else it is the fixed IV XOR the sequence number (RFC 7905 §2, RFC 8446 §5.3).
extern const RecordFunctions kAeadRecords;
// AES-CBC with any HMAC (cbc_records.cpp): RFC 5246 §6.2.3.2, and RFC 7366 §3.
extern const RecordFunctions kMacThenEncryptRecords;
extern const RecordFunctions kEncryptThenMacRecords;

// How much one key may protect. Past either limit nothing is sealed or opened: record_sequence_exhausted.
struct RecordLimits {
  std::uint64_t records = kSequenceNumberEnd;
  std::uint64_t bytes = ~std::uint64_t{0};  // of plaintext
  // The same for what is sealed alone: whether a peer keeps to it is the peer's own affair.
  std::uint64_t sealed = kSequenceNumberEnd;
  // After so many records, either way, a version that can renews the keys.
  std::uint64_t renewal = kSequenceNumberEnd;
};

struct RecordCipher {
  std::string_view name;
  const RecordFunctions* functions;
  const crypto::AeadAlgorithm* aead = nullptr;      // of AEAD rows
  const crypto::HashAlgorithm* mac_hash = nullptr;  // of CBC rows
  // Client and server each have keys of these sizes (RFC 5246 §6.3).
  std::size_t mac_key_size = 0;
  std::size_t key_size;
  std::size_t fixed_iv_size = 0;
  std::size_t explicit_nonce_size = 0;  // sent with each record
  std::size_t mac_size;                 // tag or MAC
  std::size_t block_size = 1;           // CBC: 16
  // The content type is the last byte of what is encrypted, and the header says application_data (RFC 8446
  // §5.2).
  bool inner_content_type = false;
  RecordLimits limits = {};
  // The row that protects records if encrypt_then_mac was negotiated (RFC 7366). Null if the extension means
  // nothing to this cipher and must not be answered. Key sizes are the same.
  const RecordCipher* encrypt_then_mac = nullptr;

  std::size_t sealed_size(std::size_t plaintext_size) const {
    return functions->sealed_size(*this, plaintext_size);
  }
};
inline constexpr std::size_t kMaxTls13CiphertextSize = kMaxPlaintextSize + 256;
// The largest length in a record header (RFC 5246 §6.2.3, RFC 8446 §5.2). Null is the null cipher.
constexpr std::size_t max_fragment_size(const RecordCipher* cipher) {
  if (cipher == nullptr) {
    return kMaxPlaintextSize;
  }
  return cipher->inner_content_type ? kMaxTls13CiphertextSize : kMaxCiphertextSize;
}
extern const RecordCipher kAes128GcmRecords;
extern const RecordCipher kAes256GcmRecords;
extern const RecordCipher kChaCha20Poly1305Records;
extern const RecordCipher kAes128CcmRecords;
extern const RecordCipher kAes256CcmRecords;
extern const RecordCipher kAes128Ccm8Records;
extern const RecordCipher kAes256Ccm8Records;
extern const RecordCipher kAes128CbcShaRecords;
extern const RecordCipher kAes128CbcShaEtmRecords;
extern const RecordCipher kAes256CbcShaRecords;
extern const RecordCipher kAes256CbcShaEtmRecords;
extern const RecordCipher kAes128GcmTls13Records;
extern const RecordCipher kAes256GcmTls13Records;
extern const RecordCipher kChaCha20Poly1305Tls13Records;
extern const RecordCipher kAes128CcmTls13Records;
extern const RecordCipher kAes128Ccm8Tls13Records;
extern const RecordCipher kAes128CbcSha256Records;
extern const RecordCipher kAes128CbcSha256EtmRecords;
extern const RecordCipher kAes256CbcSha256Records;
extern const RecordCipher kAes256CbcSha256EtmRecords;
extern const RecordCipher kAes256CbcSha384Records;
extern const RecordCipher kAes256CbcSha384EtmRecords;

}  // namespace ashlar::tls
