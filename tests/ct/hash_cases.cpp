// SPDX-License-Identifier: Apache-2.0
// SHA-2, HMAC and the PRF: secret in the key and in the data.
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/prf.hpp>
#include <ashlar/crypto/sha2.hpp>

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

CT_CASE("prf: SHA-256 from a secret premaster") {
  const auto premaster = secret(48, 1);
  const auto random = test::noise(32, 2);
  const Bytes seed[] = {random, random};
  std::uint8_t master[48];
  crypto::tls12_prf(crypto::kSha256, premaster, "master secret", seed, master);
  open(master);
  expect(master[0] != master[1] || master[1] != master[2]);
}
