// SPDX-License-Identifier: Apache-2.0
#include "tls12/after_handshake.hpp"

#include "tls12/handshake.hpp"
#include "tls12/hello_request.hpp"
#include "warnings.hpp"

namespace ashlar::tls::tls12 {

namespace {

struct AfterHandshake {
  AfterHandshake(const Allocation& allocation, const Outbox& engine, const Resumption* store)
      : outbox(engine),
        state(engine.settings.is_client ? State::client_connected : State::server_connected),
        sessions(store),
        start_(allocation.start) {}
  Allocation allocation() const { return {outbox.settings.memory, start_, size_with_room<AfterHandshake>()}; }

  const Outbox outbox;
  const State state;
  const Resumption* const sessions;

 private:
  void* const start_;
};

AfterHandshake& self_of(const void* context) {
  return *static_cast<AfterHandshake*>(const_cast<void*>(context));
}

Result<Next> step(void* context, const Input& input) {
  const Outbox& outbox = self_of(context).outbox;
  if (input.kind == Input::Kind::message) {
    ASHLAR_CHECK(refuse_renegotiation(outbox, *input.message));
  } else if (!input.bytes.empty()) {
    outbox.outcome.warnings = 0;
  }
  return Next{};
}

// RFC 5246 §7.2.2: a session whose connection failed is not resumed. One whose connection was merely cut is.
void failed(void* context, Error error) {
  const AfterHandshake& self = self_of(context);
  const Bytes id = self.outbox.outcome.session_id.bytes();
  if (self.sessions != nullptr && !id.empty() && !(error == ErrorCode::truncated_connection)) {
    self.sessions->forget(self.sessions->context, id);
  }
}

constexpr Protocol kAfterHandshake = {
    .connected = true,
    .state =
        [](const void* context) { return kStateNames[static_cast<std::size_t>(self_of(context).state)]; },
    .accepts = [](const void* context,
                  const Input& input) { return allowed(self_of(context).state, kind_of(input)); },
    .step = step,
    .warned = [](void* context) { return count_warning(self_of(context).outbox.outcome); },
    .failed = failed,
    .destroy = [](void* context) { destroy_in(&self_of(context)); },
};

}  // namespace

Result<Next> after_handshake(const Outbox& outbox, const Resumption* sessions) {
  auto* after = make_in<AfterHandshake>(outbox.settings.memory, outbox, sessions);
  if (after == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, sizeof(AfterHandshake)};
  }
  return Next{&kAfterHandshake, after};
}

}  // namespace ashlar::tls::tls12
