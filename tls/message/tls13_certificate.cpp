// SPDX-License-Identifier: Apache-2.0
// Certificate of TLS 1.3: RFC 9846 §4.4.2. Each certificate has extensions of its own; which of them there
// are is noted. What they say is read of the first certificate, which alone is looked up by its status.
#include "extension/block.hpp"

namespace ashlar::tls::tls13 {
namespace {

Result<void> read_status(CertificateMessage& message, Reader block) {
  return split_block(block, [&](ExtensionType type, Reader body) -> Result<void> {
    if (type == ExtensionType::status_request) {
      ASHLAR_TRY(const CertificateStatus status, CertificateStatus::parse(body.peek()));
      message.ocsp_response = status.ocsp_response;
    } else if (type == ExtensionType::signed_certificate_timestamp) {
      ASHLAR_TRY(message.timestamps, read_timestamps(body));
    }
    return {};
  });
}

void write_status(const CertificateMessage& message, Writer& writer) {
  if (!message.ocsp_response.empty()) {
    writer.u16(static_cast<std::uint16_t>(ExtensionType::status_request));
    const auto body = writer.u16_scope();
    CertificateStatus{message.ocsp_response}.build(writer);
  }
  if (!message.timestamps.empty()) {
    writer.u16(static_cast<std::uint16_t>(ExtensionType::signed_certificate_timestamp));
    const auto body = writer.u16_scope();
    write_u16_vector(writer, message.timestamps);
  }
}

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
    if (message.certificates.size() == 1) {
      ASHLAR_CHECK(at(Place::certificate_entry_extensions, read_status(message, extensions)));
    }
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
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    {
      auto vector = writer.u24_scope();
      writer.bytes(certificates[i]);
    }
    const auto extensions_scope = writer.u16_scope();
    if (i == 0) {
      write_status(*this, writer);
    }
  }
}

}  // namespace ashlar::tls::tls13
