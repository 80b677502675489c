// SPDX-License-Identifier: Apache-2.0
// Every byte of every flight is changed, and every cut is made. The result is an error or silence, never a
// finished handshake.
#include "catch.hpp"
#include "tls/support/faults.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

struct Scenario {
  const char* what;
  const tls::tls12::Suite* suite;
  bool client_certificate;
  bool resumed;
  std::size_t stride;  // RSA is slow: not every byte
};

}  // namespace

TEST_CASE("tampering: no changed byte of any flight goes unnoticed by both sides") {
  const auto scenario = GENERATE(values<Scenario>({
      {"ECDHE with a client certificate", &tls::kEcdheEcdsaAes128GcmSha256, true, false, 1},
      {"RSA key transport with CBC", &tls::kRsaAes128CbcSha256, false, false, 5},
      {"resumed", &tls::kEcdheEcdsaAes128GcmSha256, false, true, 1},
  }));
  INFO(scenario.what);
  Setup setup;
  setup.client.events = setup.server.events = {};
  setup.use(*scenario.suite);
  setup.resumable();
  Identity shown(pem::kEcdsaClient, ecdsa_key());
  if (scenario.client_certificate) {
    setup.server.client_authentication = tls::ClientAuthentication::require;
    setup.client.credentials = &shown.credentials;
  }
  std::optional<tls::Session> session;
  if (scenario.resumed) {
    auto client = setup.make_client();
    auto server = setup.make_server();
    Pipe pipe(client, server);
    REQUIRE(pipe.run());
    session.emplace(std::move(*client.session()));
  }
  const tls::Session* resume = session ? &*session : nullptr;
  REQUIRE(survives(setup.make_client(resume), setup.make_server(), 99, [](Buffer&) {}));
  std::mt19937_64 engine(5);
  for (std::size_t flight = 0; flight < (scenario.resumed ? 3u : 4u); ++flight) {
    std::size_t size = 1;
    for (std::size_t at = 0; at < size; at += scenario.stride) {
      // The minor version of each side's first record is ignored (RFC 5246 §E.1).
      if (flight <= 1 && at == 2) {
        continue;
      }
      const auto flip = static_cast<std::uint8_t>(1 + engine() % 255);
      const bool good = survives(setup.make_client(resume), setup.make_server(), flight, [&](Buffer& bytes) {
        // ECDSA signatures differ in size, so a later flight may be shorter.
        size = bytes.size();
        std::uint8_t& victim = bytes[at < size ? at : size - 1];
        victim = static_cast<std::uint8_t>(victim ^ flip);
      });
      INFO("flight " << flight << ", byte " << at << ", flipped by " << static_cast<int>(flip));
      CHECK_FALSE(good);
    }
  }
}

TEST_CASE("tampering: a flight cut anywhere leaves the peer waiting or in error, never done") {
  Setup setup;
  setup.client.events = setup.server.events = {};
  setup.use(tls::kEcdheEcdsaAes128GcmSha256);
  for (std::size_t flight = 0; flight < 4; ++flight) {
    std::size_t size = 1;
    for (std::size_t keep = 0; keep < size; keep += 7) {
      const bool good = survives(setup.make_client(), setup.make_server(), flight, [&](Buffer& bytes) {
        size = bytes.size();
        bytes.resize(keep);
      });
      INFO("flight " << flight << " cut to " << keep);
      CHECK_FALSE(good);
    }
  }
}

TEST_CASE("tampering: random bytes end every connection in an error or in waiting") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Setup setup;
    auto client = setup.make_client();
    auto server = setup.make_server();
    const Buffer bytes = noise(200, seed);
    (void)feed_all(client, bytes);
    (void)feed_all(server, bytes);
    CHECK_FALSE(client.handshake_done());
    CHECK_FALSE(server.handshake_done());
  }
}
