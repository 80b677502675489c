// SPDX-License-Identifier: Apache-2.0
// Certificate of TLS 1.3: RFC 9846 §4.4.2. Each certificate has extensions of its own; which of them there
// are is noted, and what they say is not read.
#include "extension/block.hpp"

namespace ashlar::tls::tls13 {
namespace {

Result<CertificateMessage> parse_certificate(Bytes body) {
  CertificateMessage message;
  Reader reader(body);
  ASHLAR_TRY(Reader context, reader.u8_prefixed());
  message.context = context.take_rest();
  ASHLAR_TRY(Reader list, reader.u24_prefixed());
  ASHLAR_CHECK(reader.expect_end());
  while (!list.empty()) {
    ASHLAR_CHECK(at(Place::certificate_list, read_certificate(list, message.certificates)));
    ASHLAR_TRY(Reader extensions, at(Place::certificate_entry_extensions, list.u16_prefixed()));
    ASHLAR_CHECK(note_extensions(extensions, Carrier::certificate, Place::certificate_entry_extensions,
                                 message.extensions));
  }
  return message;
}

}  // namespace

Result<CertificateMessage> CertificateMessage::parse(Bytes body) {
  return at(Place::certificate_message, parse_certificate(body));
}

void CertificateMessage::build(Writer& writer) const {
  write_u8_vector(writer, context);
  auto list = writer.u24_scope();
  for (const Bytes certificate : certificates) {
    {
      auto vector = writer.u24_scope();
      writer.bytes(certificate);
    }
    writer.u16(0);
  }
}

}  // namespace ashlar::tls::tls13
