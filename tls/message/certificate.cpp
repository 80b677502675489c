// SPDX-License-Identifier: Apache-2.0
// Certificate: RFC 5246 §7.4.2 and §7.4.6. The certificates in it are judged by x509.
#include "message/fields.hpp"

namespace ashlar::tls {
namespace {

Result<CertificateMessage> parse_certificate(Bytes body) {
  CertificateMessage message;
  Reader reader(body);
  ASHLAR_TRY(Reader list, reader.u24_prefixed());
  ASHLAR_CHECK(reader.expect_end());
  while (!list.empty()) {
    ASHLAR_CHECK(at(Place::certificate_list, read_certificate(list, message.certificates)));
  }
  return message;
}

}  // namespace

Result<CertificateMessage> CertificateMessage::parse(Bytes body) {
  return at(Place::certificate_message, parse_certificate(body));
}

void CertificateMessage::build(Writer& writer) const {
  auto list = writer.u24_scope();
  for (const Bytes certificate : certificates) {
    auto vector = writer.u24_scope();
    writer.bytes(certificate);
  }
}

Result<Bytes> parse_raw_public_key(Bytes body) {
  Reader reader(body);
  auto key = reader.u24_prefixed();
  const Result<void> ended = key ? reader.expect_end() : Result<void>(key.error());
  ASHLAR_CHECK(at(Place::certificate_message, at(Place::certificate_raw_public_key, ended)));
  return key->take_rest();
}

void build_raw_public_key(Bytes subject_public_key_info, Writer& writer) {
  auto vector = writer.u24_scope();
  writer.bytes(subject_public_key_info);
}

}  // namespace ashlar::tls
