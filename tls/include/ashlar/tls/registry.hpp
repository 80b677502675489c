// SPDX-License-Identifier: Apache-2.0
// The numbers of TLS. For each number that Ashlar speaks there is one row with everything specific to it. A
// row is reached only through a policy (policy.hpp), so the linker drops the rows that no policy names.
//
// Rows are not copied. Ashlar's live as long as the program. A caller's own row, and the texts in it, must
// outlive every policy and every connection that uses it. The texts that name() returns live as long as the
// program. The arguments of a row's functions are valid during the call only.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/aead.hpp>
#include <ashlar/crypto/hash.hpp>
#include <ashlar/crypto/random.hpp>
#include <ashlar/x509/keys.hpp>

namespace ashlar::crypto {
struct FfdheGroup;
}  // namespace ashlar::crypto

namespace ashlar::tls {

// Enumerations hold the wire value; values without a name are valid and mean "unknown here".
enum class ContentType : std::uint8_t {
  change_cipher_spec = 20,
  alert = 21,
  handshake = 22,
  application_data = 23
};
// As on the wire.
enum class ProtocolVersion : std::uint16_t {
  ssl30 = 0x0300,
  tls10 = 0x0301,
  tls11 = 0x0302,
  tls12 = 0x0303,
  tls13 = 0x0304
};
enum class AlertLevel : std::uint8_t { warning = 1, fatal = 2 };  // RFC 5246 §7.2
enum class HandshakeType : std::uint8_t {                         // RFC 5246 §7.4, RFC 9846 §4
  hello_request = 0,
  client_hello = 1,
  server_hello = 2,
  new_session_ticket = 4,
  end_of_early_data = 5,
  encrypted_extensions = 8,
  certificate = 11,
  server_key_exchange = 12,
  certificate_request = 13,
  server_hello_done = 14,
  certificate_verify = 15,
  client_key_exchange = 16,
  finished = 20,
  certificate_status = 22,
  key_update = 24,
  compressed_certificate = 25,  // RFC 8879
};
enum class ExtensionType : std::uint16_t {  // IANA's registry of extensions
  server_name = 0,
  max_fragment_length = 1,
  status_request = 5,
  supported_groups = 10,
  ec_point_formats = 11,
  signature_algorithms = 13,
  application_layer_protocol_negotiation = 16,
  signed_certificate_timestamp = 18,
  client_certificate_type = 19,
  server_certificate_type = 20,
  encrypt_then_mac = 22,
  extended_master_secret = 23,
  compress_certificate = 27,
  record_size_limit = 28,
  session_ticket = 35,
  pre_shared_key = 41,
  early_data = 42,
  supported_versions = 43,
  cookie = 44,
  psk_key_exchange_modes = 45,
  certificate_authorities = 47,
  signature_algorithms_cert = 50,
  key_share = 51,
  ticket_request = 58,
  renegotiation_info = 0xff01,
};
// What a side shows to say who it is: a chain of certificates, or a key without any (RFC 7250).
enum class CertificateType : std::uint8_t { x509 = 0, raw_public_key = 2 };
enum class SuiteId : std::uint16_t {};  // IANA's registry of cipher suites
enum class GroupId : std::uint16_t {
  secp256r1 = 23,
  secp384r1 = 24,
  secp521r1 = 25,
  x25519 = 29,
  x448 = 30,
  ffdhe2048 = 256,
  ffdhe3072 = 257,
  ffdhe4096 = 258,
  mlkem512 = 512,
  mlkem768 = 513,
  mlkem1024 = 514,
  secp256r1mlkem768 = 4587,
  x25519mlkem768 = 4588,
  secp384r1mlkem1024 = 4589
};                                                             // IANA's registry
enum class SchemeId : std::uint16_t {};                        // IANA's registry of signature schemes
inline constexpr SuiteId kEmptyRenegotiationInfoScsv{0x00ff};  // RFC 5746 §3.3
inline constexpr SuiteId kFallbackScsv{0x5600};                // RFC 7507

// Names as the RFCs write them; "unknown" for values without one. For traces and messages.
std::string_view name(ContentType type);
std::string_view name(ProtocolVersion version);
std::string_view name(HandshakeType type);
std::string_view name(ExtensionType type);
std::string_view name(GroupId group);
std::string_view name(CertificateType type);
std::string_view name(SchemeId scheme);
std::string_view name(Alert alert);

// The kinds of keys that authenticate, numbered as ClientCertificateType has them (RFC 5246 §7.4.4, RFC 8422
// §5.5); psk: a pre-shared key, and no certificate.
enum class Authentication : std::uint8_t { psk = 0, rsa = 1, ecdsa = 64 };

// How records are protected under a suite; see record/cipher.hpp.
struct RecordCipher;

// The part of a cipher suite that all versions of TLS share.
struct CipherSuite {
  SuiteId id;
  std::string_view name;          // IANA's
  std::string_view openssl_name;  // what command lines of other programs call it
  const RecordCipher* cipher;
  const crypto::HashAlgorithm* hash;  // of key derivation, and of the handshake messages
  std::string_view legacy = {};       // why it is for old peers only; empty: it is not
};

namespace tls12 {

// How the premaster secret is made; see tls12/key_exchange.hpp.
struct KeyExchange;

// A suite of TLS 1.2 names its key exchange too.
struct Suite : CipherSuite {
  const KeyExchange* key_exchange;
};

}  // namespace tls12

namespace tls13 {

// A suite of TLS 1.3 is a cipher and a hash (RFC 9846 Appendix B.4).
struct Suite : CipherSuite {};

}  // namespace tls13

extern const tls13::Suite kAes128GcmSha256;         // 1301
extern const tls13::Suite kAes256GcmSha384;         // 1302
extern const tls13::Suite kChaCha20Poly1305Sha256;  // 1303
extern const tls13::Suite kAes128CcmSha256;         // 1304: for own policies, as is the next
extern const tls13::Suite kAes128Ccm8Sha256;        // 1305

extern const tls12::Suite kEcdheRsaAes128GcmSha256;     // c02f
extern const tls12::Suite kEcdheRsaAes256GcmSha384;     // c030
extern const tls12::Suite kEcdheEcdsaAes128GcmSha256;   // c02b
extern const tls12::Suite kEcdheEcdsaAes256GcmSha384;   // c02c
extern const tls12::Suite kEcdheRsaChaCha20Poly1305;    // cca8
extern const tls12::Suite kEcdheEcdsaChaCha20Poly1305;  // cca9
extern const tls12::Suite kEcdheEcdsaAes128Ccm;         // c0ac
extern const tls12::Suite kEcdheEcdsaAes256Ccm;         // c0ad
extern const tls12::Suite kEcdheEcdsaAes128Ccm8;        // c0ae
extern const tls12::Suite kEcdheEcdsaAes256Ccm8;        // c0af
extern const tls12::Suite kEcdheEcdsaAes128CbcSha;      // c009
extern const tls12::Suite kEcdheEcdsaAes256CbcSha;      // c00a
extern const tls12::Suite kEcdheEcdsaAes128CbcSha256;   // c023
extern const tls12::Suite kEcdheEcdsaAes256CbcSha384;   // c024
extern const tls12::Suite kEcdheRsaAes128CbcSha;        // c013
extern const tls12::Suite kEcdheRsaAes256CbcSha;        // c014
extern const tls12::Suite kEcdheRsaAes128CbcSha256;     // c027
extern const tls12::Suite kEcdheRsaAes256CbcSha384;     // c028
extern const tls12::Suite kDheRsaAes128GcmSha256;       // 009e
extern const tls12::Suite kDheRsaAes256GcmSha384;       // 009f
extern const tls12::Suite kDheRsaChaCha20Poly1305;      // ccaa
extern const tls12::Suite kDheRsaAes128Ccm;             // c09e
extern const tls12::Suite kDheRsaAes256Ccm;             // c09f
extern const tls12::Suite kDheRsaAes128Ccm8;            // c0a2
extern const tls12::Suite kDheRsaAes256Ccm8;            // c0a3
extern const tls12::Suite kDheRsaAes128CbcSha;          // 0033
extern const tls12::Suite kDheRsaAes256CbcSha;          // 0039
extern const tls12::Suite kDheRsaAes128CbcSha256;       // 0067
extern const tls12::Suite kDheRsaAes256CbcSha256;       // 006b
extern const tls12::Suite kRsaAes128GcmSha256;          // 009c
extern const tls12::Suite kRsaAes256GcmSha384;          // 009d
extern const tls12::Suite kRsaAes128Ccm;                // c09c
extern const tls12::Suite kRsaAes256Ccm;                // c09d
extern const tls12::Suite kRsaAes128Ccm8;               // c0a0
extern const tls12::Suite kRsaAes256Ccm8;               // c0a1
extern const tls12::Suite kRsaAes128CbcSha;             // 002f: mandatory in TLS 1.2 (RFC 5246 §9)
extern const tls12::Suite kRsaAes256CbcSha;             // 0035
extern const tls12::Suite kRsaAes128CbcSha256;          // 003c
extern const tls12::Suite kRsaAes256CbcSha256;          // 003d
extern const tls12::Suite kEcdhePskAes128GcmSha256;     // d001
extern const tls12::Suite kEcdhePskAes256GcmSha384;     // d002
extern const tls12::Suite kEcdhePskChaCha20Poly1305;    // ccac
extern const tls12::Suite kDhePskAes128GcmSha256;       // 00aa
extern const tls12::Suite kDhePskAes256GcmSha384;       // 00ab
extern const tls12::Suite kDhePskChaCha20Poly1305;      // ccad
extern const tls12::Suite kPskAes128GcmSha256;          // 00a8
extern const tls12::Suite kPskAes256GcmSha384;          // 00a9
extern const tls12::Suite kPskChaCha20Poly1305;         // ccab
extern const tls12::Suite kEcdhePskAes128CbcSha;        // c035
extern const tls12::Suite kEcdhePskAes256CbcSha;        // c036
extern const tls12::Suite kPskAes128CbcSha;             // 008c
extern const tls12::Suite kPskAes256CbcSha;             // 008d

// Bounds for all groups: a share of SecP384r1MLKEM1024, a secret of ffdhe4096.
inline constexpr std::size_t kMaxShareSize = 1665;
inline constexpr std::size_t kMaxSharedSecretSize = 512;

// A group is a KEM. One side starts: it makes a private key and a share. The other side responds with its own
// share and then has the secret. The first side finishes with that share and has it too. In TLS 1.3 the
// client starts. In TLS 1.2 the server starts, and only groups with two shares of one size are used. Sizes
// are in bytes. Outputs must have exactly the sizes of the row (else invalid_argument).
struct Group {
  GroupId id;
  std::string_view name;
  std::size_t start_share_size;
  std::size_t response_share_size;
  std::size_t secret_size;
  std::size_t private_size;  // of what `start` keeps for `finish`
  Result<void> (*start)(crypto::Random random, MutBytes private_key, MutBytes share);
  // Checks the peer's share: its size, that it is on the curve, that the result is not all zero.
  Result<void> (*respond)(crypto::Random random, Bytes peer_share, MutBytes share, MutBytes secret);
  Result<void> (*finish)(Bytes private_key, Bytes peer_share, MutBytes secret);
  // A group whose start is part of this one's: where its share lies in this one's share, and its private key
  // in this one's. A client that offers both makes one key for them. Null: none.
  const Group* part = nullptr;
  std::size_t part_share_at = 0;
  std::size_t part_private_at = 0;
  // Where the part lies in this one's response and secret, and what `respond` does beside it. So a server can
  // do the part for several clients at once.
  std::size_t part_response_at = 0;
  std::size_t part_secret_at = 0;
  Result<void> (*respond_beside)(crypto::Random random, Bytes peer_share, MutBytes share,
                                 MutBytes secret) = nullptr;
  // Of a group of RFC 7919, which TLS 1.2 names by its prime. Null: over a curve, or a hybrid.
  const crypto::FfdheGroup* finite_field = nullptr;
};
extern const Group kX25519;     // RFC 8422 §5.1.1
extern const Group kX448;       // RFC 8422 §5.1.1
extern const Group kSecp256r1;  // RFC 8422 §5.1.1
extern const Group kSecp384r1;  // RFC 8422 §5.1.1
extern const Group kSecp521r1;  // RFC 8422 §5.1.1
extern const Group kFfdhe2048;  // RFC 7919 §A.1
extern const Group kFfdhe3072;  // RFC 7919 §A.2
extern const Group kFfdhe4096;  // RFC 7919 §A.3
// ML-KEM beside a curve (RFC 10024), for TLS 1.3 alone: TLS 1.2 passes them over.
extern const Group kX25519MlKem768;
extern const Group kSecp256r1MlKem768;
extern const Group kSecp384r1MlKem1024;
// ML-KEM alone (draft-ietf-tls-mlkem), for TLS 1.3 alone: no named policy has it. If ML-KEM falls, so does
// what was said under such a group; a hybrid group stands as long as its curve does.
extern const Group kMlKem512;
extern const Group kMlKem768;
extern const Group kMlKem1024;

enum class CertificateCompressionId : std::uint16_t { zlib = 1, brotli = 2, zstd = 3 };  // RFC 8879 §7.3
// How certificates are compressed in TLS 1.3, as one row (RFC 8879). Ashlar has no such algorithm itself:
// ashlar/posix/zlib.hpp, brotli.hpp and zstd.hpp make rows of the libraries of these names. No named policy
// has a row.
struct CertificateCompression {
  CertificateCompressionId id;
  std::string_view name;  // "zlib", …
  // Writes `in` to the beginning of `out`, compressed, and returns that part. An error, such as one of too
  // little room: it is sent as it is. Null: what comes can be read, and nothing is compressed.
  Result<Bytes> (*compress)(Bytes in, MutBytes out);
  // Fills `out`. It has the length that the peer named, 128 KiB at most. An error unless `in` is whole and
  // becomes just that.
  Result<void> (*decompress)(Bytes in, MutBytes out);
};

struct Scheme {  // a signature scheme, as one row
  SchemeId id;
  std::string_view name;  // "rsa_pss_rsae_sha256", …
  const x509::SignatureAlgorithm* algorithm;
  // Whether TLS 1.3 has it for handshake signatures; in certificates it may stand all the same.
  bool in_tls13 = true;
  // The curve that the key must be on in TLS 1.3 (RFC 9846 §4.2.3); TLS 1.2 leaves it open. 0: no curve.
  GroupId curve_in_tls13{};
  // The algorithm of its keys, where the signature algorithm has keys of two (RFC 9846 §4.2.3). Empty: it has
  // not.
  asn1::Oid key_algorithm = {};

  // Whether keys of this kind sign by it.
  bool fits(const x509::KeyKind& kind) const {
    return algorithm->fits(kind) && (key_algorithm.size == 0 || key_algorithm.is(kind.algorithm));
  }
};
extern const Scheme kEcdsaSecp256r1Sha256;  // 0403
extern const Scheme kEcdsaSecp384r1Sha384;  // 0503
extern const Scheme kEcdsaSecp521r1Sha512;  // 0603
extern const Scheme kRsaPssRsaeSha256;      // 0804
extern const Scheme kRsaPssRsaeSha384;      // 0805
extern const Scheme kRsaPssRsaeSha512;      // 0806
extern const Scheme kRsaPssPssSha256;       // 0809: of keys that are for RSASSA-PSS alone; the policy
extern const Scheme kRsaPssPssSha384;       // 080a: `compat` has these three
extern const Scheme kRsaPssPssSha512;       // 080b
extern const Scheme kRsaPkcs1Sha256;        // 0401
extern const Scheme kRsaPkcs1Sha384;        // 0501
extern const Scheme kRsaPkcs1Sha512;        // 0601
extern const Scheme kEd25519;               // 0807: signs messages; in TLS 1.2 only servers can use it
extern const Scheme kEd448;                 // 0808: the same; no named policy has it
// ML-DSA (draft-ietf-tls-mldsa), for TLS 1.3 alone: TLS 1.2 has no ClientCertificateType for such keys. No
// named policy has them.
extern const Scheme kMlDsa44;  // 0904
extern const Scheme kMlDsa65;  // 0905
extern const Scheme kMlDsa87;  // 0906

}  // namespace ashlar::tls
