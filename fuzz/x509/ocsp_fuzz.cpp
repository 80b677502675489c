// SPDX-License-Identifier: Apache-2.0
// OCSP responses: what is taken for good is good by a plain second reading: signed by the issuer or its
// delegate, for the certificate, and of now
#include <ashlar/x509/ocsp.hpp>

#include "support/mutate_der.hpp"
#include "support/plain_ocsp.hpp"
#include "x509/mock.hpp"

using namespace ashlar;

namespace {

constexpr std::int64_t kNow = 1767225600;  // 2026-01-01
constexpr std::uint8_t kIssuerKey = 1;

// Number 1 of "i", whose key is 1. Its own key is 7.
const fuzz::Buffer& certificate() {
  static const fuzz::Buffer made = [] {
    fuzz::MockCertificate leaf;
    leaf.key = 7;
    return fuzz::make(leaf);
  }();
  return made;
}

fuzz::Buffer written(const auto& write) {
  fuzz::Buffer out(256);
  asn1::DerWriter writer(out);
  write(writer);
  out.resize(writer.size());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Buffer key = written([](asn1::DerWriter& w) { fuzz::write_mock_spki(w, kIssuerKey); });
  static const fuzz::Buffer name = written([](asn1::DerWriter& w) { fuzz::write_mock_name(w, "i"); });
  const Bytes input(data, size);
  x509::OcspEntry entry;
  entry.this_update = {-1};
  const x509::OcspQuery query = {input, certificate(), key, {kNow}, &fuzz::kMockKeys, &entry};
  const auto judged = x509::check_ocsp_response(query);
  if (!judged) {
    FUZZ_CHECK(judged.error() != ErrorCode::internal_mistake);
    fuzz::refused(judged.error());
    return 0;
  }
  FUZZ_CHECK(entry.status == x509::OcspStatus::good);
  static constexpr std::uint8_t kSerial[] = {1};
  fuzz::plain::check_ocsp(input, {kSerial, name, Bytes(&kIssuerKey, 1), kIssuerKey, kNow});
  fuzz::accepted(entry.delegated ? "good, by a delegate" : "good");
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_der)
