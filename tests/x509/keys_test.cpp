// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/der.hpp>
#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/asn1/pem.hpp>
#include <ashlar/x509/keys.hpp>

#include <algorithm>

#include "catch.hpp"
#include "support/bytes.hpp"
#include "support/command.hpp"
#include "support/describe.hpp"
#include "support/skip.hpp"
#include "support/test_keys.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using ashlar::test::Buffer;
using ashlar::test::unhex;

namespace {

ErrorCode error_of(const Result<PrivateKey>& key) {
  return key ? ErrorCode{} : key.error().code;
}
ErrorCode error_of(const Result<PublicKey>& key) {
  return key ? ErrorCode{} : key.error().code;
}

Buffer as_pkcs8(const PrivateKey& key) {
  Buffer der(kMaxPrivateKeySize);
  auto written = key.write_pkcs8(der);
  REQUIRE(written);
  der.resize(written->size());
  return der;
}

Buffer spki(const PublicKey& key) {
  Buffer der(kMaxSpkiSize);
  auto written = key.write_spki(der);
  REQUIRE(written);
  der.resize(written->size());
  return der;
}

std::string pem(std::string_view label, Bytes der) {
  std::string text(asn1::pem_encoded_size(label, der.size()), '?');
  REQUIRE(asn1::write_pem(label, der, text));
  return text;
}

// The bytes of `der` with `from` replaced by `to`, of the same length.
Buffer replaced(Buffer der, std::string_view from, std::string_view to) {
  const Buffer old_bytes = unhex(from), new_bytes = unhex(to);
  REQUIRE(old_bytes.size() == new_bytes.size());
  const auto at = std::search(der.begin(), der.end(), old_bytes.begin(), old_bytes.end());
  REQUIRE(at != der.end());
  std::copy(new_bytes.begin(), new_bytes.end(), at);
  return der;
}

}  // namespace

TEST_CASE("keys: PKCS#8 and SPKI are read back as written", "[x509]") {
  for (const PrivateKey* key :
       {&test::rsa2048_key(), &test::p256_key(), &test::p384_key(), &test::p521_key(), &test::ed25519_key(),
        &test::ed448_key(), &test::mldsa_key(44), &test::mldsa_key(65), &test::mldsa_key(87)}) {
    const Buffer der = as_pkcs8(*key);
    auto read = PrivateKey::parse_der(der);
    REQUIRE(read);
    CHECK(&read->kind() == &key->kind());
    CHECK(read->public_key().equals(key->public_key()));
    CHECK_BYTES(as_pkcs8(*read), der);
    auto from_pem = PrivateKey::parse_pem("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n" +
                                          pem("PRIVATE KEY", der));
    REQUIRE(from_pem);
    CHECK_BYTES(as_pkcs8(*from_pem), der);

    const Buffer public_der = spki(key->public_key());
    auto public_key = PublicKey::parse_spki(public_der, kAllKeys.kinds);
    REQUIRE(public_key);
    CHECK(public_key->equals(key->public_key()));
    CHECK_BYTES(spki(*public_key), public_der);
  }
  CHECK(!test::rsa2048_key().public_key().equals(test::p256_key().public_key()));
  CHECK(test::rsa2048_key().public_key().bits() == 2048);
  CHECK(test::p256_key().public_key().bits() == 256);
  CHECK(test::p384_key().public_key().bits() == 384);
  CHECK(test::p521_key().public_key().bits() == 521);
  CHECK(test::ed25519_key().public_key().bits() == 255);
  CHECK(test::ed448_key().public_key().bits() == 448);
}

TEST_CASE("keys: Ed448 keys are read and written as RFC 8410 says", "[x509]") {
  // RFC 8032 §7.4, the first key.
  const std::string seed =
      "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e75"
      "49a20098f95b";
  const std::string point =
      "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1a"
      "beafe8256180";
  const Buffer private_der = unhex("3047020100300506032b6571043b0439" + seed);
  const Buffer public_der = unhex("3043300506032b6571033a00" + point);
  const auto key = PrivateKey::parse_der(private_der);
  REQUIRE(key);
  CHECK_BYTES(as_pkcs8(*key), private_der);
  CHECK_BYTES(spki(key->public_key()), public_der);
  CHECK(PublicKey::parse_spki(public_der, kAllKeys.kinds)->equals(key->public_key()));
  // The usual keys do not have it.
  CHECK(error_of(PublicKey::parse_spki(public_der, kUsualKeys.kinds)) == ErrorCode::unsupported_key);
  const auto of_size = [&](std::size_t size) {
    const std::string bytes = (point + "00").substr(0, 2 * size);
    const auto length = [](std::size_t n) {
      const std::uint8_t byte = static_cast<std::uint8_t>(n);
      return test::hex(Bytes(&byte, 1));
    };
    return error_of(PublicKey::parse_spki(
        unhex("30" + length(size + 10) + "300506032b657103" + length(size + 1) + "00" + bytes),
        kAllKeys.kinds));
  };
  CHECK(of_size(57) == ErrorCode{});
  for (const std::size_t size : {0u, 32u, 56u, 58u}) {
    CHECK(of_size(size) == ErrorCode::bad_point_encoding);
  }
  CHECK(error_of(PublicKey::parse_spki(unhex("3045300706032b65710500033a00" + point), kAllKeys.kinds)) ==
        ErrorCode::bad_algorithm_parameters);
  // y = p, and bits above the sign.
  CHECK(error_of(PublicKey::parse_spki(
            unhex("3043300506032b6571033a00" + std::string(56, 'f') + "fe" + std::string(54, 'f') + "00"),
            kAllKeys.kinds)) == ErrorCode::point_not_on_curve);
  CHECK(error_of(PublicKey::parse_spki(replaced(public_der, "6180", "6181"), kAllKeys.kinds)) ==
        ErrorCode::point_not_on_curve);
  CHECK(error_of(PrivateKey::parse_der(unhex("3046020100300506032b6571043a0438" + seed.substr(2)))) ==
        ErrorCode::bad_ec_private_key);
  CHECK(error_of(PrivateKey::parse_der(unhex("3048020100300506032b6571043c043a00" + seed))) ==
        ErrorCode::bad_ec_private_key);
}

TEST_CASE("keys: RFC 8410's Ed25519 keys are read and written", "[x509]") {
  // §10.3 and §10.1
  const Buffer private_der = unhex(
      "302e020100300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842");
  const Buffer public_der =
      unhex("302a300506032b657003210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
  const auto key = PrivateKey::parse_der(private_der);
  REQUIRE(key);
  CHECK_BYTES(as_pkcs8(*key), private_der);
  CHECK_BYTES(spki(key->public_key()), public_der);
  CHECK(PublicKey::parse_spki(public_der, kAllKeys.kinds)->equals(key->public_key()));
  // §10.3, with the public key beside it.
  const Buffer both = unhex(
      "3051020101300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"
      "81210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
  CHECK(PrivateKey::parse_der(both));
  CHECK(error_of(PrivateKey::parse_der(replaced(both, "0019bf44", "0019bf45"))) ==
        ErrorCode::bad_ec_private_key);
  // Without parameters, not with NULL; 32 bytes; the canonical encoding of a point.
  CHECK(error_of(PublicKey::parse_spki(
            unhex("302c300706032b65700500032100" + test::hex(Bytes(public_der).subspan(12))),
            kAllKeys.kinds)) == ErrorCode::bad_algorithm_parameters);
  CHECK(error_of(PublicKey::parse_spki(
            unhex("3029300506032b6570032000" + test::hex(Bytes(public_der).subspan(13))), kAllKeys.kinds)) ==
        ErrorCode::bad_point_encoding);
  CHECK(error_of(PublicKey::parse_spki(unhex("302a300506032b6570032100ee" + std::string(60, 'f') + "7f"),
                                       kAllKeys.kinds)) == ErrorCode::point_not_on_curve);
  CHECK(error_of(PrivateKey::parse_der(
            unhex("302d020100300506032b65700421041f" + test::hex(Bytes(private_der).subspan(17))))) ==
        ErrorCode::bad_ec_private_key);
}

TEST_CASE("keys: PKCS#1 and SEC 1 hold the same keys", "[x509]") {
  // The contents of PKCS#8's OCTET STRING. An EC key then needs its curve.
  const Buffer rsa = as_pkcs8(test::rsa2048_key());
  asn1::DerReader rsa_input(rsa);
  auto rsa_info = rsa_input.sequence();
  REQUIRE(rsa_info->small_integer());
  REQUIRE(rsa_info->sequence());
  const Bytes pkcs1 = *rsa_info->octet_string();
  auto read = PrivateKey::parse_der(pkcs1);
  REQUIRE(read);
  CHECK_BYTES(as_pkcs8(*read), rsa);
  CHECK(PrivateKey::parse_pem(pem("RSA PRIVATE KEY", pkcs1)));

  const std::string scalar = test::hex(test::p256_scalar(test::p256_key()).reveal());
  const Buffer bare = unhex("30310201010420" + scalar + "a00a06082a8648ce3d030107");
  auto sec1 = PrivateKey::parse_der(bare);
  REQUIRE(sec1);
  CHECK(sec1->public_key().equals(test::p256_key().public_key()));
  CHECK(PrivateKey::parse_pem(pem("EC PRIVATE KEY", bare)));
  // Without its curve it could be on any curve.
  CHECK(error_of(PrivateKey::parse_der(unhex("30250201010420" + scalar))) == ErrorCode::bad_ec_private_key);
}

TEST_CASE("A16 keys: private keys with wrong versions, sizes, curves and public keys are refused", "[x509]") {
  const std::string scalar = test::hex(test::p256_scalar(test::p256_key()).reveal());
  const std::string curve = "a00a06082a8648ce3d030107";
  const auto read = [](const std::string& hex) { return error_of(PrivateKey::parse_der(unhex(hex))); };
  CHECK(read("30310201010420" + scalar + curve) == ErrorCode{});
  CHECK(read("30310201020420" + scalar + curve) == ErrorCode::bad_ec_private_key);
  CHECK(read("3030020101041f" + scalar.substr(2) + curve) == ErrorCode::bad_ec_private_key);
  CHECK(read("3032020101042100" + scalar + curve) == ErrorCode::bad_ec_private_key);
  CHECK(read("302e0201010420" + scalar + "a00706052b81040022") == ErrorCode::bad_ec_private_key);
  CHECK(read("302e0201010420" + scalar + "a00706052b8104000a") == ErrorCode::unsupported_key);
  CHECK(read("302b0201010420" + scalar +
             "a0043002"
             "0500") == ErrorCode::explicit_curve_parameters);
  CHECK(read("30310201010420" + std::string(64, '0') + curve) == ErrorCode::scalar_out_of_range);
  CHECK(read("30310201010420" + std::string(64, 'f') + curve) == ErrorCode::scalar_out_of_range);
  CHECK(read("30310201010420" + scalar + curve + "00") == ErrorCode::trailing_data);

  const Buffer good = as_pkcs8(test::p256_key());
  Buffer other_public = good;
  other_public.back() ^= 1;
  CHECK(error_of(PrivateKey::parse_der(other_public)) == ErrorCode::bad_ec_private_key);
  CHECK(error_of(PrivateKey::parse_der(replaced(good, "020100", "020102"))) ==
        ErrorCode::bad_private_key_version);
  CHECK(error_of(PrivateKey::parse_der(replaced(good, "06082a8648ce3d030107", "06082a8648ce3d030106"))) ==
        ErrorCode::unsupported_key);

  const Buffer rsa = as_pkcs8(test::rsa2048_key());
  Buffer flipped = rsa;
  flipped[rsa.size() - 3] ^= 1;
  CHECK(error_of(PrivateKey::parse_der(flipped)) == ErrorCode::inconsistent_rsa_key);
  CHECK(error_of(PrivateKey::parse_der(
            replaced(rsa, "06092a864886f70d0101010500", "06092a864886f70d0101010400"))) ==
        ErrorCode::bad_algorithm_parameters);
}

TEST_CASE("A16 keys: OneAsymmetricKey with its public key, one rule broken at a time", "[x509]") {
  const Secret<32> kept = test::p256_scalar(test::p256_key());
  const Bytes scalar = kept.reveal();
  std::uint8_t point[65];
  REQUIRE(test::p256_key().public_key().write_bits(point));
  const Buffer own = test::buffer_of(Bytes(point)), others = [] {
    Buffer other(65);
    REQUIRE(test::p256_key(2).public_key().write_bits(other));
    return other;
  }();
  struct Parts {
    std::uint32_t version = 1;
    std::optional<Buffer> public_key;
    std::string_view curve = "06082a8648ce3d030107";
    std::string_view behind_curve = "";
    std::uint32_t inner_version = 1;
    std::string_view behind_inner = "";
    std::string_view attributes = "";
    std::string_view behind = "";
  };
  const auto read = [&](const Parts& parts) {
    Buffer out(512);
    asn1::DerWriter w(out);
    {
      const auto key = w.sequence();
      w.small_integer(parts.version);
      {
        const auto algorithm = w.sequence();
        w.oid(asn1::oid("1.2.840.10045.2.1"));
        w.raw(unhex(parts.curve));
        w.raw(unhex(parts.behind_curve));
      }
      {
        const auto content = w.octet_string_scope();
        {
          const auto inner = w.sequence();
          w.small_integer(parts.inner_version);
          w.octet_string(scalar);
        }
        w.raw(unhex(parts.behind_inner));
      }
      w.raw(unhex(parts.attributes));
      if (parts.public_key) {
        w.bit_string(*parts.public_key, asn1::context(1));
      }
      w.raw(unhex(parts.behind));
    }
    const auto written = w.finish();
    REQUIRE(written);
    return error_of(PrivateKey::parse_der(*written));
  };
  CHECK(read({1, own}) == ErrorCode{});
  CHECK(read({0, {}}) == ErrorCode{});
  CHECK(read({1, {}}) == ErrorCode{});
  CHECK(read({0, own}) == ErrorCode::bad_private_key_version);
  CHECK(read({2, own}) == ErrorCode::bad_private_key_version);
  CHECK(read({2, {}}) == ErrorCode::bad_private_key_version);
  CHECK(read({1, others}) == ErrorCode::bad_ec_private_key);
  Buffer longer = own;
  longer.push_back(0);
  CHECK(read({1, longer}) == ErrorCode::bad_ec_private_key);
  Parts parts;
  parts.behind_curve = "0500";
  CHECK(read(parts) == ErrorCode::trailing_data);
  parts = {};
  parts.behind_inner = "0500";
  CHECK(read(parts) == ErrorCode::trailing_data);
  parts = {};
  parts.inner_version = 0;
  CHECK(read(parts) == ErrorCode::bad_ec_private_key);
  parts = {};
  parts.behind = "0500";
  CHECK(read(parts) == ErrorCode::trailing_data);
  parts = {};
  parts.attributes = "a000";
  CHECK(read(parts) == ErrorCode{});
  parts.attributes = "a0020000";
  CHECK(read(parts) == ErrorCode::der_bad_tag);
}

TEST_CASE("keys: kinds that are not ours are told as that, whatever is in them", "[x509]") {
  // X25519 (RFC 8410 §7): no SEQUENCE inside, unlike RSA and EC.
  const Buffer x25519 = unhex("302e020100300506032b656e04220420" + std::string(64, '1'));
  CHECK(error_of(PrivateKey::parse_der(x25519)) == ErrorCode::unsupported_key);
  // A set of kinds accepts no other kind.
  constexpr const PrivateKeyKind* kOnlyRsa[] = {&kRsaPrivate};
  const Buffer p256 = as_pkcs8(test::p256_key());
  CHECK(PrivateKey::parse_der(p256, kOnlyRsa).error() == ErrorCode::unsupported_key);
  constexpr const KeyKind* kOnlyP384[] = {&kP384};
  CHECK(error_of(PublicKey::parse_spki(spki(test::p256_key().public_key()), kOnlyP384)) ==
        ErrorCode::unsupported_key);
  CHECK(error_of(PublicKey::parse_spki(spki(test::rsa2048_key().public_key()), kOnlyP384)) ==
        ErrorCode::unsupported_key);
}

TEST_CASE("keys: encrypted keys and texts without a key say so", "[x509]") {
  const auto read = [](std::string_view text) { return error_of(PrivateKey::parse_pem(text)); };
  CHECK(read("") == ErrorCode::no_private_key);
  CHECK(read("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n") == ErrorCode::no_private_key);
  CHECK(read("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n") ==
        ErrorCode::key_encrypted);
  CHECK(read("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
             "-----END RSA PRIVATE KEY-----\n") == ErrorCode::unsupported_key_encryption);
  CHECK(read("-----BEGIN OPENSSH PRIVATE KEY-----\nAA==\n-----END OPENSSH PRIVATE KEY-----\n") ==
        ErrorCode::unsupported_key);
  CHECK(error_of(PrivateKey::parse_der(unhex("30093003060129"
                                             "04020000"))) == ErrorCode::key_encrypted);
}

TEST_CASE("X15 keys: curves have names, and no other parameters", "[x509]") {
  const Buffer good = spki(test::p256_key().public_key());
  const std::string point = test::hex(Bytes(good).last(65));
  const auto read = [&](const std::string& parameters) {
    std::string algorithm = "06072a8648ce3d0201" + parameters;
    const auto length = [](std::size_t size) {
      const std::uint8_t byte = static_cast<std::uint8_t>(size);
      return test::hex(Bytes(&byte, 1));
    };
    algorithm = "30" + length(algorithm.size() / 2) + algorithm;
    const std::string key = algorithm + "034200" + point;
    return error_of(PublicKey::parse_spki(unhex("30" + length(key.size() / 2) + key), kAllKeys.kinds));
  };
  CHECK(read("06082a8648ce3d030107") == ErrorCode{});
  CHECK(read("") == ErrorCode::bad_algorithm_parameters);
  CHECK(read("0500") == ErrorCode::bad_algorithm_parameters);
  CHECK(read("3003020101") == ErrorCode::explicit_curve_parameters);
  CHECK(read("06052b8104000a") == ErrorCode::unsupported_key);
  CHECK(read("06082a8648ce3d030101") == ErrorCode::unsupported_key);
}

TEST_CASE("X16 keys: RSA keys have NULL parameters, 2048 bits and more, an odd exponent", "[x509]") {
  const Buffer good = spki(test::rsa2048_key().public_key());
  CHECK(error_of(PublicKey::parse_spki(good, kAllKeys.kinds)) == ErrorCode{});
  CHECK(error_of(PublicKey::parse_spki(replaced(good, "0203010001", "0203010000"), kAllKeys.kinds)) ==
        ErrorCode::bad_rsa_exponent);
  CHECK(error_of(PublicKey::parse_spki(replaced(good, "0203010001", "0203810001"), kAllKeys.kinds)) ==
        ErrorCode::der_integer_negative);
  CHECK(error_of(PublicKey::parse_spki(replaced(good, "0203010001", "0203000001"), kAllKeys.kinds)) ==
        ErrorCode::der_integer_not_minimal);
  CHECK(error_of(PublicKey::parse_spki(
            replaced(good, "06092a864886f70d0101010500", "06092a864886f70d0101010400"), kAllKeys.kinds)) ==
        ErrorCode::bad_algorithm_parameters);
  Buffer long_one = good;
  long_one.push_back(0);
  CHECK(error_of(PublicKey::parse_spki(long_one, kAllKeys.kinds)) == ErrorCode::trailing_data);
}

TEST_CASE("keys: signatures verify, and only with their key, message and algorithm", "[x509]") {
  struct Row {
    const PrivateKey* key;
    const SignatureAlgorithm* algorithm;
  };
  const Row rows[] = {{&test::rsa2048_key(), &kRsaPkcs1Sha256}, {&test::rsa2048_key(), &kRsaPkcs1Sha384},
                      {&test::rsa2048_key(), &kRsaPkcs1Sha512}, {&test::rsa2048_key(), &kRsaPssSha256},
                      {&test::p256_key(), &kEcdsaSha256},       {&test::p256_key(), &kEcdsaSha384},
                      {&test::p256_key(), &kEcdsaSha512},       {&test::p384_key(), &kEcdsaSha256},
                      {&test::p384_key(), &kEcdsaSha384},       {&test::p384_key(), &kEcdsaSha512},
                      {&test::p521_key(), &kEcdsaSha512},       {&test::ed25519_key(), &kEd25519Signature},
                      {&test::ed448_key(), &kEd448Signature}};
  const Buffer message = test::noise(100);
  const Bytes whole[] = {message};
  const Bytes parts[] = {Bytes(message).first(33), Bytes(), Bytes(message).subspan(33)};
  for (const Row& row : rows) {
    INFO(row.algorithm->name);
    std::uint8_t storage[kMaxSignatureSize];
    auto signature = row.key->sign(*row.algorithm, parts, crypto::system_random(), storage);
    REQUIRE(signature);
    const PublicKey key = row.key->public_key();
    CHECK(key.verify(*row.algorithm, whole, *signature));
    CHECK(key.verify(*row.algorithm, parts, *signature));
    Buffer wrong = test::buffer_of(*signature);
    wrong[wrong.size() / 2] ^= 1;
    CHECK(key.verify(*row.algorithm, whole, wrong).error() == ErrorCode::bad_signature);
    const Bytes shorter[] = {Bytes(message).first(99)};
    CHECK(key.verify(*row.algorithm, shorter, *signature).error() == ErrorCode::bad_signature);
    const SignatureAlgorithm& other = kEcdsaSha256.fits(row.key->kind()) ? kRsaPkcs1Sha256 : kEcdsaSha256;
    CHECK(key.verify(other, whole, *signature).error() == ErrorCode::signature_algorithm_mismatch);
    CHECK(row.key->sign(other, whole, crypto::system_random(), storage).error() ==
          ErrorCode::signature_algorithm_mismatch);
    CHECK(row.key->sign(*row.algorithm, whole, crypto::system_random(), MutBytes(storage, 8)).error() ==
          ErrorCode::buffer_too_small);
    CHECK(key.verify_digest(*row.algorithm, Bytes(message).first(31), *signature).error() ==
          ErrorCode::invalid_argument);
  }
}

TEST_CASE("E01 keys: ECDSA-Sig-Value has one encoding", "[x509]") {
  const Buffer digest = test::noise(32);
  std::uint8_t storage[kMaxSignatureSize];
  const PublicKey key = test::p256_key().public_key();
  const auto refused = [&](const Buffer& signature) {
    return key.verify_digest(kEcdsaSha256, digest, signature).error() == ErrorCode::bad_signature;
  };
  auto made = test::p256_key().sign_digest(kEcdsaSha256, digest, crypto::system_random(), storage);
  REQUIRE(made);
  const Buffer good = test::buffer_of(*made);
  CHECK(key.verify_digest(kEcdsaSha256, digest, good));
  Buffer trailing = good;
  trailing.push_back(0);
  CHECK(refused(trailing));
  Buffer long_form = {0x30, 0x81, good[1]};
  long_form.insert(long_form.end(), good.begin() + 2, good.end());
  CHECK(refused(long_form));
  Buffer padded = {0x30, static_cast<std::uint8_t>(good[1] + 1), 0x02, static_cast<std::uint8_t>(good[3] + 1),
                   0};
  padded.insert(padded.end(), good.begin() + 4, good.end());
  CHECK(refused(padded));
  Buffer in_sequence = good;
  in_sequence[1]++;
  in_sequence.push_back(0);
  CHECK(refused(in_sequence));
  CHECK(refused({}));
  CHECK(refused(unhex("3006020100020100")));
  CHECK(refused(unhex("3006020101020100")));
  CHECK(refused(unhex("3006020100020101")));
  CHECK(refused(unhex("30060201ff020101")));
}

TEST_CASE("keys: openssl reads our keys, and we read its", "[x509]") {
  if (!test::has_program("openssl")) {
    SKIP_CASE("openssl is not installed");
  }
  for (const PrivateKey* key : {&test::rsa2048_key(), &test::p256_key(), &test::p384_key(),
                                &test::ed25519_key(), &test::ed448_key()}) {
    INFO(key->kind().name);
    const std::string ours = pem("PRIVATE KEY", as_pkcs8(*key));
    const std::string spki_pem = pem("PUBLIC KEY", spki(key->public_key()));
    CHECK(test::output_of("echo '" + ours + "' | openssl pkey -pubout 2>/dev/null") == spki_pem);
    // Ed25519 and Ed448 have no other form.
    const bool edwards = key == &test::ed25519_key() || key == &test::ed448_key();
    const std::string form = edwards ? "" : " -traditional";
    auto back =
        PrivateKey::parse_pem(test::output_of("echo '" + ours + "' | openssl pkey" + form + " 2>/dev/null"));
    REQUIRE(back);
    CHECK_BYTES(as_pkcs8(*back), as_pkcs8(*key));
    const std::string encrypted =
        test::output_of("echo '" + ours + "' | openssl pkcs8 -topk8 -passout pass:x 2>/dev/null");
    CHECK(error_of(PrivateKey::parse_pem(encrypted)) == ErrorCode::key_encrypted);
  }
}
