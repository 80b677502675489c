// SPDX-License-Identifier: Apache-2.0
// TLS 1.3 where memory or randomness fails once, at each place where it can, and where a byte on the wire
// changes, each byte of each flight.
#include "tls/support/faults.hpp"
#include "tls/support/early_data.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

enum class Kind { client_certificate, retried, resumed, resumed_from_store, early_data };
constexpr Kind kKinds[] = {Kind::client_certificate, Kind::retried, Kind::resumed, Kind::resumed_from_store,
                           Kind::early_data};

// A pair of sides that are about to make a handshake of this kind.
struct Faulty : EarlyDataSetup {
  explicit Faulty(Kind which) : shown(pem::kEcdsaClient, ecdsa_key()), kind(which) {
    client.events = server.events = {};
    if (kind != Kind::early_data) {
      client.early_data = nullptr;
      server.early_data = nullptr;
    }
    if (kind == Kind::client_certificate) {
      server.client_authentication = tls::ClientAuthentication::require;
      client.credentials = &shown.credentials;
    }
    if (kind == Kind::retried) {
      use_groups(kBoth, kSecond);
    }
    if (kind == Kind::resumed_from_store) {
      server.tickets = nullptr;
      resumable();
    }
    if (kind >= Kind::resumed) {
      session.emplace(connect(*this).session);
    }
  }
  Result<tls::Client> new_client() {
    return tls::Client::create(client, name, session ? &*session : nullptr);
  }
  // It has what it must have, if the handshake was made.
  void check_kind(const tls::Connection& side) const {
    CHECK(side.negotiated().version == tls::ProtocolVersion::tls13);
    CHECK(side.negotiated().retried == (kind == Kind::retried));
    CHECK(side.negotiated().resumed == (kind >= Kind::resumed));
    CHECK(side.negotiated().early_data == (kind == Kind::early_data));
    CHECK(side.negotiated().client_authenticated == (kind == Kind::client_certificate));
  }

  static constexpr const tls::Group* kBoth[] = {&tls::kX25519, &tls::kSecp256r1};
  static constexpr const tls::Group* kSecond[] = {&tls::kSecp256r1};
  Identity shown;
  std::optional<tls::Session> session;
  Kind kind;
};

// A handshake, data both ways, and the end. The error of the side under test, or nothing. ticket: whether the
// client was given one.
std::optional<Error> whole_life13(Faulty& scene, bool at_client, bool& ticket) {
  auto client = scene.new_client();
  if (!client) {
    return client.error();
  }
  auto server = tls::Server::create(scene.server);
  if (!server) {
    return server.error();
  }
  Pipe pipe(*client, *server);
  Buffer early;
  const bool sent = scene.kind != Kind::early_data || client->write_early_data(noise(100)).ok();
  const bool good = sent && run_early(*client, *server, early) && pipe.send(*client, noise(20000)) &&
                    pipe.send(*server, noise(20000));
  if (good) {
    CHECK(early.size() == (scene.kind == Kind::early_data ? 100u : 0u));
    scene.check_kind(*client);
    scene.check_kind(*server);
    ticket = client->session().ok();
  }
  const auto error = at_client ? client->error() : server->error();
  client->close();
  server->close();
  (void)pipe.run();
  return error;
}

}  // namespace

TEST_CASE("D04 TLS 1.3: every allocation that fails ends in an error, and nothing leaks") {
  const Kind kind = GENERATE(from_range(std::begin(kKinds), std::end(kKinds)));
  const bool at_client = GENERATE(true, false);
  std::size_t failures = 0;
  for (std::size_t fail_at = 0;; ++fail_at) {
    INFO(static_cast<int>(kind) << (at_client ? ", client, " : ", server, ") << fail_at);
    Faulty scene(kind);
    CountedMemory& memory = at_client ? scene.client_memory : scene.server_memory;
    memory.fail_at = memory.calls + fail_at;
    bool ticket = false;
    const auto error = whole_life13(scene, at_client, ticket);
    for (const CountedMemory* each : {&scene.client_memory, &scene.server_memory}) {
      CHECK(each->current == 0);
      CHECK(each->wrong_sizes == 0);
    }
    if (memory.calls <= memory.fail_at) {
      CHECK_FALSE(error);
      CHECK(ticket);
      break;
    }
    if (error) {
      CHECK(*error == ErrorCode::out_of_memory);
      ++failures;
    }
  }
  CHECK(failures >= 5);
}

TEST_CASE("H02 TLS 1.3: each draw of randomness that fails ends the connection, whatever it was for") {
  const Kind kind = GENERATE(from_range(std::begin(kKinds), std::end(kKinds)));
  const bool at_client = GENERATE(true, false);
  std::size_t draws = 1;
  for (std::size_t fail_at = 0; fail_at <= draws; ++fail_at) {
    INFO(static_cast<int>(kind) << (at_client ? ", client, " : ", server, ") << fail_at << " of " << draws);
    Faulty scene(kind);
    FailsOnce source{(at_client ? scene.client_random : scene.server_random).random()};
    source.fail_at = fail_at == 0 ? ~std::size_t{0} : fail_at - 1;  // first it is counted
    (at_client ? scene.client.random : scene.server.random) = source.random();
    bool ticket = false;
    const auto error = whole_life13(scene, at_client, ticket);
    if (fail_at == 0) {
      CHECK(ticket);
      draws = source.draws;
      CHECK(draws >= 2);
      REQUIRE_FALSE(error);
      continue;
    }
    // A ticket that cannot be sealed is not given. It is the last that a server draws for.
    if (!at_client && fail_at == draws && !error) {
      CHECK_FALSE(ticket);
      continue;
    }
    REQUIRE(error);
    CHECK(*error == ErrorCode::random_unavailable);
    CHECK(source.draws == fail_at);  // it did not go on
  }
}

TEST_CASE("TLS 1.3 tampering: no changed byte of any flight goes unnoticed by both sides") {
  const Kind kind = GENERATE(Kind::client_certificate, Kind::retried, Kind::resumed);
  Faulty scene(kind);
  REQUIRE(survives(*scene.new_client(), scene.make_server(), 99, [](Buffer&) {}));
  std::mt19937_64 engine(5);
  const std::size_t flights = kind == Kind::retried ? 5 : 3;
  for (std::size_t flight = 0; flight < flights; ++flight) {
    std::size_t size = 1;
    for (std::size_t at = 0; at < size; at += flight == 0 ? 11 : 3) {
      // The minor version of each side's first record is ignored (RFC 9846 §5.1).
      if (flight <= 1 && at == 2) {
        continue;
      }
      const auto flip = static_cast<std::uint8_t>(1 + engine() % 255);
      const bool good = survives(*scene.new_client(), scene.make_server(), flight, [&](Buffer& bytes) {
        size = bytes.size();  // ECDSA signatures differ in size
        std::uint8_t& victim = bytes[at < size ? at : size - 1];
        victim = static_cast<std::uint8_t>(victim ^ flip);
      });
      INFO("flight " << flight << ", byte " << at << ", flipped by " << static_cast<int>(flip));
      CHECK_FALSE(good);
    }
  }
}
