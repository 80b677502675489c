// SPDX-License-Identifier: Apache-2.0
// Private keys: what is read is written as PKCS#8 that reads back to the same key
#include <ashlar/x509/keys.hpp>

#include <vector>

#include "support/check.hpp"

using namespace ashlar;

namespace {

void check(const Result<x509::PrivateKey>& key) {
  if (!key) {
    return;
  }
  std::vector<std::uint8_t> first(x509::kMaxPrivateKeySize), second(x509::kMaxPrivateKeySize);
  auto written = key->write_pkcs8(first);
  FUZZ_CHECK(written.ok());
  auto again = x509::PrivateKey::parse_der(*written);
  FUZZ_CHECK(again.ok());
  auto rewritten = again->write_pkcs8(second);
  FUZZ_CHECK(rewritten.ok() && equal_public(*written, *rewritten));
  FUZZ_CHECK(key->public_key().equals(again->public_key()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  check(x509::PrivateKey::parse_der(input));
  check(x509::PrivateKey::parse_pem(text_of(input)));
  auto spki = x509::PublicKey::parse_spki(input, x509::kAllKeys.kinds);
  if (spki) {
    std::vector<std::uint8_t> out(x509::kMaxSpkiSize);
    auto written = spki->write_spki(out);
    FUZZ_CHECK(written.ok());
    // A compressed point is written uncompressed.
    FUZZ_CHECK(equal_public(*written, input) || written->size() > input.size());
    auto again = x509::PublicKey::parse_spki(*written, x509::kAllKeys.kinds);
    FUZZ_CHECK(again.ok() && again->equals(*spki));
  }
  return 0;
}
