// SPDX-License-Identifier: Apache-2.0
// record_size_limit (RFC 8449): each side says how long the protected records are that it takes.
#pragma once

#include "extension/extension.hpp"
#include "record/cipher.hpp"

namespace ashlar::tls {

inline constexpr std::uint16_t kMinRecordSizeLimit = 64;

template <class Message>
constexpr In<Message> record_limit(Place place) {
  return {
      .place = place,
      .parse = [](Message& message, Reader body) -> Result<void> {
        ASHLAR_TRY(message.record_size_limit, body.u16());
        ASHLAR_CHECK(body.expect_end());
        if (message.record_size_limit < kMinRecordSizeLimit) {
          return Error{ErrorCode::bad_record_size_limit, Place::none, message.record_size_limit};
        }
        return {};
      },
      .present = [](const Message& message) { return message.record_size_limit != 0; },
      .build = [](const Message& message, Writer& body) { body.u16(message.record_size_limit); },
  };
}

inline constexpr Extension kRecordSizeLimit = {
    .type = ExtensionType::record_size_limit,
    .name = "record_size_limit",
    .allowed = in(Carrier::client_hello, Versions::both) | in(Carrier::server_hello, Versions::tls12) |
               in(Carrier::encrypted_extensions, Versions::tls13),
    .client_hello = record_limit<ClientHello>(Place::client_hello_record_size_limit),
    .server_hello = record_limit<ServerHello>(Place::server_hello_record_size_limit),
    .encrypted_extensions = record_limit<tls13::EncryptedExtensions>(Place::encrypted_extensions),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.record_size_limit = from.record_size_limit;
      return {};
    },
    // A server of ours takes records of any size.
    .answer =
        [](const Answer& from, ServerHello& hello) {
          hello.record_size_limit =
              from.client.record_size_limit != 0 ? std::uint16_t{kMaxPlaintextSize} : std::uint16_t{0};
        },
};

}  // namespace ashlar::tls
