// SPDX-License-Identifier: Apache-2.0
#include "tls12/after_handshake.hpp"

#include "tls12/handshake.hpp"
#include "tls12/hello_request.hpp"

namespace ashlar::tls::tls12 {

namespace {

struct AfterHandshake : ProtocolObject {
  AfterHandshake(const Allocation& allocation, const Outbox& engine, const Resumption* store)
      : ProtocolObject(allocation, engine),
        state(engine.settings.is_client ? State::client_connected : State::server_connected),
        sessions(store) {}

  static constexpr bool kConnected = true;
  std::string_view state_name() const { return kStateNames[static_cast<std::size_t>(state)]; }
  bool accepts(const Input& input) const { return allowed(state, kind_of(input)); }
  Result<Next> step(const Input& input) const {
    if (input.kind == Input::Kind::message) {
      ASHLAR_CHECK(refuse_renegotiation(outbox, *input.message));
    } else if (!input.bytes.empty()) {
      outbox.outcome.warnings = 0;
    }
    return Next{};
  }
  // RFC 5246 §7.2.2: a session is not resumed if its connection failed. It is resumed if the connection was
  // only cut.
  void failed(Error error) const {
    const Bytes id = outbox.outcome.session_id.bytes();
    if (sessions != nullptr && !id.empty() && !(error == ErrorCode::truncated_connection)) {
      sessions->forget(sessions->context, id);
    }
  }

  const State state;
  const Resumption* const sessions;
};

// The same for a program that has keys made. Others do not pay for the secrets.
struct AfterHandshakeWithKeys : AfterHandshake {
  AfterHandshakeWithKeys(const Allocation& allocation, const Outbox& engine, const Resumption* store,
                         Exporter&& keys)
      : AfterHandshake(allocation, engine, store), exporter(std::move(keys)) {}

  Result<void> export_keys(std::string_view label, const std::optional<Bytes>& context, MutBytes out) const {
    return exporter.make(label, context, out);
  }

  const Exporter exporter;
};

}  // namespace

Result<Next> after_handshake(const Outbox& outbox, const Resumption* sessions, Exporter&& exporter) {
  return outbox.settings.export_keys && exporter.hash != nullptr
             ? make_protocol<AfterHandshakeWithKeys>(outbox, sessions, std::move(exporter))
             : make_protocol<AfterHandshake>(outbox, sessions);
}

}  // namespace ashlar::tls::tls12
