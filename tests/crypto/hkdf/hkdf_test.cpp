// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hkdf.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::unhex;

TEST_CASE("hkdf: RFC 5869 appendix A", "[hkdf]") {
  struct Known {
    const HashAlgorithm* hash;
    Buffer input_key, salt, info;
    const char* prk;
    const char* okm;
  };
  const Known known[] = {
      {&kSha256, Buffer(22, 0x0b), unhex("000102030405060708090a0b0c"), unhex("f0f1f2f3f4f5f6f7f8f9"),
       "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
       "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
      {&kSha256,
       Buffer(22, 0x0b),
       {},
       {},
       "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
       "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
      {&kSha1, Buffer(11, 0x0b), unhex("000102030405060708090a0b0c"), unhex("f0f1f2f3f4f5f6f7f8f9"),
       "9b6c18c432a7bf8f0e71c8eb88f4b30baa2ba243",
       "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896"},
  };
  for (const Known& k : known) {
    Buffer prk(k.hash->digest_size);
    hkdf_extract(*k.hash, k.salt, k.input_key, prk);
    CHECK_BYTES(prk, k.prk);
    Buffer okm(42);
    const Bytes info[] = {Bytes(k.info).first(k.info.size() / 2), Bytes(k.info).subspan(k.info.size() / 2)};
    REQUIRE(hkdf(*k.hash, k.salt, k.input_key, info, okm));
    CHECK_BYTES(okm, k.okm);
  }
}

TEST_CASE("hkdf: more than 255 digests are refused", "[hkdf]") {
  const HmacKey prk(kSha256, test::noise(32));
  Buffer out(255 * 32 + 1);
  CHECK(hkdf_expand(prk, {}, MutBytes(out).first(255 * 32)));
  CHECK(hkdf_expand(prk, {}, out).error() == ErrorCode::length_overflow);
}

TEST_CASE("hkdf: expand-label builds the HkdfLabel of RFC 8446 §7.1", "[hkdf]") {
  // RFC 8448 §3: the client handshake traffic secret and the key and IV that follow from it.
  const HmacKey secret(kSha256, unhex("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21"));
  Buffer key(16), iv(12);
  REQUIRE(hkdf_expand_label(secret, "key", {}, key));
  REQUIRE(hkdf_expand_label(secret, "iv", {}, iv));
  CHECK_BYTES(key, "dbfaa693d1762c5b666af5d950258d01");
  CHECK_BYTES(iv, "5bd3c71b836e0b76bb73265f");
  CHECK(hkdf_expand_label(secret, std::string(250, 'x'), {}, key).error() == ErrorCode::length_overflow);
  CHECK(hkdf_expand_label(secret, "x", test::noise(256), key).error() == ErrorCode::length_overflow);
}
