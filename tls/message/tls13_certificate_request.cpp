// SPDX-License-Identifier: Apache-2.0
// CertificateRequest of TLS 1.3: RFC 9846 §4.3.2.
#include "extension/block.hpp"

namespace ashlar::tls::tls13 {
namespace {

Result<CertificateRequest> parse_certificate_request(Bytes body) {
  CertificateRequest message;
  Reader reader(body);
  ASHLAR_TRY(Reader context, reader.u8_prefixed());
  message.context = context.take_rest();
  ASHLAR_CHECK(read_required_extensions(reader, message));
  if (message.signature_algorithms.empty()) {
    return missing(ExtensionType::signature_algorithms);
  }
  return message;
}

}  // namespace

Result<CertificateRequest> CertificateRequest::parse(Bytes body) {
  return at(Place::certificate_request, parse_certificate_request(body));
}

void CertificateRequest::build(Writer& writer) const {
  write_u8_vector(writer, context);
  write_extensions(*this, writer);
}

}  // namespace ashlar::tls::tls13
