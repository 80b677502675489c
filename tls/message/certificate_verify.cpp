// SPDX-License-Identifier: Apache-2.0
// CertificateVerify: RFC 5246 §7.4.8.
#include "message/message.hpp"

namespace ashlar::tls {
namespace {

Result<CertificateVerify> parse_certificate_verify(Bytes body) {
  CertificateVerify message;
  Reader reader(body);
  ASHLAR_TRY(const std::uint16_t scheme, reader.u16());
  message.scheme = SchemeId{scheme};
  ASHLAR_TRY(Reader signature, reader.u16_prefixed());
  message.signature = signature.take_rest();
  ASHLAR_CHECK(reader.expect_end());
  return message;
}

}  // namespace

Result<CertificateVerify> CertificateVerify::parse(Bytes body) {
  return at(Place::certificate_verify, parse_certificate_verify(body));
}

void CertificateVerify::build(Writer& writer) const {
  writer.u16(static_cast<std::uint16_t>(scheme));
  auto vector = writer.u16_scope();
  writer.bytes(signature);
}

}  // namespace ashlar::tls
