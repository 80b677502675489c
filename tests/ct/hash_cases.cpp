// SPDX-License-Identifier: Apache-2.0
// Hashes, HMAC and the PRF: the key and the data are secret.
#include <ashlar/crypto/hash_many.hpp>
#include <ashlar/crypto/hkdf.hpp>
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/pbkdf2.hpp>
#include <ashlar/crypto/prf.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "cases.hpp"

using namespace ashlar;
using namespace ashlar::ct_cases;

static void hmac_of_secrets(const crypto::HashAlgorithm& hash) {
  for (const std::size_t key_size : {hash.digest_size, hash.block_size + 1}) {
    const auto key = secret(key_size, 1);
    const auto message = secret(300, 2);
    std::uint8_t mac[crypto::kMaxDigestSize];
    const crypto::HmacKey hmac(hash, key);
    open(hmac.mac(message, mac));
    expect(mac[0] != mac[1] || mac[1] != mac[2]);
  }
}

CT_CASE("hmac: SHA-256") {
  hmac_of_secrets(crypto::kSha256);
}
CT_CASE("hmac: SHA-384") {
  hmac_of_secrets(crypto::kSha384);
}

CT_CASE("hmac: SHA-1") {
  hmac_of_secrets(crypto::kSha1);
}

CT_CASE("hmac: SHA3-256") {
  hmac_of_secrets(crypto::kSha3_256);
}

CT_CASE("shake: a secret seed") {
  std::uint8_t out[300];
  crypto::Shake(256).update(secret(150, 1)).update(secret(7, 2)).squeeze(out);
  open(out);
  expect(out[0] != out[1] || out[1] != out[2]);
}

CT_CASE("hkdf: from a secret") {
  std::uint8_t out[100];
  expect(crypto::hkdf(crypto::kSha256, secret(32, 1), secret(48, 2), {}, out).ok());
  open(out);
  expect(out[0] != out[1] || out[1] != out[2]);
}

CT_CASE("pbkdf2: from a secret passphrase") {
  std::uint8_t out[40];
  expect(crypto::pbkdf2(crypto::kSha256, secret(20, 1), test::noise(16, 2), 3, out).ok());
  open(out);
  expect(out[0] != out[1] || out[1] != out[2]);
}

CT_CASE("S13 mac: a secret message against a secret code") {
  const auto message = secret(70, 3);
  const auto key = crypto::MacKey::create(crypto::kHmacSha256, secret(32, 4));
  expect(key.ok() && !key->verify(message, secret(32, 5)).ok());
}

// As many secret messages as the widest row of vectors takes.
static void many_secrets(const crypto::HashMany& many) {
  const auto data = secret(20 * 300, 6);
  Bytes messages[20];
  for (std::size_t i = 0; i < 20; ++i) {
    messages[i] = Bytes(data).subspan(300 * i, 15 * i);
  }
  std::uint8_t digests[20 * crypto::kMaxDigestSize];
  const MutBytes used = MutBytes(digests).first(20 * many.hash->digest_size);
  crypto::hash_many(many, messages, used);
  open(used);
  expect(digests[0] != digests[1] || digests[1] != digests[2]);
}

CT_CASE("hash_many: SHA-256") {
  many_secrets(crypto::kSha256Many);
}
CT_CASE("hash_many: SHA-512") {
  many_secrets(crypto::kSha512Many);
}
CT_CASE("hash_many: SHA3-256") {
  many_secrets(crypto::kSha3_256Many);
}

CT_CASE("prf: SHA-256 from a secret premaster") {
  const auto premaster = secret(48, 1);
  const auto random = test::noise(32, 2);
  const Bytes seed[] = {random, random};
  std::uint8_t master[48];
  crypto::tls12_prf(crypto::kSha256, premaster, "master secret", seed, master);
  open(master);
  expect(master[0] != master[1] || master[1] != master[2]);
}
