// SPDX-License-Identifier: Apache-2.0
// Makes the ClientHello for all versions of the policy, and reads from the ServerHello which version is
// spoken (RFC 5246 §7.4.1).
#include "hello/client.hpp"

#include "extension/block.hpp"
#include "hello/alpn.hpp"
#include "protocol_of.hpp"
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

// A ClientHello with a larger ticket would be more than servers read.
constexpr std::size_t kMaxTicketShown = 16 * 1024;

// The session is bound to the server's name and to the verifier of its certificate (H09).
bool can_resume(const Hello& self, const Session& session) {
  return (!session.id.empty() || !session.ticket.empty()) &&
         session.ticket.bytes().size() <= kMaxTicketShown &&
         session_fits(session, *self.outbox.settings.policy, self.outbox.settings.now(),
                      text_of(self.sent.name.bytes()), self.config.verifier.id) &&
         (session.alpn.empty() || !find_protocol(self.config.alpn, text_of(session.alpn.bytes())).empty());
}

Result<void> send_client_hello(Hello& self) {
  const Policy& policy = *self.outbox.settings.policy;
  std::uint8_t storage[1024];
  Writer lists{MutBytes(storage)};
  constexpr std::uint8_t kNullCompression[] = {0};
  ClientHello hello;
  hello.version = ProtocolVersion::tls12;
  hello.random = self.sent.random;
  hello.cipher_suites = list_ids(policy.suites, lists);
  hello.compression_methods = kNullCompression;
  ASHLAR_TRY(self.sent.extensions,
             offer_extensions({policy, self.outbox.outcome.negotiated.server_name, self.config.alpn, lists,
                               self.sent.session.ticket.bytes()},
                              hello));
  ASHLAR_CHECK(lists.finish());
  hello.session_id = self.sent.session.id.bytes();

  const std::size_t max_size = 1536 + self.sent.session.ticket.bytes().size();
  ASHLAR_TRY(const MutBytes room, self.outbox.room(kHandshakeHeaderSize + max_size));
  Writer writer(room);
  {
    const auto body = handshake_scope(writer, HandshakeType::client_hello);
    hello.build(writer);
  }
  ASHLAR_TRY(const Bytes whole, writer.finish());
  self.outbox.queue(whole.size());
  ASHLAR_CHECK(self.sent.message.append(whole));
  self.outbox.tell(Direction::sent,
                   MessageEvent{HandshakeType::client_hello, whole.subspan(kHandshakeHeaderSize)});
  if (self.outbox.hears_secrets()) {
    self.outbox.tell(Direction::sent, SecretEvent{SecretKind::client_random, self.sent.random});
  }
  return {};
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
    // A server that takes the ticket sends this ID back: that is how the client knows (RFC 5077 §3.4).
    if (!session->ticket.empty()) {
      self.sent.session.id.resize(kMaxSessionIdSize);
      ASHLAR_CHECK(self.outbox.settings.random.fill(self.sent.session.id.bytes_mut()));
    }
  }
  return send_client_hello(self);
}

// The row of a version that the policy allows, or null.
const ClientVersion* find_version(const Hello& self, ProtocolVersion wanted) {
  for (const ProtocolVersion version : self.outbox.settings.policy->versions) {
    for (const ClientVersion* row : self.config.versions) {
      if (row->version == version && version == wanted) {
        return row;
      }
    }
  }
  return nullptr;
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
  const ClientVersion* const version = find_version(*this, hello.version);
  if (version == nullptr) {
    return Error{ErrorCode::unsupported_version, Place::none, static_cast<std::uint32_t>(hello.version)};
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
