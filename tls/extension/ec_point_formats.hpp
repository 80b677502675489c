// SPDX-License-Identifier: Apache-2.0
// ec_point_formats (RFC 8422 §5.1.2). Uncompressed points are the only form still in use.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

// Whether uncompressed points are in an ECPointFormatList.
inline Result<bool> read_point_formats(Reader body) {
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

inline void write_point_formats(bool uncompressed, Writer& body) {
  auto list = body.u8_scope();
  body.u8(uncompressed ? 0 : 1);
}

inline constexpr Extension kEcPointFormats = {
    .type = ExtensionType::ec_point_formats,
    .name = "ec_point_formats",
    .allowed = in(Carrier::client_hello, Versions::tls12) | in(Carrier::server_hello, Versions::tls12),
    .client_hello =
        {
            .place = Place::client_hello_ec_point_formats,
            .parse = [](ClientHello& hello, Reader body) -> Result<void> {
              hello.has_ec_point_formats = true;
              ASHLAR_TRY(hello.offers_uncompressed_points, read_point_formats(body));
              return {};
            },
            .present = [](const ClientHello& hello) { return hello.has_ec_point_formats; },
            .build = [](const ClientHello& hello,
                        Writer& body) { write_point_formats(hello.offers_uncompressed_points, body); },
        },
    .server_hello =
        {
            .place = Place::server_hello_ec_point_formats,
            // A server that names point formats must take uncompressed ones.
            .parse = [](ServerHello& hello, Reader body) -> Result<void> {
              hello.has_ec_point_formats = true;
              ASHLAR_TRY(const bool uncompressed, read_point_formats(body));
              if (!uncompressed) {
                return ErrorCode::unsupported_point_format;
              }
              return {};
            },
            .present = [](const ServerHello& hello) { return hello.has_ec_point_formats; },
            .build = [](const ServerHello&, Writer& body) { write_point_formats(true, body); },
        },
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.has_ec_point_formats = !from.policy.groups.empty();
      hello.offers_uncompressed_points = hello.has_ec_point_formats;
      return {};
    },
    .answer =
        [](const Answer& from, ServerHello& hello) {
          hello.has_ec_point_formats = from.client.has_ec_point_formats && from.curves;
        },
};

}  // namespace ashlar::tls
