// SPDX-License-Identifier: Apache-2.0
// ticket_request (RFC 9149): how many tickets a client asks for, gets and keeps.
#include "message/tls13.hpp"
#include "tls/message/build.hpp"
#include "tls/support/altered_hello.hpp"
#include "tls/support/early_data.hpp"

#include <set>

using namespace ashlar;
using namespace ashlar::test;

namespace {

// All sessions that a client has after a connection, the last first.
std::vector<tls::Session> sessions_of(Setup& setup, const tls::Session* session = nullptr) {
  auto client = setup.make_client(session);
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.negotiated().resumed == (session != nullptr));
  std::vector<tls::Session> out;
  if (const auto last = client.session()) {
    while (auto taken = client.take_session()) {
      if (out.empty()) {
        CHECK_BYTES(last->ticket.bytes(), taken->ticket.bytes());
      }
      out.push_back(std::move(*taken));
    }
  }
  CHECK(client.session().error() == ErrorCode::no_session);
  CHECK(client.take_session().error() == ErrorCode::no_session);
  return out;
}

}  // namespace

TEST_CASE("TLS 1.3 ticket request: a client gets as many as it asks for, each of which resumes once") {
  EarlyDataSetup setup;
  const bool kept = GENERATE(false, true);
  if (kept) {  // four of them
    setup.server.tickets = nullptr;
    setup.resumable();
  }
  setup.client.tickets = tls::TicketRequest{3, 2};
  const std::vector<tls::Session> first = sessions_of(setup);
  REQUIRE(first.size() == 3);
  CHECK(tickets_received(setup) == 3);
  std::set<std::string> tickets, secrets, ages;
  for (const tls::Session& each : first) {
    tickets.insert(hex(each.ticket.bytes()));
    secrets.insert(hex(each.secret.reveal()));
    ages.insert(std::to_string(each.age_add));
  }
  CHECK(tickets.size() == 3);
  CHECK(secrets.size() == 3);
  CHECK(ages.size() == 3);
  CHECK(sessions_of(setup, &first[0]).size() == 2);
  for (std::size_t i = 1; i < first.size() && !kept; ++i) {
    CHECK(sessions_of(setup, &first[i]).size() == 2);
  }
}

TEST_CASE("TLS 1.3 ticket request: none are sent to who wants none, one to who does not ask") {
  EarlyDataSetup setup;
  CHECK(sessions_of(setup).size() == 1);
  setup.client.tickets = tls::TicketRequest{0, 0};
  CHECK(sessions_of(setup).empty());
  setup.client.tickets = tls::TicketRequest{};
  const auto made = sessions_of(setup);
  REQUIRE(made.size() == 1);
  CHECK(sessions_of(setup, &made[0]).size() == 1);
  // A server that keeps no sessions gives none.
  setup.server.tickets = nullptr;
  setup.client.tickets = tls::TicketRequest{3, 3};
  CHECK(sessions_of(setup).empty());
}

TEST_CASE("D03 TLS 1.3 ticket request: the server's bound holds, and a client keeps eight") {
  EarlyDataSetup setup;
  setup.client.tickets = tls::TicketRequest{255, 255};
  CHECK(sessions_of(setup).size() == 4);
  setup.server.max_tickets = 16;
  setup.client_log.lines.clear();
  CHECK(sessions_of(setup).size() == tls::kMaxKeptSessions);
  CHECK(tickets_received(setup) == 16);
  setup.server.max_tickets = 0;
  CHECK(sessions_of(setup).empty());
  setup.server.max_tickets = 17;
  const auto refused_config = tls::Server::create(setup.server);
  CHECK(refused_config.error() == ErrorCode::invalid_argument);
  CHECK(refused_config.error().place == Place::server_config_max_tickets);
}

TEST_CASE("D03 TLS 1.3 ticket request: who asks for one keeps the last") {
  EarlyDataSetup setup;
  setup.client.tickets = tls::TicketRequest{1, 3};
  const auto made = sessions_of(setup);
  REQUIRE(made.size() == 1);
  CHECK(sessions_of(setup, &made[0]).size() == 3);
  setup.client.tickets = tls::TicketRequest{1, 1};
  setup.server.max_tickets = 4;
  CHECK(sessions_of(setup, &made[0]).size() == 1);
}

TEST_CASE("TLS 1.3 ticket request: the server says how many it will send") {
  EarlyDataSetup setup;
  setup.client.tickets = tls::TicketRequest{9, 1};
  struct Sink {
    std::optional<Buffer> body;
  } sink;
  setup.client.events = {
      [](void* context, const tls::Event& event) {
        const auto* message = std::get_if<tls::MessageEvent>(&event.what);
        if (message != nullptr && message->type == tls::HandshakeType::encrypted_extensions) {
          static_cast<Sink*>(context)->body = buffer_of(message->body);
        }
      },
      &sink};
  (void)sessions_of(setup);
  REQUIRE(sink.body);
  const auto said = tls::tls13::EncryptedExtensions::parse(*sink.body);
  REQUIRE(said);
  CHECK(said->has_expected_tickets);
  CHECK(said->expected_tickets == 4);
  setup.client.tickets = std::nullopt;
  (void)sessions_of(setup);
  CHECK_FALSE(tls::tls13::EncryptedExtensions::parse(*sink.body)->has_expected_tickets);
}

TEST_CASE("H04 H15 TLS 1.3 ticket request: its form is two bytes in a hello and one in the answer") {
  const auto answer = [](std::string_view body) {
    static Buffer message;
    message = prefixed(2, extension(58, unhex(body)));
    return tls::tls13::EncryptedExtensions::parse(message);
  };
  CHECK(answer("05")->expected_tickets == 5);
  CHECK(answer("").error() == ErrorCode::truncated);
  CHECK(answer("0505").error() == ErrorCode::trailing_data);
  CHECK(answer("0505").error().place == Place::encrypted_extensions_ticket_request);
  EarlyDataSetup setup;
  setup.client.tickets = tls::TicketRequest{3, 2};
  auto client = setup.make_client();
  const Buffer sent = drain(client);
  const auto hello = tls::ClientHello::parse(Bytes(sent).subspan(9));
  REQUIRE(hello);
  CHECK(hello->has_ticket_request);
  CHECK(hello->new_session_tickets == 3);
  CHECK(hello->resumption_tickets == 2);
}
