// SPDX-License-Identifier: Apache-2.0
// Finished and signatures: a mismatch, or a failure to compute them, ends the handshake (H02).
#include "catch.hpp"
#include "support/skip.hpp"
#include "support/stack.hpp"
#include "tls/record/sealing.hpp"
#include "tls/support/pipe.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

// Both sides' verify_data, from their secret events.
struct VerifyData {
  Buffer of_client, of_server;
  tls::EventSink sink() {
    return {[](void* context, const tls::Event& event) {
              auto& self = *static_cast<VerifyData*>(context);
              if (const auto* secret = std::get_if<tls::SecretEvent>(&event.what)) {
                if (secret->kind == tls::SecretKind::client_verify_data) {
                  self.of_client = buffer_of(secret->value);
                } else if (secret->kind == tls::SecretKind::server_verify_data) {
                  self.of_server = buffer_of(secret->value);
                }
              }
            },
            this, false, true};
  }
};

// A flight without its last record, which holds Finished.
Buffer without_finished(Buffer flight) {
  std::size_t at = 0, last = 0;
  while (at < flight.size()) {
    last = at;
    at += 5 + static_cast<std::size_t>(flight[at + 3]) * 256 + flight[at + 4];
  }
  flight.resize(last);
  return flight;
}

// Sends this verify_data as the first record under the new keys.
std::optional<Error> finish_with(tls::Connection& from, tls::Connection& to, const Buffer& verify_data) {
  Buffer message = {20, 0, 0, 12};
  message.insert(message.end(), verify_data.begin(), verify_data.end());
  tls::ProtectionAccess::set_sequence_number(engine_of(from).writing, 0);
  REQUIRE(engine_of(from).send_record(tls::ContentType::handshake, message));
  return feed_all(to, drain(from));
}

// Fails at one call.
struct FailingRandom {
  crypto::DeterministicRandom good;
  std::size_t calls = 0;
  std::size_t fail_at;
  FailingRandom(std::uint64_t seed, std::size_t at) : good(seed), fail_at(at) {}
  crypto::Random random() {
    return {[](void* context, MutBytes out) -> Result<void> {
              auto& self = *static_cast<FailingRandom*>(context);
              if (self.calls++ == self.fail_at) {
                return ErrorCode::random_unavailable;
              }
              return self.good.random().fill(out);
            },
            this};
  }
};

}  // namespace

TEST_CASE("H02 finish: each wrong bit of either Finished is finished_mismatch") {
  const bool of_client = GENERATE(true, false);
  for (std::size_t bit = 0; bit <= 96; ++bit) {
    INFO(bit);
    Setup setup;
    setup.use(tls::kEcdheEcdsaAes128GcmSha256);
    VerifyData told;
    (of_client ? setup.client.events : setup.server.events) = told.sink();
    auto client = setup.make_client();
    auto server = setup.make_server();
    REQUIRE_FALSE(feed_all(server, drain(client)));
    REQUIRE_FALSE(feed_all(client, drain(server)));
    Buffer flight = drain(client);
    tls::Connection& from = of_client ? static_cast<tls::Connection&>(client) : server;
    tls::Connection& to = of_client ? static_cast<tls::Connection&>(server) : client;
    if (!of_client) {
      REQUIRE_FALSE(feed_all(server, flight));
      flight = drain(server);
    }
    REQUIRE_FALSE(feed_all(to, without_finished(flight)));
    Buffer verify_data = of_client ? told.of_client : told.of_server;
    REQUIRE(verify_data.size() == 12);
    if (bit < 96) {
      verify_data[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    }
    const auto error = finish_with(from, to, verify_data);
    if (bit < 96) {
      REQUIRE(error);
      CHECK(*error == ErrorCode::finished_mismatch);
      CHECK_FALSE(to.handshake_done());
      CHECK(alert_of(error->code) == Alert::decrypt_error);
    } else {
      CHECK_FALSE(error);
      CHECK(to.handshake_done());
    }
  }
}

TEST_CASE("S12 finish: the Finished that would have been right does not stay on the stack") {
  if (kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  // The same randomness gives the same Finished: the first round learns it, the second one looks for it.
  Buffer expected;
  for (const bool look : {false, true}) {
    Setup setup;
    setup.use(tls::kEcdheEcdsaAes128GcmSha256);
    VerifyData told;
    if (!look) {
      setup.client.events = told.sink();
    }
    auto client = setup.make_client();
    auto server = setup.make_server();
    REQUIRE_FALSE(feed_all(server, drain(client)));
    REQUIRE_FALSE(feed_all(client, drain(server)));
    REQUIRE_FALSE(feed_all(server, without_finished(drain(client))));
    if (!look) {
      expected = told.of_client;
      REQUIRE(expected.size() == 12);
      continue;
    }
    const Buffer wrong(12, 0);
    std::optional<Error> error;
    CHECK(words_left_on_stack(expected, [&] { error = finish_with(client, server, wrong); }) == 0);
    REQUIRE(error);
    CHECK(*error == ErrorCode::finished_mismatch);
  }
}

TEST_CASE(
    "H02 finish: a signature that could not be made ends the handshake on its own side, with "
    "internal_error") {
  const bool at_client = GENERATE(false, true);
  Setup setup;
  setup.use(tls::kEcdheEcdsaAes128GcmSha256);
  tls::Signer signer = tls::local_signer(ecdsa_key());
  signer.sign = [](const void*, const x509::SignatureAlgorithm&, const x509::SigningInput&, crypto::Random,
                   MutBytes) -> Result<Bytes> { return ErrorCode::signing_fault; };
  const Identity own(at_client ? pem::kEcdsaClient : pem::kEcdsaServer, signer);
  if (at_client) {
    setup.server.client_authentication = tls::ClientAuthentication::require;
    setup.client.credentials = &own.credentials;
  } else {
    setup.server.credentials = &own.credentials;
  }
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  CHECK_FALSE(pipe.run());
  const tls::Connection& failed = at_client ? static_cast<tls::Connection&>(client) : server;
  const tls::Connection& told = at_client ? static_cast<tls::Connection&>(server) : client;
  REQUIRE(failed.error());
  CHECK(*failed.error() == ErrorCode::signing_fault);
  REQUIRE(told.error());
  CHECK(*told.error() == ErrorCode::peer_alert);
  CHECK(told.error()->detail == static_cast<std::uint32_t>(Alert::internal_error));
  CHECK_FALSE(client.handshake_done());
  CHECK_FALSE(server.handshake_done());
}

TEST_CASE("H02 finish: randomness that fails at any draw ends the handshake, whatever it was for") {
  for (const bool at_client : {true, false}) {
    std::size_t failures = 0;
    for (std::size_t fail_at = 0;; ++fail_at) {
      INFO((at_client ? "client, " : "server, ") << fail_at);
      Setup setup;
      setup.use(tls::kEcdheRsaAes128GcmSha256);
      setup.resumable();
      Identity shown(pem::kEcdsaClient, ecdsa_key());
      setup.server.client_authentication = tls::ClientAuthentication::require;
      setup.client.credentials = &shown.credentials;
      FailingRandom failing(at_client ? 3 : 4, fail_at);
      (at_client ? setup.client.random : setup.server.random) = failing.random();
      auto client = tls::Client::create(setup.client, setup.name);
      if (!client) {
        CHECK(client.error() == ErrorCode::random_unavailable);
        ++failures;
        continue;
      }
      auto server = setup.make_server();
      Pipe pipe(*client, server);
      if (pipe.run()) {
        CHECK(failing.calls <= fail_at);
        CHECK(client->handshake_done());
        break;
      }
      ++failures;
      const auto error = at_client ? client->error() : server.error();
      REQUIRE(error);
      CHECK(*error == ErrorCode::random_unavailable);
      CHECK_FALSE((client->handshake_done() && server.handshake_done()));
    }
    CHECK(failures >= 3);
  }
}
