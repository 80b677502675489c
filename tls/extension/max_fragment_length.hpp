// SPDX-License-Identifier: Apache-2.0
// max_fragment_length (RFC 6066 §4): the client asks for shorter records, the server agrees. Ours asks by
// record_size_limit, which replaces it.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

// What a code stands for: 2^9 to 2^12.
constexpr std::size_t max_fragment_length(std::uint8_t code) {
  return std::size_t{1} << (8 + code);
}

template <class Message>
constexpr In<Message> fragment_length(Place place) {
  return {
      .place = place,
      .parse = [](Message& message, Reader body) -> Result<void> {
        ASHLAR_TRY(message.max_fragment_length, body.u8());
        ASHLAR_CHECK(body.expect_end());
        if (message.max_fragment_length < 1 || message.max_fragment_length > 4) {
          return Error{ErrorCode::bad_max_fragment_length, Place::none, message.max_fragment_length};
        }
        return {};
      },
      .present = [](const Message& message) { return message.max_fragment_length != 0; },
      .build = [](const Message& message, Writer& body) { body.u8(message.max_fragment_length); },
  };
}

inline constexpr Extension kMaxFragmentLength = {
    .type = ExtensionType::max_fragment_length,
    .name = "max_fragment_length",
    .allowed = in(Carrier::client_hello, Versions::both) | in(Carrier::server_hello, Versions::tls12) |
               in(Carrier::encrypted_extensions, Versions::tls13),
    .client_hello = fragment_length<ClientHello>(Place::client_hello_max_fragment_length),
    .server_hello = fragment_length<ServerHello>(Place::server_hello_max_fragment_length),
    .encrypted_extensions = fragment_length<tls13::EncryptedExtensions>(Place::encrypted_extensions),
    .offer = [](const Offer&, ClientHello&) -> Result<void> { return {}; },
    // With both offered this one is passed over (RFC 8449 §5).
    .answer =
        [](const Answer& from, ServerHello& hello) {
          hello.max_fragment_length =
              from.client.record_size_limit == 0 ? from.client.max_fragment_length : std::uint8_t{0};
        },
};

}  // namespace ashlar::tls
