// SPDX-License-Identifier: Apache-2.0
// A server's extensions that mean nothing (RFC 8701 §4), which a client passes over.
#include "message/tls13.hpp"
#include "tls/support/early_data.hpp"

#include <map>
#include <set>

using namespace ashlar;
using namespace ashlar::test;

namespace {

// The bodies of messages that a server sent.
struct SentBodies {
  std::map<tls::HandshakeType, Buffer> of;
  tls::EventSink sink() {
    return {[](void* context, const tls::Event& event) {
              const auto* message = std::get_if<tls::MessageEvent>(&event.what);
              if (message != nullptr && event.direction == tls::Direction::sent) {
                static_cast<SentBodies*>(context)->of[message->type] = buffer_of(message->body);
              }
            },
            this};
  }
};

// The type of the first extension of a block at this place, if it means nothing; else 0.
unsigned grease_at(const Buffer& body, std::size_t at) {
  REQUIRE(body.size() >= at + 6);
  const unsigned type = static_cast<unsigned>(body[at + 2]) << 8 | body[at + 3];
  const bool means_nothing = body[at + 2] == body[at + 3] && (body[at + 3] & 0x0f) == 0x0a;
  return means_nothing && body[at + 4] == 0 && body[at + 5] == 0 ? type : 0;
}

}  // namespace

TEST_CASE("TLS 1.3 grease: CertificateRequest and NewSessionTicket have an extension that means nothing") {
  EarlyDataSetup setup;
  Identity shown(pem::kEcdsaClient, ecdsa_key());
  setup.client.credentials = &shown.credentials;
  setup.server.client_authentication = tls::ClientAuthentication::require;
  SentBodies bodies;
  setup.server.events = bodies.sink();
  const bool grease = GENERATE(false, true);
  setup.server.grease = grease;
  std::set<unsigned> seen;
  for (int i = 0; i < 20; ++i) {
    const tls::Session session = connect(setup).session;
    CHECK(session.max_early_data == 1000);
    const unsigned in_request = grease_at(bodies.of[tls::HandshakeType::certificate_request], 1);
    const Buffer& ticket = bodies.of[tls::HandshakeType::new_session_ticket];
    const std::size_t nonce = ticket[8];
    const std::size_t handle = 9 + nonce;
    const unsigned in_ticket =
        grease_at(ticket, handle + 2 + static_cast<std::size_t>(ticket[handle]) * 256 + ticket[handle + 1]);
    CHECK((in_request != 0) == grease);
    CHECK((in_ticket != 0) == grease);
    seen.insert({in_request, in_ticket});
  }
  CHECK(seen.size() > (grease ? 5u : 0u));
}
