// SPDX-License-Identifier: Apache-2.0
// Keys: what is read is right by a plain second reading, and is written to DER that reads back to the same
// key
#include <ashlar/x509/keys.hpp>

#include <vector>

#include "support/mutate_der.hpp"
#include "support/plain_key.hpp"

using namespace ashlar;

namespace {

// der: what it was read from, where that is at hand.
void check(const Result<x509::PrivateKey>& key, Bytes der = {}) {
  if (!key) {
    return;
  }
  if (!der.empty()) {
    std::vector<std::uint8_t> bits(x509::kMaxSpkiSize);
    const auto public_bits = key->public_key().write_bits(bits);
    FUZZ_CHECK(public_bits.ok());
    fuzz::plain::check_private_key(der, *public_bits);
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
  const auto from_der = x509::PrivateKey::parse_der(input);
  check(from_der, input);
  const auto from_pem = x509::PrivateKey::parse_pem(text_of(input));
  check(from_pem);
  const auto spki = x509::PublicKey::parse_spki(input, x509::kAllKeys.kinds);
  if (spki) {
    std::vector<std::uint8_t> out(x509::kMaxSpkiSize), bits(x509::kMaxSpkiSize);
    const auto written = spki->write_spki(out), written_bits = spki->write_bits(bits);
    FUZZ_CHECK(written.ok() && written_bits.ok());
    fuzz::plain::check_spki(input, *written_bits);
    // A compressed point is written uncompressed, and parameters of RSASSA-PSS without their defaults.
    FUZZ_CHECK(equal_public(*written, input) || written->size() > input.size() ||
               &spki->kind() == &x509::kRsaPss);
    const auto again = x509::PublicKey::parse_spki(*written, x509::kAllKeys.kinds);
    FUZZ_CHECK(again.ok() && again->equals(*spki));
  }
  // The form of the input decides which verdict counts.
  if (from_der || from_pem || spki) {
    fuzz::accepted(from_der ? "a private key" : from_pem ? "a private key in PEM" : "a public key");
  } else if (size > 0 && data[0] != 0x30) {
    fuzz::refused(from_pem.error(), "refused as PEM");
  } else if (spki.error() == ErrorCode::der_unexpected_tag) {
    fuzz::refused(from_der.error(), "refused as a private key");
  } else {
    fuzz::refused(spki.error(), "refused as a public key");
  }
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_der)
