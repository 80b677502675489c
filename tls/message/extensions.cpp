// SPDX-License-Identifier: Apache-2.0
// Extensions whose bodies are the same in both hellos.
#include "message/fields.hpp"

namespace ashlar::tls {

Result<void> read_renegotiation_info(Reader body) {
  ASHLAR_TRY(const Reader renegotiated_connection, body.u8_prefixed());
  ASHLAR_CHECK(body.expect_end());
  if (!renegotiated_connection.empty()) {
    return ErrorCode::renegotiation_info_bad;
  }
  return {};
}

void write_renegotiation_info(Writer& writer) {
  auto body = extension_scope(writer, ExtensionType::renegotiation_info);
  writer.u8(0);
}

Result<bool> read_point_formats(Reader body) {
  ASHLAR_TRY(const Reader list, body.u8_prefixed());
  ASHLAR_CHECK(body.expect_end());
  ASHLAR_TRY(const Bytes formats, elements(list, 1));
  for (const std::uint8_t format : formats) {
    if (format == 0) {
      return true;
    }
  }
  return false;
}

void write_point_formats(Writer& writer) {
  auto body = extension_scope(writer, ExtensionType::ec_point_formats);
  auto list = writer.u8_scope();
  writer.u8(0);
}

}  // namespace ashlar::tls
