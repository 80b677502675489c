// SPDX-License-Identifier: Apache-2.0
// The event stream of one deterministic handshake, line by line.
#include "catch.hpp"
#include "tls/support/pipe.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text = "\n";
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("events: a full handshake, message by message, record by record, secret by secret") {
  Setup setup;
  setup.use(tls::kRsaAes128CbcSha256);
  setup.client.events = setup.client_log.sink(true, true);
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  REQUIRE(pipe.send(client, bytes_of("hello")));
  client.close();
  REQUIRE(pipe.run());
  CHECK(joined(setup.client_log.lines) == R"(
1 > ClientHello 143
1 > secret client_random of 32
1 > record handshake #0 of 147 in 152 padding 0 mac 0 epoch 0
1 < record handshake #0 of 726 in 731 padding 0 mac 0 epoch 0
1 < ServerHello 57
1 < secret server_random of 32
2 < Certificate 657
2 < ServerHelloDone 0
3 > ClientKeyExchange 258
3 > secret premaster_secret of 48
3 > secret session_hash of 32
3 > secret master_secret of 48
3 > secret key_block of 96
3 > secret client_mac_key of 32
3 < secret server_mac_key of 32
3 > secret client_key of 16
3 < secret server_key of 16
3 > secret client_iv of 0
3 < secret server_iv of 0
3 > record handshake #1 of 262 in 267 padding 0 mac 0 epoch 0
4 > ChangeCipherSpec
4 > record change_cipher_spec #2 of 1 in 6 padding 0 mac 0 epoch 0
4 > secret client_finished_hash of 32
4 > secret client_verify_data of 12
4 > Finished 12
4 > record handshake #0 of 16 in 85 padding 16 mac 32 epoch 1
4 < record change_cipher_spec #1 of 1 in 6 padding 0 mac 0 epoch 0
4 < ChangeCipherSpec
4 < record handshake #0 of 16 in 85 padding 16 mac 32 epoch 1
4 < secret server_finished_hash of 32
4 < secret server_verify_data of 12
4 < Finished 12
4 < handshake done
5 > record application_data #1 of 5 in 69 padding 11 mac 32 epoch 1
5 > warning alert close_notify
5 > record alert #2 of 2 in 69 padding 14 mac 32 epoch 1
5 < record alert #1 of 2 in 69 padding 14 mac 32 epoch 1
5 < warning alert close_notify
)");
}

TEST_CASE("events: they carry what was decided so far, and time goes forward") {
  Setup setup;
  struct Watch {
    std::uint64_t last = 0;
    std::size_t backwards = 0;
    const tls::CipherSuite* at_client_hello = nullptr;
    const tls::CipherSuite* at_server_hello = nullptr;
    const tls::Scheme* at_key_exchange = nullptr;
  } watch;
  setup.client.events = {[](void* context, const tls::Event& event) {
                           auto& self = *static_cast<Watch*>(context);
                           self.backwards += event.time <= self.last ? 1u : 0u;
                           self.last = event.time;
                           if (const auto* message = std::get_if<tls::MessageEvent>(&event.what)) {
                             if (message->type == tls::HandshakeType::client_hello) {
                               self.at_client_hello = event.negotiated.suite;
                             } else if (message->type == tls::HandshakeType::server_hello) {
                               self.at_server_hello = event.negotiated.suite;
                             } else if (message->type == tls::HandshakeType::server_key_exchange) {
                               self.at_key_exchange = event.negotiated.server_scheme;
                             }
                           }
                         },
                         &watch};
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK(watch.backwards == 0);
  CHECK(watch.at_client_hello == nullptr);
  CHECK(watch.at_server_hello == &tls::kEcdheEcdsaAes128GcmSha256);
  CHECK(watch.at_key_exchange == &tls::kEcdsaSecp256r1Sha256);
}

TEST_CASE("events: secrets and records are told only where asked for") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK(setup.client_log.count("secret") == 0);
  CHECK(setup.client_log.count("record") == 0);
  CHECK(setup.client_log.count("handshake done") == 1);
  CHECK(setup.server_log.count("handshake done") == 1);
}

TEST_CASE("events: both sides tell the same secrets") {
  Setup setup;
  std::vector<Buffer> secrets[2][16];
  const auto sink = [](auto& list) {
    return tls::EventSink{[](void* context, const tls::Event& event) {
                            if (const auto* secret = std::get_if<tls::SecretEvent>(&event.what)) {
                              auto* all = static_cast<std::vector<Buffer>*>(context);
                              all[static_cast<std::size_t>(secret->kind)].push_back(buffer_of(secret->value));
                            }
                          },
                          &list, false, true};
  };
  setup.client.events = sink(secrets[0]);
  setup.server.events = sink(secrets[1]);
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  for (std::size_t kind = 0; kind < 16; ++kind) {
    INFO(tls::name(static_cast<tls::SecretKind>(kind)));
    REQUIRE(secrets[0][kind].size() == 1);
    CHECK((secrets[0][kind] == secrets[1][kind]));
  }
}

TEST_CASE("events: an error is told with its alert, on both sides") {
  Setup setup;
  setup.name = "elsewhere.example";
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  CHECK_FALSE(pipe.run());
  CHECK(setup.client_log.count("> error name_mismatch") == 1);
  CHECK(setup.client_log.count("> fatal alert bad_certificate") == 1);
  CHECK(setup.server_log.count("< fatal alert bad_certificate") == 1);
  CHECK(setup.server_log.count("< error peer_alert") == 1);
}
