// SPDX-License-Identifier: Apache-2.0
// Makes the ClientHello for all versions of the policy, and reads from the ServerHello which version is
// spoken (RFC 5246 §7.4.1).
#include "hello/client.hpp"

#include "extension/block.hpp"
#include "hello/alpn.hpp"
#include "hello/certificate_types.hpp"
#include "hello/client_hello.hpp"
#include "hello/downgrade.hpp"
#include "protocol_of.hpp"
#include "psk/psk.hpp"
#include "session/fits.hpp"

namespace ashlar::tls {

namespace {

struct ExpectsServerHello : ProtocolObject {
  ExpectsServerHello(const Allocation& allocation, const Outbox& engine, const ClientConfig& given)
      : ProtocolObject(allocation, engine), config(given), sent(engine.settings.memory) {}

  static constexpr bool kConnected = false;
  std::string_view state_name() const { return "client_expects_server_hello"; }
  bool accepts(const Input& input) const;
  Result<Next> step(const Input& input);

  const ClientConfig& config;
  SentHello sent;
};
using Hello = ExpectsServerHello;

// Whether a server can have this name: a DNS name or an IP address. Host names have no underscores, but
// internal networks use them.
bool is_name_of_server(std::string_view name) {
  return x509::check_reference_name(name).ok() ||
         (name.find('_') != std::string_view::npos && is_host_name(bytes_of(host_name_of(name))));
}

const ClientVersion* find_version(const Hello& self, ProtocolVersion wanted) {
  return find_version<ClientVersion>(*self.outbox.settings.policy, self.config.versions, wanted);
}

// A ClientHello with a larger ticket would be more than servers read.
constexpr std::size_t kMaxTicketShown = 16 * 1024;

// The session is bound to the server's name and to who judged what the server showed (H09).
bool can_resume(const Hello& self, const Session& session) {
  const auto judge = judge_of(self.config, session.server_certificate_type);
  return judge && find_version(self, session.version) != nullptr &&
         (!session.id.empty() || !session.ticket.empty()) &&
         session.ticket.bytes().size() <= kMaxTicketShown &&
         session_fits(session, session.version, *self.outbox.settings.policy, self.outbox.settings.now(),
                      text_of(self.sent.name.bytes()), *judge) &&
         has_psk_of(session, self.config.psks) &&
         (session.alpn.empty() || !find_protocol(self.config.alpn, text_of(session.alpn.bytes())).empty());
}

Result<void> start(Hello& self, std::string_view name, const Session* session) {
  Outcome& outcome = self.outbox.outcome;
  ASHLAR_CHECK(self.outbox.settings.random.fill(self.sent.random));
  if (!is_name_of_server(name) || !self.sent.name.assign(bytes_of(name))) {
    return ErrorCode::bad_server_name;
  }
  const std::string_view host = host_name_of(text_of(self.sent.name.bytes()));
  ASHLAR_CHECK(outcome.server_name.append(bytes_of(host)));
  outcome.negotiated.server_name = text_of(outcome.server_name.bytes());
  if (session != nullptr && can_resume(self, *session)) {
    ASHLAR_TRY(self.sent.session, session->clone());
    // In TLS 1.2 a server that takes the ticket sends this ID back: that is how the client knows (RFC 5077
    // §3.4).
    if (session->version == ProtocolVersion::tls12 && !session->ticket.empty()) {
      self.sent.session.id.resize(kMaxSessionIdSize);
      ASHLAR_CHECK(self.outbox.settings.random.fill(self.sent.session.id.bytes_mut()));
    }
  }
  self.sent.session_id = self.sent.session.id;
  ASHLAR_TRY(self.sent.variation, draw_variation(self.config, self.outbox.settings.random));
  for (const ProtocolVersion version : self.outbox.settings.policy->versions) {
    const ClientVersion* const row = find_version(self, version);
    if (row != nullptr && row->prepare != nullptr) {
      ASHLAR_CHECK(row->prepare(self.config, self.outbox, self.sent));
    }
  }
  ASHLAR_CHECK(send_client_hello(self.config, self.outbox, self.sent, nullptr));
  if (self.outbox.hears_secrets()) {
    self.outbox.tell(Direction::sent, SecretEvent{SecretKind::client_random, self.sent.random});
  }
  return self.sent.early_data ? self.config.early_data->start(self.outbox, self.sent) : Result<void>();
}

// The first of the offered versions that ignores HelloRequests, or null.
const ClientVersion* hello_request_version(const Hello& self) {
  for (const ProtocolVersion version : self.outbox.settings.policy->versions) {
    const ClientVersion* row = find_version(self, version);
    if (row != nullptr && row->pass_over_hello_request != nullptr) {
      return row;
    }
  }
  return nullptr;
}

// What a ServerHello of an older version must not say: what only TLS 1.3 does, that the server was asked for
// less than it speaks (H06), or that a session goes on which we made up for middleboxes.
Result<void> check_version(const Hello& self, const ServerHello& hello) {
  const bool newer = hello.has_key_share || hello.has_pre_shared_key || !hello.cookie.empty();
  if (hello.selected_version == ProtocolVersion::tls13) {
    return {};
  }
  if (hello.is_retry()) {  // TLS 1.3 alone has it
    return missing(ExtensionType::supported_versions).at(Place::server_hello_extensions);
  }
  if (hello.selected_version != ProtocolVersion{} || newer) {
    return misplaced(newer ? ExtensionType::key_share : ExtensionType::supported_versions)
        .at(Place::server_hello_extensions);
  }
  if (find_version(self, ProtocolVersion::tls13) != nullptr && says_downgrade(hello.random)) {
    return Error{ErrorCode::downgrade_detected, Place::server_hello,
                 static_cast<std::uint32_t>(hello.version)};
  }
  const bool made_up = self.sent.session.id.empty() && !self.sent.session_id.empty();
  if (made_up && equal_public(hello.session_id, self.sent.session_id.bytes())) {
    return ErrorCode::session_id_not_echoed;
  }
  return {};
}

bool ExpectsServerHello::accepts(const Input& input) const {
  if (input.kind != Input::Kind::message) {
    return false;
  }
  return input.message->type == HandshakeType::server_hello ||
         (input.message->type == HandshakeType::hello_request && hello_request_version(*this) != nullptr);
}

Result<Next> ExpectsServerHello::step(const Input& input) {
  if (input.message->type == HandshakeType::hello_request) {
    ASHLAR_CHECK(hello_request_version(*this)->pass_over_hello_request(outbox, *input.message));
    return Next{};
  }
  ASHLAR_TRY(const ServerHello hello, ServerHello::parse(input.message->body));
  ASHLAR_CHECK(check_version(*this, hello));
  const ClientVersion* const version = find_version(*this, hello.chosen_version());
  if (version == nullptr) {
    return Error{ErrorCode::unsupported_version, Place::none,
                 static_cast<std::uint32_t>(hello.chosen_version())};
  }
  // Whoever takes early data would not choose an older version than the session's (Appendix D.3).
  if (sent.early_data && version->version != ProtocolVersion::tls13) {
    return Error{ErrorCode::unsupported_version, Place::none, static_cast<std::uint32_t>(version->version)};
  }
  if (sent.session.version != version->version) {
    sent.session = Session{};  // of the version that was not chosen
  }
  ASHLAR_TRY(Next next, version->start(config, outbox, std::move(sent)));
  next.same_input = true;
  return next;
}

}  // namespace

Result<Next> start_client_hello(const ClientConfig& config, const Outbox& outbox, std::string_view name,
                                const Session* session) {
  ASHLAR_TRY(const Next made, make_protocol<Hello>(outbox, config));
  auto* const hello = static_cast<Hello*>(made.context);
  if (auto started = start(*hello, name, session); !started) {
    destroy_protocol(hello);
    return started.error();
  }
  return made;
}

}  // namespace ashlar::tls
