// SPDX-License-Identifier: Apache-2.0
// CompressedCertificate: RFC 8879 §4.
#include "message/fields.hpp"
#include "message/tls13.hpp"

namespace ashlar::tls::tls13 {
namespace {

Result<CompressedCertificate> parse_compressed_certificate(Bytes body) {
  CompressedCertificate message;
  Reader reader(body);
  ASHLAR_TRY(const std::uint16_t algorithm, reader.u16());
  message.algorithm = CertificateCompressionId{algorithm};
  ASHLAR_TRY(message.uncompressed_length, reader.u24());
  ASHLAR_TRY(Reader compressed, reader.u24_prefixed());
  ASHLAR_CHECK(reader.expect_end());
  if (compressed.empty()) {
    return bad_length(0);
  }
  message.compressed = compressed.take_rest();
  return message;
}

}  // namespace

Result<CompressedCertificate> CompressedCertificate::parse(Bytes body) {
  return at(Place::compressed_certificate, parse_compressed_certificate(body));
}

void CompressedCertificate::build(Writer& writer) const {
  writer.u16(static_cast<std::uint16_t>(algorithm));
  writer.u24(uncompressed_length);
  const auto scope = writer.u24_scope();
  writer.bytes(compressed);
}

}  // namespace ashlar::tls::tls13
