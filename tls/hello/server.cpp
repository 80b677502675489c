// SPDX-License-Identifier: Apache-2.0
// Chooses the version that a ClientHello gets, and puts its handshake in place (RFC 5246 §7.4.1.2, Appendix
// E.1).
#include "hello/server.hpp"

#include "warnings.hpp"

namespace ashlar::tls {

namespace {

struct Hello {
  Hello(const Allocation& allocation, const ServerConfig& settings, const Outbox& engine)
      : config(settings), outbox(engine), allocation_(allocation) {}
  const Allocation& allocation() const { return allocation_; }

  const ServerConfig& config;
  const Outbox outbox;

 private:
  const Allocation allocation_;
};

Hello& hello_of(const void* context) {
  return *static_cast<Hello*>(const_cast<void*>(context));
}

// The first version of the policy's list that is not above the client's.
Result<const ServerVersion*> choose_version(const Hello& self, const ClientHello& hello) {
  for (const ProtocolVersion version : self.outbox.settings.policy->versions) {
    for (const ServerVersion* row : self.config.versions) {
      if (row->version == version && version <= hello.version) {
        return row;
      }
    }
  }
  // RFC 7507 §3: a client that could do better was made to fall back.
  return Error{
      hello.offers_fallback_scsv ? ErrorCode::inappropriate_fallback : ErrorCode::unsupported_version,
      Place::none, static_cast<std::uint32_t>(hello.version)};
}

Result<Next> step(void* context, const Input& input) {
  const Hello& self = hello_of(context);
  ASHLAR_TRY(const ClientHello hello, ClientHello::parse(input.message->body));
  ASHLAR_TRY(const ServerVersion* const version, choose_version(self, hello));
  ASHLAR_TRY(Next next, version->start(self.config, self.outbox));
  next.same_input = true;
  return next;
}

constexpr Protocol kExpectsClientHello = {
    .connected = false,
    .state = [](const void*) -> std::string_view { return "server_expects_client_hello"; },
    .accepts =
        [](const void*, const Input& input) {
          return input.kind == Input::Kind::message && input.message->type == HandshakeType::client_hello;
        },
    .step = step,
    .warned = [](void* context) { return count_warning(hello_of(context).outbox.outcome); },
    .failed = [](void*, Error) {},
    .destroy = [](void* context) { destroy_in(&hello_of(context)); },
};

}  // namespace

Result<Next> start_server_hello(const ServerConfig& config, const Outbox& outbox) {
  auto* hello = make_in<Hello>(config.memory, config, outbox);
  if (hello == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, sizeof(Hello)};
  }
  return Next{&kExpectsClientHello, hello};
}

}  // namespace ashlar::tls
