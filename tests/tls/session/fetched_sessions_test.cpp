// SPDX-License-Identifier: Apache-2.0
// A server that rests while its program fetches sessions from another process or machine.
#include "tls/support/altered_hello.hpp"
#include "tls/support/resumption.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

// A connection whose program answers each request for sessions; what it was asked for.
struct Fetching {
  std::vector<std::string> asked;
  bool resumed = false;
};
template <class Answer>
Fetching fetch_in(Setup& setup, const tls::Session* session, const Answer& answer) {
  Fetching told;
  auto client = setup.make_client(session);
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  while (server.wants().has(tls::Want::session)) {
    CHECK_FALSE(server.wants().has(tls::Want::read));
    CHECK(server.receive_window().empty());
    CHECK(server.pending_output().empty());
    const auto request = server.session_request();
    REQUIRE(request);
    for (const Bytes handle : request->handles.span()) {
      told.asked.push_back(hex(handle));
    }
    server.release_buffers();
    answer(*request);
    REQUIRE(server.sessions_fetched());
    CHECK_FALSE(server.session_request());
  }
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK(client.negotiated().resumed == server.negotiated().resumed);
  told.resumed = client.negotiated().resumed;
  return told;
}

// A store elsewhere: what it has is put into the server's own only when it is fetched.
template <class Base>
struct FetchingSetup : Base {
  FetchingSetup() {
    this->resumable();
    this->server.fetch_sessions = true;
    session.emplace(connect(*this).session);
    const auto handle = session->ticket.empty() ? session->id.bytes() : session->ticket.bytes();
    this->id.assign(handle.begin(), handle.end());
    REQUIRE(this->sessions.find(id, {this->clock.seconds}, kept));
    this->sessions.remove(id);
  }
  void put() { this->sessions.put(kept); }

  std::optional<tls::Session> session;  // the client's
  tls::Session kept;                    // the server's
  Buffer id;
};

template <class Base>
void check_fetching() {
  FetchingSetup<Base> setup;
  // Whoever has nothing to resume is not made to wait.
  CHECK(fetch_in(setup, nullptr, [](const tls::SessionRequest&) {}).asked.empty());
  const Fetching found = fetch_in(setup, &*setup.session, [&](const tls::SessionRequest&) { setup.put(); });
  CHECK(found.asked == std::vector<std::string>{hex(setup.id)});
  CHECK(found.resumed);
  setup.sessions.remove(setup.id);
  const Fetching absent = fetch_in(setup, &*setup.session, [](const tls::SessionRequest&) {});
  CHECK(absent.asked.size() == 1);
  CHECK_FALSE(absent.resumed);
}

}  // namespace

TEST_CASE("fetched sessions: a server rests until they are there, and goes on without what is not",
          "[tls][session]") {
  SECTION("TLS 1.2") {
    check_fetching<Setup>();
  }
  SECTION("TLS 1.3") {
    check_fetching<Tls13Setup>();
  }
}

TEST_CASE("fetched sessions: tickets are not fetched", "[tls][session]") {
  const auto check = [](auto& setup) {
    setup.resumable();
    setup.server.fetch_sessions = true;
    const tls::Session session = connect(setup).session;
    const Fetching told = fetch_in(setup, &session, [](const tls::SessionRequest&) {});
    CHECK(told.asked.empty());
    CHECK(told.resumed);
  };
  SECTION("TLS 1.2") {
    WithTickets<Setup> setup;
    check(setup);
  }
  SECTION("TLS 1.3") {
    TicketSetup13 setup;
    check(setup);
  }
}

TEST_CASE("fetched sessions: the config is chosen once, and its word counts", "[tls][session]") {
  FetchingSetup<Setup> setup;
  int chosen = 0;
  struct Context {
    const tls::ServerConfig* config;
    int* chosen;
  };
  tls::ServerConfig own = setup.server;
  Context context{&own, &chosen};
  setup.server.fetch_sessions = false;
  setup.server.choice = {[](void* given, const tls::CredentialRequest&) {
                           auto* const self = static_cast<Context*>(given);
                           ++*self->chosen;
                           return self->config;
                         },
                         &context};
  const Fetching told = fetch_in(setup, &*setup.session, [&](const tls::SessionRequest&) { setup.put(); });
  CHECK(told.asked.size() == 1);
  CHECK(told.resumed);
  CHECK(chosen == 1);
}

TEST_CASE("fetched sessions: a ClientHello in pieces, byte by byte, is asked about once it is whole",
          "[tls][session]") {
  FetchingSetup<Tls13Setup> setup;
  auto client = setup.make_client(&*setup.session);
  auto server = setup.make_server();
  const Buffer hello = drain(client);
  for (std::size_t i = 0; i < hello.size(); ++i) {
    REQUIRE_FALSE(server.wants().has(tls::Want::session));
    REQUIRE(server.feed(Bytes(hello).subspan(i, 1)));
  }
  REQUIRE(server.wants().has(tls::Want::session));
  // What comes meanwhile is not taken.
  const auto taken = server.feed(Bytes(hello).first(5));
  REQUIRE(taken);
  CHECK(*taken == 0);
  setup.put();
  REQUIRE(server.sessions_fetched());
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK(client.negotiated().resumed);
}

TEST_CASE("fetched sessions: an answer to nobody's question, and one after the end", "[tls][session]") {
  FetchingSetup<Setup> setup;
  auto server = setup.make_server();
  const auto early = server.sessions_fetched();
  REQUIRE_FALSE(early);
  CHECK(early.error() == ErrorCode::no_session_request);
  auto client = setup.make_client(&*setup.session);
  REQUIRE_FALSE(feed_all(server, drain(client)));
  REQUIRE(server.wants().has(tls::Want::session));
  REQUIRE_FALSE(server.received_end());
  CHECK_FALSE(server.sessions_fetched());
  CHECK(server.wants().has(tls::Want::closed));
}
