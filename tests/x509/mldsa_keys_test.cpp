// SPDX-License-Identifier: Apache-2.0
// ML-DSA keys in certificates and files (RFC 9881): its examples by their SHA-256, and what is malformed.
#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/crypto/mldsa_compact.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/certificate.hpp>
#include <ashlar/x509/keys.hpp>

#include <memory>
#include <optional>

#include "catch.hpp"
#include "support/bytes.hpp"
#include "support/describe.hpp"
#include "support/stack.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using ashlar::test::Buffer;
using ashlar::test::unhex;

namespace {

struct MlDsaRow {
  const PrivateKeyKind* kind;
  std::string_view oid;
  std::size_t public_size, expanded_size, signature_size;
  // SHA-256 of RFC 9881's examples in DER (§C.1 to §C.3), all of the seed 000102…1f: the three forms of the
  // private key, the public key, the certificate.
  std::string_view seed_form, expanded_form, both_form, spki, certificate;
  // The certificate's subjectKeyIdentifier.
  std::string_view identifier;
};
const MlDsaRow kMlDsaRows[] = {
    {&kMlDsa44Private, "11", 1312, 2560, 2420,
     "c823cb6a31172daa8af670a22c0f049af972bf1cb39a4a95971aa8c0c659dff4",
     "35cb529103b3a9ed502fecb438a671ff11bb05fb4afa99301d06240883a74106",
     "e355e29f28e537fcf3aff28354016415146d7f801a57136c241bb6e9addfaa30",
     "837832708c5236d951581f1fddf2b79991b3424a0486d16da1ddad0fd69701be",
     "9762ddd44288af89bde9213f63212e273815ebbe37f2ce918c496365b1382165",
     "329a07b1fabb48f52a309f11a1898f848e2322ff"},
    {&kMlDsa65Private, "12", 1952, 4032, 3309,
     "af965903772933b6acc59764f335fcad9b5c61cdab2b368eabf224e7c29e31ac",
     "fae10810e47ed4b41851065b40bb60547e816ebf31b0738b4ed4af57337706ec",
     "5259463f8ec68e21b8c179a7e49dba184fd24280080bd5bb78af94d7a2a0ac81",
     "b8b62131bfbe84433efb2273d7f5b87f7a22854a2cfd366fc2aead86d837c52d",
     "7bf5da6c6ee25c59abb6b3561c27092872fec9052bcb98a5aa94dfa806057bd2",
     "1b0563e3cd3346149c8c9ebcf23b0a4e5a900eea"},
    {&kMlDsa87Private, "13", 2592, 4896, 4627,
     "72cc4260a8d3d7622801ea98636123866d00e236d5f77221039c862325e02754",
     "8e2e40f141d1d6788d074de4124a744ee3106697ae6c01faccf855510079ecb3",
     "c71913419ea426e99da06330e3b06b2ab47448f1aff520479358e3cb71f5c1d6",
     "07e57c4f14dbad1267f621ec3777b4e2e6c4fbc4c22fbb87510ff8e0b3c6a642",
     "ee6db12f8b68b814a9ff912f6badb8299ea9baebf121fceffa60cf23d3b97e34",
     "89886750b57c24db3fc012e61ede59753337374f"},
};
const Buffer kRfcSeed = unhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

std::string sha256_of(Bytes data) {
  std::uint8_t digest[32];
  crypto::Hash(crypto::kSha256).update(data).finish(digest);
  return test::hex(digest);
}

template <const crypto::MlDsaSet& Set>
Buffer expanded_of(Bytes seed) {
  const auto key =
      std::make_unique<Result<crypto::MlDsaPrivateKey<Set>>>(crypto::MlDsaPrivateKey<Set>::from_seed(seed));
  REQUIRE(key->ok());
  return test::buffer_of((*key)->reveal());
}
Buffer expanded_of(const MlDsaRow& row, Bytes seed) {
  return row.expanded_size == 2560   ? expanded_of<crypto::kMlDsa44>(seed)
         : row.expanded_size == 4032 ? expanded_of<crypto::kMlDsa65>(seed)
                                     : expanded_of<crypto::kMlDsa87>(seed);
}

enum class Form { seed, expanded, both };

struct Shape {
  std::optional<Buffer> public_key = {};
  std::string_view behind_algorithm = "", behind_form = "", behind_fields = "";
};

Buffer mldsa_pkcs8(const MlDsaRow& row, Form form, Bytes seed, Bytes expanded, const Shape& shape = {}) {
  Buffer out(2 * kMaxPrivateKeySize);
  asn1::DerWriter w(out);
  {
    const auto key = w.sequence();
    w.small_integer(shape.public_key ? 1 : 0);
    {
      const auto algorithm = w.sequence();
      w.raw(unhex("06096086480165030403" + std::string(row.oid)));
      w.raw(unhex(shape.behind_algorithm));
    }
    {
      const auto content = w.octet_string_scope();
      if (form == Form::both) {
        const auto both = w.sequence();
        w.octet_string(seed);
        w.octet_string(expanded);
        w.raw(unhex(shape.behind_fields));
      } else if (form == Form::seed) {
        w.element(asn1::context(0), seed);
      } else {
        w.octet_string(expanded);
      }
      w.raw(unhex(shape.behind_form));
    }
    if (shape.public_key) {
      w.bit_string(*shape.public_key, asn1::context(1));
    }
  }
  const auto written = w.finish();
  REQUIRE(written);
  out.resize(written->size());
  return out;
}

Buffer mldsa_written(const PrivateKey& key) {
  Buffer der(kMaxPrivateKeySize);
  const auto written = key.write_pkcs8(der);
  REQUIRE(written);
  der.resize(written->size());
  return der;
}

Buffer mldsa_spki(const PublicKey& key) {
  Buffer der(kMaxSpkiSize);
  const auto written = key.write_spki(der);
  REQUIRE(written);
  der.resize(written->size());
  return der;
}

ErrorCode mldsa_error(Bytes der) {
  const auto key = PrivateKey::parse_der(der);
  return key ? ErrorCode{} : key.error().code;
}

Buffer resized(Buffer bytes, std::size_t size) {
  bytes.resize(size);
  return bytes;
}

}  // namespace

TEST_CASE("mldsa keys: RFC 9881's private keys in all forms, its public keys and certificates", "[x509]") {
  for (const MlDsaRow& row : kMlDsaRows) {
    INFO(row.kind->kind.name);
    const Buffer expanded = expanded_of(row, kRfcSeed);
    const Buffer seed_form = mldsa_pkcs8(row, Form::seed, kRfcSeed, {}),
                 expanded_form = mldsa_pkcs8(row, Form::expanded, {}, expanded),
                 both_form = mldsa_pkcs8(row, Form::both, kRfcSeed, expanded);
    CHECK(sha256_of(seed_form) == row.seed_form);
    CHECK(sha256_of(expanded_form) == row.expanded_form);
    CHECK(sha256_of(both_form) == row.both_form);
    for (const Buffer* form : {&seed_form, &expanded_form, &both_form}) {
      const auto key = PrivateKey::parse_der(*form);
      REQUIRE(key);
      CHECK(&key->private_kind() == row.kind);
      CHECK(key->public_key().bits() == 8 * row.public_size);
      CHECK(sha256_of(mldsa_spki(key->public_key())) == row.spki);
      // The seed is written where it is known.
      CHECK_BYTES(mldsa_written(*key), form == &expanded_form ? expanded_form : seed_form);
    }
    const auto key = PrivateKey::parse_der(seed_form);
    REQUIRE(key);
    const Buffer spki = mldsa_spki(key->public_key());
    CHECK(PublicKey::parse_spki(spki, kAllKeys.kinds)->equals(key->public_key()));

    // The certificate's signature is the deterministic one.
    Buffer out(1 << 14);
    asn1::DerWriter w(out);
    const Buffer algorithm = unhex("300b06096086480165030403" + std::string(row.oid));
    const Buffer name = unhex("3022310d300b060355040a1304494554463111300f060355040313084c414d5053205747");
    {
      const auto tbs = w.sequence();
      w.raw(unhex("a0030201020214159ffe6f22fd5cc42c524df6fd5e28d0de38f34e"));
      w.raw(algorithm);
      w.raw(name);
      w.raw(unhex("301e170d3230303230333034333231305a170d3430303132393034333231305a"));
      w.raw(name);
      w.raw(spki);
      w.raw(unhex(
          "a3423040300e0603551d0f0101ff040403020186300f0603551d130101ff040530030101ff301d0603551d0e04160414" +
          std::string(row.identifier)));
    }
    const Buffer tbs = test::buffer_of(*w.finish());
    Buffer signature(row.signature_size);
    const Bytes message[] = {tbs};
    const auto sign = [&]<const crypto::MlDsaSet & Set>() {
      const auto own = crypto::MlDsaCompactKey<Set>::create(kRfcSeed, {});
      REQUIRE(own);
      REQUIRE(own->sign(message, nullptr, MutBytes(signature).template first<Set.signature_size()>()));
    };
    row.kind == &kMlDsa44Private   ? sign.template operator()<crypto::kMlDsa44>()
    : row.kind == &kMlDsa65Private ? sign.template operator()<crypto::kMlDsa65>()
                                   : sign.template operator()<crypto::kMlDsa87>();
    Buffer der(1 << 14);
    asn1::DerWriter whole(der);
    {
      const auto certificate = whole.sequence();
      whole.raw(tbs);
      whole.raw(algorithm);
      whole.bit_string(signature);
    }
    der.resize(whole.finish()->size());
    CHECK(sha256_of(der) == row.certificate);
    const auto certificate = Certificate::parse(der);
    REQUIRE(certificate);
    const auto method = certificate->signature_method(kAllKeys);
    REQUIRE(method);
    REQUIRE(*method);
    const auto certified = certificate->public_key(kAllKeys);
    REQUIRE(certified);
    CHECK(certified->verify(**method, message, certificate->signature()));
  }
}

TEST_CASE("A16 mldsa keys: private keys that are malformed, or whose parts do not belong together",
          "[x509]") {
  for (const MlDsaRow& row : kMlDsaRows) {
    INFO(row.kind->kind.name);
    const Buffer expanded = expanded_of(row, kRfcSeed);
    const auto check = [&](ErrorCode wanted, Form form, Bytes seed, Bytes form_bytes,
                           const Shape& shape = {}) {
      CHECK(mldsa_error(mldsa_pkcs8(row, form, seed, form_bytes, shape)) == wanted);
    };
    constexpr ErrorCode kGood{}, kBad = ErrorCode::bad_mldsa_key, kTorn = ErrorCode::inconsistent_dsa_key;
    check(kGood, Form::both, kRfcSeed, expanded);
    for (const std::size_t size : {0u, 31u, 33u}) {
      check(kBad, Form::seed, resized(kRfcSeed, size), {});
      check(kBad, Form::both, resized(kRfcSeed, size), expanded);
    }
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{32}, expanded.size() - 1, expanded.size() + 1}) {
      check(kBad, Form::expanded, {}, resized(expanded, size));
      check(kBad, Form::both, kRfcSeed, resized(expanded, size));
    }
    // RFC 9881 §C.4: a pair that does not fit; the hash of the public key, and t0, changed.
    Buffer other_seed = kRfcSeed;
    other_seed[31] ^= 1;
    check(kTorn, Form::both, other_seed, expanded);
    Buffer hash_changed = expanded, t0_changed = expanded;
    hash_changed[64] ^= 1;
    t0_changed[128 + (row.expanded_size == 2560 ? 768 : row.expanded_size == 4032 ? 1408 : 1440)] ^= 1;
    for (const Buffer& torn : {hash_changed, t0_changed}) {
      check(kTorn, Form::expanded, {}, torn);
      check(kTorn, Form::both, kRfcSeed, torn);
    }
    // A coefficient of s1 out of range.
    Buffer wide = expanded;
    wide[128] = 0xff;
    check(kTorn, Form::expanded, {}, wide);

    check(ErrorCode::trailing_data, Form::seed, kRfcSeed, {}, {.behind_form = "0500"});
    check(ErrorCode::trailing_data, Form::expanded, {}, expanded, {.behind_form = "0500"});
    check(ErrorCode::trailing_data, Form::both, kRfcSeed, expanded, {.behind_form = "0500"});
    check(ErrorCode::trailing_data, Form::both, kRfcSeed, expanded, {.behind_fields = "0500"});
    check(ErrorCode::bad_algorithm_parameters, Form::seed, kRfcSeed, {}, {.behind_algorithm = "0500"});
    // Neither of the three: the seed alone, or under another tag.
    const auto raw = [&](const std::string& content) {
      return mldsa_error(unhex("30" + std::string("32020100300b06096086480165030403") + std::string(row.oid) +
                               "0420" + content));
    };
    CHECK(raw(test::hex(kRfcSeed)) == ErrorCode::bad_mldsa_key);
    CHECK(raw("811e" + test::hex(Bytes(kRfcSeed).first(30))) == ErrorCode::bad_mldsa_key);

    // With the public key beside it.
    const auto key = PrivateKey::parse_der(mldsa_pkcs8(row, Form::seed, kRfcSeed, {}));
    REQUIRE(key);
    Buffer own(row.public_size);
    REQUIRE(key->public_key().write_bits(own));
    Shape shape;
    shape.public_key = own;
    for (const Form form : {Form::seed, Form::expanded, Form::both}) {
      shape.public_key = own;
      const Buffer der = mldsa_pkcs8(row, form, kRfcSeed, expanded, shape);
      CHECK(der.size() <= kMaxPrivateKeySize);
      CHECK(mldsa_error(der) == ErrorCode{});
      shape.public_key->back() ^= 1;
      check(kTorn, form, kRfcSeed, expanded, shape);
      shape.public_key->pop_back();
      check(kTorn, form, kRfcSeed, expanded, shape);
    }
  }
}

TEST_CASE("A16 mldsa keys: public keys of another size are refused, and room of another size is", "[x509]") {
  for (const MlDsaRow& row : kMlDsaRows) {
    INFO(row.kind->kind.name);
    const auto read = [&](std::size_t size, std::string_view behind_algorithm = "") {
      Buffer out(kMaxSpkiSize + 16);
      asn1::DerWriter w(out);
      {
        const auto spki = w.sequence();
        {
          const auto algorithm = w.sequence();
          w.raw(unhex("06096086480165030403" + std::string(row.oid)));
          w.raw(unhex(behind_algorithm));
        }
        w.bit_string(Buffer(size, 1));
      }
      const auto key = PublicKey::parse_spki(*w.finish(), kAllKeys.kinds);
      return key ? ErrorCode{} : key.error().code;
    };
    CHECK(read(row.public_size) == ErrorCode{});
    CHECK(read(row.public_size, "0500") == ErrorCode::bad_algorithm_parameters);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{32}, row.public_size - 1, row.public_size + 1}) {
      CHECK(read(size) == ErrorCode::bad_mldsa_key);
    }
    const auto key = PrivateKey::parse_der(mldsa_pkcs8(row, Form::seed, kRfcSeed, {}));
    REQUIRE(key);
    Buffer small(row.public_size - 1);
    CHECK(key->public_key().write_bits(small).error() == ErrorCode::buffer_too_small);
    // A set without it does not read it.
    CHECK(PublicKey::parse_spki(mldsa_spki(key->public_key()), kUsualKeys.kinds).error() ==
          ErrorCode::unsupported_key);
  }
}

TEST_CASE("mldsa keys: signatures are of the message in parts, hedged, and of their own size", "[x509]") {
  const Buffer message = test::noise(100);
  const Bytes whole[] = {message};
  const Bytes parts[] = {Bytes(message).first(33), Bytes(), Bytes(message).subspan(33)};
  for (const MlDsaRow& row : kMlDsaRows) {
    INFO(row.kind->kind.name);
    const SignatureAlgorithm& algorithm = row.kind->issues_with;
    const Buffer expanded = expanded_of(row, kRfcSeed);
    for (const Form form : {Form::seed, Form::expanded}) {
      const auto key = PrivateKey::parse_der(mldsa_pkcs8(row, form, kRfcSeed, expanded));
      REQUIRE(key);
      Buffer first(kMaxSignatureSize), second(kMaxSignatureSize);
      const auto signature = key->sign(algorithm, parts, crypto::system_random(), first);
      REQUIRE(signature);
      CHECK(signature->size() == row.signature_size);
      CHECK(key->kind().max_signature_size == row.signature_size);
      const PublicKey peer = key->public_key();
      CHECK(peer.verify(algorithm, whole, *signature));
      CHECK(peer.verify(algorithm, parts, *signature));
      const auto again = key->sign(algorithm, parts, crypto::system_random(), second);
      REQUIRE(again);
      CHECK(!equal_public(*signature, *again));
      Buffer changed = test::buffer_of(*signature);
      for (const std::size_t at : {std::size_t{0}, changed.size() / 2, changed.size() - 1}) {
        changed[at] ^= 1;
        CHECK(peer.verify(algorithm, whole, changed).error() == ErrorCode::bad_signature);
        changed[at] ^= 1;
      }
      for (const std::size_t size : {std::size_t{0}, changed.size() - 1, changed.size() + 1}) {
        CHECK(peer.verify(algorithm, whole, resized(changed, size)).error() == ErrorCode::bad_signature);
      }
      const Bytes shorter[] = {Bytes(message).first(99)};
      CHECK(peer.verify(algorithm, shorter, changed).error() == ErrorCode::bad_signature);
      CHECK(
          key->sign(algorithm, parts, crypto::system_random(), MutBytes(first).first(row.signature_size - 1))
              .error() == ErrorCode::buffer_too_small);
      // Of another parameter set.
      const SignatureAlgorithm& other = row.kind == &kMlDsa44Private ? kMlDsa65Signature : kMlDsa44Signature;
      CHECK(peer.verify(other, whole, changed).error() == ErrorCode::signature_algorithm_mismatch);
    }
  }
}

TEST_CASE("mldsa keys: no call takes more than 192 KiB of stack", "[x509]") {
  const Bytes message[] = {kRfcSeed};
  for (const MlDsaRow& row : kMlDsaRows) {
    const Buffer expanded = expanded_of(row, kRfcSeed);
    const Buffer der = mldsa_pkcs8(row, Form::both, kRfcSeed, expanded);
    const auto key = PrivateKey::parse_der(der);
    REQUIRE(key);
    const PublicKey peer = key->public_key();
    Buffer out(kMaxSignatureSize);
    Bytes signature;
    const std::size_t reading = test::stack_used([&] { CHECK(PrivateKey::parse_der(der)); });
    const std::size_t signing = test::stack_used(
        [&] { signature = *key->sign(row.kind->issues_with, message, crypto::system_random(), out); });
    const std::size_t verification =
        test::stack_used([&] { CHECK(peer.verify(row.kind->issues_with, message, signature)); });
    INFO(row.kind->kind.name << " " << reading << " " << signing << " " << verification);
    if (!test::kFramesHoldCopies) {
      CHECK(reading < 196608);
      CHECK(signing < 196608);
      CHECK(verification < (row.public_size == 2592 ? 98304 : 65536));
    }
  }
}
