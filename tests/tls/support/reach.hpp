// SPDX-License-Identifier: Apache-2.0
// A client and a server that are brought to any state of a handshake, and any input for them there.
#pragma once

#include "catch.hpp"
#include "input_kind.hpp"
#include "tls/support/endpoint.hpp"

#include <deque>
#include <functional>

namespace ashlar::test {

// How what one side has sent becomes records of one message each.
using Cut = std::function<std::vector<Buffer>(const Buffer&)>;

// Goes on, one record at a time, until `victim` is in the state of this name. False if it never is.
// answer(): gives a side what it waits for from outside; false if none waits.
inline bool reach_state(tls::Client& client, tls::Server& server, tls::Connection& victim,
                        std::string_view state, const Cut& to_server, const Cut& to_client,
                        const std::function<bool()>& answer) {
  std::deque<Buffer> for_server, for_client;
  while (engine_of(victim).state() != state) {
    for (Buffer& record : to_server(drain(client))) {
      for_server.push_back(std::move(record));
    }
    for (Buffer& record : to_client(drain(server))) {
      for_client.push_back(std::move(record));
    }
    if (answer()) {
      continue;
    }
    if (!for_server.empty()) {
      REQUIRE_FALSE(feed_all(server, for_server.front()));
      for_server.pop_front();
    } else if (!for_client.empty()) {
      REQUIRE_FALSE(feed_all(client, for_client.front()));
      for_client.pop_front();
    } else {
      return false;
    }
  }
  return true;
}

// Signs what a connection waits for, with the ECDSA key.
inline void sign_request(tls::Connection& connection, const tls::PrivateKeyRequest& request,
                         crypto::Random random) {
  std::uint8_t storage[x509::kMaxSignatureSize];
  const auto signature = ecdsa_key().sign_digest(*request.algorithm, request.digest, random, storage);
  REQUIRE(signature);
  REQUIRE(connection.provide(*signature));
}

// An input by its number: 0 to 255 are handshake messages of that type with a body of one byte, which is
// none at all, so that what a table lets in fails as something else.
struct NumberedInput {
  static constexpr int kChangeCipherSpec = -2;
  static constexpr int kApplicationData = -1;

  NumberedInput(int number, std::uint8_t body)
      : kind(number == kChangeCipherSpec  ? tls::InputKind(tls::InputKind::change_cipher_spec)
             : number == kApplicationData ? tls::InputKind(tls::InputKind::application_data)
                                          : tls::HandshakeType{static_cast<std::uint8_t>(number)}),
        type(number == kChangeCipherSpec  ? tls::ContentType::change_cipher_spec
             : number == kApplicationData ? tls::ContentType::application_data
                                          : tls::ContentType::handshake),
        content(number < 0 ? Buffer{1} : Buffer{static_cast<std::uint8_t>(number), 0, 0, 1, body}) {}

  tls::InputKind kind;
  tls::ContentType type;
  Buffer content;
};

}  // namespace ashlar::test
