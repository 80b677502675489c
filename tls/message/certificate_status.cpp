// SPDX-License-Identifier: Apache-2.0
// CertificateStatus: RFC 6066 §8.
#include "message/fields.hpp"
#include "message/message.hpp"

namespace ashlar::tls {
namespace {

constexpr std::uint8_t kOcspType = 1;

Result<CertificateStatus> parse_certificate_status(Bytes body) {
  CertificateStatus message;
  Reader reader(body);
  ASHLAR_TRY(const std::uint8_t type, reader.u8());
  ASHLAR_TRY(Reader response, reader.u24_prefixed());
  ASHLAR_CHECK(reader.expect_end());
  if (type != kOcspType) {
    return ErrorCode::bad_certificate_status;
  }
  if (response.empty()) {
    return bad_length(0);
  }
  message.ocsp_response = response.take_rest();
  return message;
}

}  // namespace

Result<CertificateStatus> CertificateStatus::parse(Bytes body) {
  return at(Place::certificate_status, parse_certificate_status(body));
}

void CertificateStatus::build(Writer& writer) const {
  writer.u8(kOcspType);
  const auto vector = writer.u24_scope();
  writer.bytes(ocsp_response);
}

}  // namespace ashlar::tls
