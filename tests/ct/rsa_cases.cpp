// SPDX-License-Identifier: Apache-2.0
// RSA: the numbers of the private key, the decrypted data and the random bytes of the blinding are secret.
#include <ashlar/crypto/rsa.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "cases.hpp"
#include "crypto/rsa/keys.hpp"

using namespace ashlar;
using namespace ashlar::ct_cases;

namespace {

Result<void> fill_secret(void* context, MutBytes out) {
  copy_bytes(out, test::noise(out.size(), (*static_cast<std::uint64_t*>(context))++));
  ct::classify(out);
  return {};
}

// The 2048-bit test key, secret except for modulus and public exponent.
Result<crypto::RsaPrivateKey> secret_key() {
  const auto& text = test::kRsa2048;
  const auto modulus = test::unhex(text.modulus);
  const auto exponent = test::unhex(text.public_exponent);
  const auto d = secret(test::unhex(text.private_exponent));
  const auto p = secret(test::unhex(text.prime1));
  const auto q = secret(test::unhex(text.prime2));
  const auto dp = secret(test::unhex(text.exponent1));
  const auto dq = secret(test::unhex(text.exponent2));
  const auto inverse = secret(test::unhex(text.coefficient));
  return crypto::RsaPrivateKey::create({modulus, exponent, d, p, q, dp, dq, inverse});
}

}  // namespace

CT_CASE("rsa: PKCS#1 and PSS signatures") {
  const auto key = secret_key();
  expect(key.ok());
  std::uint64_t seed = 1;
  const crypto::Random random{fill_secret, &seed};
  const auto digest = test::noise(32, 2);
  std::uint8_t signature[256];
  expect(key->sign_pkcs1(crypto::kSha256, digest, random, signature).ok());
  open(signature);
  expect(key->public_key().verify_pkcs1(crypto::kSha256, digest, signature).ok());
  expect(key->sign_pss(crypto::kSha256, digest, random, signature).ok());
  open(signature);
  expect(key->public_key().verify_pss(crypto::kSha256, digest, signature).ok());
}

// The premaster of a good ciphertext, and its replacement for a bad one: the same path (S08).
CT_CASE("S08 rsa: the premaster secret of good and of bad ciphertexts") {
  const auto key = secret_key();
  expect(key.ok());
  std::uint64_t seed = 1;
  const crypto::Random random{fill_secret, &seed};
  auto sent = test::noise(48, 3);
  sent[0] = 3;
  sent[1] = 3;
  auto wrong_version = sent;
  wrong_version[1] = 2;
  for (const Bytes message : {Bytes(sent), Bytes(wrong_version), Bytes(sent).first(47)}) {
    test::Buffer plain = test::buffer_of(message);
    ct::classify(plain);
    std::uint8_t ciphertext[256];
    expect(key->public_key().encrypt_pkcs1(random, plain, ciphertext).ok());
    open(ciphertext);
    Secret<48> premaster;
    expect(key->decrypt_premaster(random, ciphertext, 0x0303, premaster).ok());
    open(premaster.reveal());
    expect(equal_public(premaster.reveal(), sent) == (message.size() == 48 && message[1] == 3));
  }
}

// Good and bad padding are checked in the same way (Manger's attack).
CT_CASE("rsa: OAEP") {
  const auto key = secret_key();
  expect(key.ok());
  std::uint64_t seed = 1;
  const crypto::Random random{fill_secret, &seed};
  const auto sent = secret(20, 3);
  std::uint8_t ciphertext[256], out[256];
  const crypto::RsaOaepParameters parameters{&crypto::kSha256};
  expect(key->public_key().encrypt_oaep(parameters, random, sent, ciphertext).ok());
  const auto opened = key->decrypt_oaep(parameters, random, ciphertext, out);
  expect(opened.ok() && opened->size() == 20);
  expect(!key->decrypt_oaep({&crypto::kSha384}, random, ciphertext, out).ok());
}

CT_CASE("rsa: decryption for callers that may learn whether it failed") {
  const auto key = secret_key();
  expect(key.ok());
  std::uint64_t seed = 1;
  const crypto::Random random{fill_secret, &seed};
  const auto sent = secret(20, 3);
  std::uint8_t ciphertext[256], out[256];
  expect(key->public_key().encrypt_pkcs1(random, sent, ciphertext).ok());
  const auto opened = key->decrypt_pkcs1(random, ciphertext, out);
  expect(opened.ok() && opened->size() == 20);
}
