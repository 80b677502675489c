// SPDX-License-Identifier: Apache-2.0
// What can come in, as the tables of transitions name it: a handshake message, told by its type, or something
// else.
#pragma once

#include "message/types.hpp"
#include "protocol.hpp"

namespace ashlar::tls {

class InputKind {
 public:
  enum Other : std::uint16_t {
    change_cipher_spec = 256,
    application_data,
    private_key_answer,
    credential,
    key_exchange
  };

  constexpr InputKind(HandshakeType type) : value_(static_cast<std::uint16_t>(type)) {}
  constexpr InputKind(Other other) : value_(other) {}
  friend constexpr bool operator==(InputKind, InputKind) = default;

  // A number below 64, for sets: types from 32 on, which no version has, share the last one.
  static constexpr unsigned kUnknown = 63;
  constexpr unsigned number() const {
    return value_ < 32 ? value_ : value_ < change_cipher_spec ? kUnknown : value_ - change_cipher_spec + 32u;
  }

  // For diagrams and messages.
  constexpr std::string_view name() const {
    constexpr std::string_view kOthers[] = {"ChangeCipherSpec", "application data", "private-key answer",
                                            "credential", "key exchange"};
    if (value_ >= change_cipher_spec) {
      return kOthers[value_ - change_cipher_spec];
    }
    const MessageType* row = message_type(HandshakeType{static_cast<std::uint8_t>(value_)});
    return row != nullptr ? row->name : std::string_view("unknown message");
  }

 private:
  std::uint16_t value_;
};

// The input as the table names it.
inline InputKind kind_of(const Input& input) {
  switch (input.kind) {
    case Input::Kind::message:
      return input.message->type;
    case Input::Kind::change_cipher_spec:
      return InputKind::change_cipher_spec;
    case Input::Kind::application_data:
      return InputKind::application_data;
    case Input::Kind::private_key_answer:
      return InputKind::private_key_answer;
    case Input::Kind::credential:
      return InputKind::credential;
    case Input::Kind::key_exchange_answer:
      return InputKind::key_exchange;
  }
  return InputKind::application_data;
}

}  // namespace ashlar::tls
