// SPDX-License-Identifier: Apache-2.0
// Chooses the version for a ClientHello, and puts its handshake in place (RFC 5246 §7.4.1.2, Appendix
// E.1).
#include "hello/server.hpp"

#include "config_check.hpp"
#include "extension/pre_shared_key.hpp"
#include "message/fields.hpp"
#include "protocol_of.hpp"

namespace ashlar::tls {

namespace {

struct ExpectsClientHello : ProtocolObject {
  ExpectsClientHello(const Allocation& allocation, const Outbox& engine, const ServerConfig& given)
      : ProtocolObject(allocation, engine), config(&given) {}

  static constexpr bool kConnected = false;
  std::string_view state_name() const { return "server_expects_client_hello"; }
  bool accepts(const Input& input) const {
    return input.kind == Input::Kind::message && input.message->type == HandshakeType::client_hello;
  }
  Result<Next> step(const Input& input);
  std::optional<SessionRequest> session_request(Bytes body) const;

  const ServerConfig* config;
  const ServerVersion* version = nullptr;  // that was chosen for a client whose sessions are fetched
};

// The config that the program has for this client, if it chooses.
Result<void> choose_config(ExpectsClientHello& self, const ClientHello& hello) {
  const ConfigChoice& choice = self.config->choice;
  if (choice.choose == nullptr) {
    return {};
  }
  const ServerConfig* const chosen = choice.choose(choice.context, request_of(hello));
  if (chosen == nullptr) {
    return ErrorCode::config_refused;
  }
  ServerConfig whole = *chosen;
  whole.clock = self.config->clock;
  whole.random = self.config->random;
  whole.memory = self.config->memory;
  ASHLAR_CHECK(check_config(whole));
  self.config = chosen;
  self.outbox.use(*chosen);
  return {};
}

// A client that lists its versions speaks those and no others (RFC 9846 §4.2.1); TLS 1.3 is in such lists
// alone. Without a list it speaks what is not above its version.
bool offers(const ClientHello& hello, ProtocolVersion version) {
  if (!hello.supported_versions.empty()) {
    return list_holds(hello.supported_versions, version);
  }
  return version <= hello.version && version != ProtocolVersion::tls13;
}

// The newest version that the client offers, of those that we know; for a message.
ProtocolVersion newest_offered(const ClientHello& hello) {
  for (const ProtocolVersion version : {ProtocolVersion::tls13, ProtocolVersion::tls12}) {
    if (offers(hello, version)) {
      return version;
    }
  }
  return hello.version < ProtocolVersion::tls12 ? hello.version : ProtocolVersion{0x0302};
}

// The first version of the policy's list that the client offers. A hello of SSL is refused whatever it lists
// (RFC 8446 §D.5).
Result<const ServerVersion*> choose_version(const ExpectsClientHello& self, const ClientHello& hello) {
  if (hello.version <= ProtocolVersion{0x0300}) {
    return Error{ErrorCode::unsupported_version, Place::none, static_cast<std::uint32_t>(hello.version)};
  }
  const ServerVersion* chosen = nullptr;
  ProtocolVersion newest_not_offered{};
  const Policy& policy = *self.outbox.settings.policy;
  for (const ProtocolVersion version : policy.versions) {
    const ServerVersion* const row = find_version<ServerVersion>(policy, self.config->versions, version);
    if (row == nullptr) {
      continue;
    }
    if (!offers(hello, version)) {
      newest_not_offered = newest_not_offered < version ? version : newest_not_offered;
    } else if (chosen == nullptr) {
      chosen = row;
    }
  }
  // RFC 7507 §3: a client that supports a higher version was made to fall back.
  if (chosen != nullptr && !(hello.offers_fallback_scsv && chosen->version < newest_not_offered)) {
    return chosen;
  }
  return Error{
      hello.offers_fallback_scsv ? ErrorCode::inappropriate_fallback : ErrorCode::unsupported_version,
      Place::none, static_cast<std::uint32_t>(newest_offered(hello))};
}

// The handles by which the client would resume in this version: those that the handshake looks up.
SessionRequest sessions_of(const ClientHello& hello, ProtocolVersion version) {
  SessionRequest request;
  const auto add = [&](Bytes handle) {
    if (!handle.empty() && handle.size() <= kMaxSessionIdSize) {
      (void)request.handles.push(handle);  // further ones are not looked up
    }
  };
  if (version == ProtocolVersion::tls12) {
    add(hello.session_ticket.empty() ? hello.session_id : Bytes());
    return request;
  }
  Reader identities(hello.identities);
  for (auto next = read_identity(identities); next; next = read_identity(identities)) {
    add(next->identity);
  }
  return request;
}

std::optional<SessionRequest> ExpectsClientHello::session_request(Bytes body) const {
  const auto hello = ClientHello::parse(body);
  return hello ? std::optional(sessions_of(*hello, version->version)) : std::nullopt;
}

Result<Next> ExpectsClientHello::step(const Input& input) {
  if (version == nullptr) {
    ASHLAR_TRY(const ClientHello hello, ClientHello::parse(input.message->body));
    ASHLAR_CHECK(choose_config(*this, hello));
    ASHLAR_TRY(version, choose_version(*this, hello));
    if (config->fetch_sessions && config->sessions != nullptr &&
        !sessions_of(hello, version->version).handles.empty()) {
      return Next{.not_yet = true};
    }
  }
  ASHLAR_TRY(Next next, version->start(*config, outbox));
  next.same_input = true;
  return next;
}

}  // namespace

Result<Next> start_server_hello(const ServerConfig& config, const Outbox& outbox) {
  return make_protocol<ExpectsClientHello>(outbox, config);
}

}  // namespace ashlar::tls
