// SPDX-License-Identifier: Apache-2.0
// Randomness that fails once. If a source fails for good, the next draw notices. If it fails at a single
// draw, only the code that made this draw can notice.
#include "catch.hpp"
#include "support/describe.hpp"
#include "tls/support/faults.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

struct Row {
  const tls::tls12::Suite* suite;
  bool client_certificate;
};

// A whole connection with data in both directions. Returns the error of the tested side, or nothing.
std::optional<Error> run(const Row& row, bool client_fails, FailsOnce& source, Setup& setup) {
  setup.use(*row.suite);
  setup.resumable();
  Identity certificate(pem::kRsaClient, rsa_key());
  if (row.client_certificate) {
    setup.server.client_authentication = tls::ClientAuthentication::require;
    setup.client.credentials = &certificate.credentials;
  }
  (client_fails ? setup.client.random : setup.server.random) = source.random();
  auto client = tls::Client::create(setup.client, setup.name);
  if (!client) {
    return client.error();
  }
  auto server = setup.make_server();
  tls::Connection& failing = client_fails ? static_cast<tls::Connection&>(*client) : server;
  Pipe pipe(*client, server);
  (void)pipe.run();
  if (client->handshake_done() && server.handshake_done()) {
    (void)pipe.send(*client, bytes_of("a question"));
    (void)pipe.send(server, bytes_of("an answer"));
  }
  return failing.error();
}

}  // namespace

TEST_CASE("randomness: each draw that fails ends the connection, whichever it is") {
  const Row rows[] = {{&tls::kEcdheRsaAes128GcmSha256, true},
                      {&tls::kEcdheEcdsaAes256GcmSha384, false},
                      {&tls::kRsaAes128CbcSha256, true}};
  for (const Row& row : rows) {
    for (const bool client_fails : {true, false}) {
      INFO(row.suite->name << ", " << (client_fails ? "client" : "server"));
      std::size_t draws = 0;
      {
        Setup setup;
        FailsOnce counted{(client_fails ? setup.client_random : setup.server_random).random()};
        const auto error = run(row, client_fails, counted, setup);
        REQUIRE_FALSE(error.has_value());
        draws = counted.draws;
        REQUIRE(draws >= 2);
      }
      for (std::size_t n = 0; n < draws; ++n) {
        Setup setup;
        FailsOnce once{(client_fails ? setup.client_random : setup.server_random).random()};
        once.fail_at = n;
        const auto error = run(row, client_fails, once, setup);
        INFO("draw " << n << " of " << draws);
        REQUIRE(error.has_value());
        CHECK(error->code == ErrorCode::random_unavailable);
        // The connection did not go on, but the alert's record may draw an IV.
        CHECK(once.draws <= n + 2);
      }
    }
  }
}
