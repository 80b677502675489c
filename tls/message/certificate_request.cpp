// SPDX-License-Identifier: Apache-2.0
// CertificateRequest: RFC 5246 §7.4.4.
#include "message/fields.hpp"

namespace ashlar::tls {
namespace {

// A list of DistinguishedName<1..2^16-1>. An empty list means any issuer.
Result<Bytes> read_authorities(Reader list) {
  const Bytes content = list.peek();
  while (!list.empty()) {
    ASHLAR_TRY(const Reader name, list.u16_prefixed());
    if (name.empty()) {
      return bad_length(0);
    }
  }
  return content;
}

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
  {
    auto vector = writer.u8_scope();
    writer.bytes(certificate_types);
  }
  {
    auto vector = writer.u16_scope();
    writer.bytes(signature_algorithms);
  }
  auto vector = writer.u16_scope();
  writer.bytes(certificate_authorities);
}

}  // namespace ashlar::tls
