// SPDX-License-Identifier: Apache-2.0
// Record protection (RFC 5246 §6.2.3): the keys and the sequence number of one direction, and how a suite
// uses them.
#pragma once

#include <ashlar/base/secret.hpp>
#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

inline constexpr std::size_t kRecordHeaderSize = 5;
inline constexpr std::size_t kMaxPlaintextSize = 1 << 14;
inline constexpr std::size_t kMaxCiphertextSize = kMaxPlaintextSize + 2048;
// What protection adds at most: explicit nonce or IV, MAC or tag, padding.
inline constexpr std::size_t kMaxRecordOverhead = kRecordHeaderSize + 16 + 32 + 256;
// The sequence number that no record gets: after the one before it the keys are used up (T08).
inline constexpr std::uint64_t kSequenceNumberEnd = ~std::uint64_t{0};

// Memory for the key objects of any suite.
inline constexpr std::size_t kCipherStateCapacity = 3072;

// What was found when a record was opened: for the event stream.
struct OpenedFragment {
  MutBytes plaintext;  // inside the input
  std::size_t padding_size = 0;
  std::size_t mac_size = 0;
};

// How the records of a suite are protected. One row for GCM with each key size, two for CBC with HMAC-SHA256.
struct RecordCipher {
  std::string_view name;
  // Cut from the key block, client's and server's each (RFC 5246 §6.3).
  std::size_t mac_key_size;
  std::size_t key_size;
  std::size_t fixed_iv_size;
  std::size_t explicit_nonce_size;  // 8 for GCM, 16 for CBC
  std::size_t mac_size;             // tag or MAC
  std::size_t block_size;           // CBC: 16; else 1
  // The row that protects records instead where encrypt_then_mac was negotiated (RFC 7366); null if the
  // extension means nothing to this cipher and is not to be answered. Key sizes are the same.
  const RecordCipher* encrypt_then_mac;
  // Bytes of a fragment on the wire, header not included, that carries so much plaintext.
  std::size_t (*sealed_size)(std::size_t plaintext_size);
  Result<void> (*init)(void* state, bool sealing, Bytes mac_key, Bytes key, Bytes fixed_iv);
  void (*destroy)(void* state);
  // Protects `plaintext` into `out`, which has room for sealed_size(): explicit nonce, ciphertext, tag or MAC
  // and padding. Plaintext may lie where its ciphertext goes (explicit_nonce_size into `out`), or apart.
  // Constant time in keys and plaintext.
  Result<std::size_t> (*seal)(void* state, std::uint64_t sequence, ContentType type, crypto::Random random,
                              Bytes plaintext, MutBytes out);
  // Opens in place. One error, bad_record_mac, in constant time, for every way in which it can fail after its
  // size has been judged.
  Result<OpenedFragment> (*open)(void* state, std::uint64_t sequence, ContentType type, MutBytes fragment);
};
extern const RecordCipher kAes128GcmRecords;
extern const RecordCipher kAes256GcmRecords;
extern const RecordCipher kAes128CbcSha256Records;
extern const RecordCipher kAes128CbcSha256EtmRecords;

// One direction of a connection.
class Protection {
 public:
  Protection() = default;  // the null cipher
  Protection(const Protection&) = delete;
  Protection& operator=(const Protection&) = delete;
  ~Protection() { clear(); }

  // Switches to new keys and starts the sequence numbers again: what ChangeCipherSpec does. invalid_argument
  // if the keys are not of the sizes that the cipher takes.
  Result<void> activate(const RecordCipher& cipher, bool sealing, Bytes mac_key, Bytes key, Bytes fixed_iv);
  // Wipes the keys for good: seal and open return not_connected from here on.
  void clear();

  bool active() const { return cipher_ != nullptr; }
  const RecordCipher* cipher() const { return cipher_; }
  std::uint64_t sequence_number() const { return sequence_; }
  std::uint16_t epoch() const { return epoch_; }
  // Bytes of a fragment on the wire, header not included.
  std::size_t sealed_size(std::size_t plaintext_size) const {
    return cipher_ == nullptr ? plaintext_size : cipher_->sealed_size(plaintext_size);
  }

  // Writes header and fragment to the start of `out`, and returns how many bytes that is. At most
  // kMaxPlaintextSize bytes of plaintext, else record_overflow; buffer_too_small.
  // record_sequence_exhausted before a sequence number would repeat (T08).
  Result<std::size_t> seal(ContentType type, Bytes plaintext, crypto::Random random, MutBytes out);
  // Opens in place. bad_record_mac; record_overflow if more than kMaxPlaintextSize bytes were inside. The
  // first error clears the keys: nobody gets a second try.
  Result<OpenedFragment> open(ContentType type, MutBytes fragment);

 private:
  friend struct ProtectionAccess;  // tests set the sequence number

  const RecordCipher* cipher_ = nullptr;
  std::uint64_t sequence_ = 0;
  std::uint16_t epoch_ = 0;
  bool dead_ = false;
  alignas(64) std::uint8_t state_[kCipherStateCapacity];
};

}  // namespace ashlar::tls
