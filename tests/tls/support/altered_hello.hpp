// SPDX-License-Identifier: Apache-2.0
// A client of TLS 1.3 whose first ClientHello is changed before it goes out, and which goes on as if it had
// been its own: transcript and keys are right. So a server can be asked for what no client of ours asks.
#pragma once

#include <ashlar/tls/version.hpp>

#include "hello/versions.hpp"
#include "tls/support/tls13.hpp"

namespace ashlar::test {

// The message as it goes out, with its header.
inline Buffer altered_hello;

inline constexpr tls::ClientVersion kAlteredClient = {
    tls::ProtocolVersion::tls13,
    [](const tls::ClientConfig& config, const tls::Outbox& outbox, tls::SentHello&& sent) {
      sent.message.release();
      REQUIRE(sent.message.append(altered_hello));
      return tls::kTls13Client.start(config, outbox, std::move(sent));
    },
    nullptr,
    [](const tls::ClientConfig& config, const tls::Outbox& outbox, tls::SentHello& sent) {
      return tls::kTls13Client.prepare(config, outbox, sent);
    },
};
inline constexpr const tls::ClientVersion* kAlteredRows[] = {&kAlteredClient};

// The record with the client's hello after `change`.
inline Buffer alter_hello(tls::Client& client, const std::function<void(Buffer& message)>& change) {
  const Buffer sent = drain(client);
  altered_hello = buffer_of(Bytes(sent).subspan(5));
  change(altered_hello);
  return plain_record(tls::ContentType::handshake, altered_hello);
}

inline void add16(Buffer& buffer, std::size_t at, std::size_t more) {
  const std::size_t value = static_cast<std::size_t>(buffer[at]) * 256 + buffer[at + 1] + more;
  buffer[at] = static_cast<std::uint8_t>(value >> 8);
  buffer[at + 1] = static_cast<std::uint8_t>(value);
}

// Puts an extension first among those of a ClientHello's message.
inline void put_extension_first(Buffer& message, const Buffer& extension) {
  std::size_t at = 4 + 2 + 32;
  at += 1u + message[at];
  at += 2u + static_cast<std::size_t>(message[at]) * 256 + message[at + 1];
  at += 1u + message[at];
  add16(message, at, extension.size());
  add16(message, 2, extension.size());
  message.insert(message.begin() + static_cast<std::ptrdiff_t>(at + 2), extension.begin(), extension.end());
}

}  // namespace ashlar::test
