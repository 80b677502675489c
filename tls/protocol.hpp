// SPDX-License-Identifier: Apache-2.0
// What the engine asks of a handshake. One Protocol is in place at any time: first the hello, then the
// handshake of one version, then what that version does after its handshake. Each names its successor.
#pragma once

#include <ashlar/tls/connection.hpp>

#include "message/message.hpp"

namespace ashlar::tls {

// An input of a protocol.
struct Input {
  enum class Kind : std::uint8_t {
    message,
    change_cipher_spec,
    application_data,
    private_key_answer,
    credential,
    key_exchange_answer
  };
  Kind kind;
  const HandshakeMessage* message = nullptr;  // of a message
  Bytes bytes = {};  // of application data, a private key's answer, or a key exchange's: share and secret
  const Credential* credential = nullptr;  // the one chosen outside; null: none
};

struct Protocol;

// A key exchange that is done outside: the answer to a peer's share, which has the group's size or is
// refused.
struct KeyExchangeRequest {
  const Group* group;
  Bytes peer_share;
};

// What is in place after an input. If `protocol` is null, nothing changes. Else this protocol takes over and
// works on this context.
struct Next {
  const Protocol* protocol = nullptr;
  void* context = nullptr;
  bool same_input = false;  // the new protocol handles the same input again
  bool not_yet = false;     // the message comes again once the program has fetched sessions: session_request
};

// Which directions' keys have protected so much that they should be renewed.
struct Worn {
  bool sending;
  bool receiving;
};

struct Protocol {
  bool connected;  // the handshake is done: application data can be sent
  // The name of the present state, for messages and tests.
  std::string_view (*state)(const void* context);
  // Whether the present state takes such an input. If not, the connection ends.
  bool (*accepts)(const void* context, const Input& input);
  // Handles an input that it accepts.
  Result<Next> (*step)(void* context, const Input& input);
  // The peer sent an alert that is only a warning.
  Result<void> (*warned)(void* context, Alert alert);
  // The connection ends because of `error`; destroy follows.
  void (*failed)(void* context, Error error);
  // Ends the life of the context.
  void (*destroy)(void* context);
  // The private-key operation or the choice of a credential that the present state waits for. Null if no
  // state ever waits for one.
  std::optional<PrivateKeyRequest> (*private_key_request)(const void* context) = nullptr;
  std::optional<CredentialRequest> (*credential_request)(const void* context) = nullptr;
  // The key exchange that it waits for.
  std::optional<KeyExchangeRequest> (*key_exchange_request)(const void* context) = nullptr;
  // The sessions that the present state waits for. `body`: of the message that will come again. Null if no
  // state ever waits for any.
  std::optional<SessionRequest> (*session_request)(const void* context, Bytes body) = nullptr;
  // Application data is about to be sent: what must go out before it does now. Null: nothing ever.
  Result<void> (*before_data)(void* context, Worn worn) = nullptr;
  // Whether a close_notify ends one direction alone, for configs that want it so.
  bool half_closes = false;
  // Keys for the application (Connection::export_keying_material). Null: no keys to make them of yet.
  Result<void> (*export_keys)(const void* context, std::string_view label, const std::optional<Bytes>& seed,
                              MutBytes out) = nullptr;
};

}  // namespace ashlar::tls
