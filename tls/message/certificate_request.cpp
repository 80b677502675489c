// SPDX-License-Identifier: Apache-2.0
// CertificateRequest: RFC 5246 §7.4.4.
#include "message/fields.hpp"

namespace ashlar::tls {
namespace {

Result<CertificateRequest> parse_certificate_request(Bytes body) {
  CertificateRequest message;
  Reader reader(body);
  ASHLAR_TRY(const Reader types, at(Place::certificate_request_certificate_types, reader.u8_prefixed()));
  ASHLAR_TRY(message.certificate_types, at(Place::certificate_request_certificate_types, elements(types, 1)));
  ASHLAR_TRY(const Reader schemes,
             at(Place::certificate_request_signature_algorithms, reader.u16_prefixed()));
  ASHLAR_TRY(message.signature_algorithms,
             at(Place::certificate_request_signature_algorithms, elements(schemes, 2)));
  ASHLAR_TRY(const Reader authorities,
             at(Place::certificate_request_certificate_authorities, reader.u16_prefixed()));
  ASHLAR_TRY(message.certificate_authorities,
             at(Place::certificate_request_certificate_authorities, read_authorities(authorities)));
  ASHLAR_CHECK(reader.expect_end());
  return message;
}

}  // namespace

Result<CertificateRequest> CertificateRequest::parse(Bytes body) {
  return at(Place::certificate_request, parse_certificate_request(body));
}

void CertificateRequest::build(Writer& writer) const {
  write_u8_vector(writer, certificate_types);
  write_u16_vector(writer, signature_algorithms);
  write_u16_vector(writer, certificate_authorities);
}

}  // namespace ashlar::tls
