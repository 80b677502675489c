// SPDX-License-Identifier: Apache-2.0
// Memory: any allocation may fail, all of it comes back, and none is made per record.
#include "catch.hpp"
#include "tls/support/pipe.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

// What a connection holds once its handshake is done.
constexpr std::size_t kKeys = 2 * 1280;  // the key objects of both directions under AES-GCM
constexpr std::size_t kIdle = sizeof(tls::Engine) + 512 + kKeys + tls::kInputCapacity + tls::kOutputCapacity;

// A handshake, some data, and the end. False if an error stopped it.
bool whole_life(Setup& setup, const tls::Session* session = nullptr) {
  const bool at_client = setup.client_memory.fail_at != ~std::size_t{0};
  auto client = tls::Client::create(setup.client, setup.name, session);
  if (!client) {
    CHECK(client.error() == ErrorCode::out_of_memory);
    return false;
  }
  auto server = tls::Server::create(setup.server);
  if (!server) {
    CHECK(server.error() == ErrorCode::out_of_memory);
    return false;
  }
  Pipe pipe(*client, *server);
  const bool good = pipe.run() && pipe.send(*client, noise(40000)) && pipe.send(*server, noise(40000));
  if (!good) {
    const auto error = at_client ? client->error() : server->error();
    REQUIRE(error);
    CHECK(*error == ErrorCode::out_of_memory);
  }
  client->close();
  server->close();
  return pipe.run() && good;
}

}  // namespace

TEST_CASE("D04 memory: every allocation that fails ends in an error, and nothing leaks") {
  for (const bool at_client : {true, false}) {
    std::size_t failures = 0;
    for (std::size_t fail_at = 0;; ++fail_at) {
      Setup setup;
      setup.resumable();
      setup.server.client_authentication = tls::ClientAuthentication::require;
      Identity shown(pem::kRsaClient, rsa_key());
      setup.client.credentials = &shown.credentials;
      (at_client ? setup.client_memory : setup.server_memory).fail_at = fail_at;
      INFO((at_client ? "client, " : "server, ") << fail_at);
      const bool good = whole_life(setup);
      CHECK(setup.client_memory.current == 0);
      CHECK(setup.server_memory.current == 0);
      CHECK(setup.client_memory.wrong_sizes == 0);
      CHECK(setup.server_memory.wrong_sizes == 0);
      const std::size_t calls = (at_client ? setup.client_memory : setup.server_memory).calls;
      if (calls <= fail_at) {
        CHECK(good);
        break;
      }
      failures += good ? 0u : 1u;
    }
    CHECK(failures >= 5);
  }
}

TEST_CASE("D04 memory: every allocation of a resumed handshake may fail too") {
  for (const bool at_client : {true, false}) {
    std::size_t failures = 0;
    for (std::size_t fail_at = 0;; ++fail_at) {
      Setup setup;
      setup.resumable();
      std::optional<tls::Session> session;
      {
        auto client = setup.make_client();
        auto server = setup.make_server();
        Pipe pipe(client, server);
        REQUIRE(pipe.run());
        session = std::move(*client.session());
      }
      CountedMemory& memory = at_client ? setup.client_memory : setup.server_memory;
      const std::size_t before = memory.calls;
      memory.fail_at = before + fail_at;
      INFO((at_client ? "client, " : "server, ") << fail_at);
      const bool good = whole_life(setup, &*session);
      CHECK(setup.client_memory.current == 0);
      CHECK(setup.server_memory.current == 0);
      if (memory.calls <= memory.fail_at) {
        CHECK(good);
        break;
      }
      // It was resumed, or failed before anybody could tell.
      CHECK(setup.server_log.count("Certificate") <= 1);
      failures += good ? 0u : 1u;
    }
    CHECK(failures >= 3);
  }
}

TEST_CASE("D04 memory: the call that finds no room for its input says so itself") {
  for (const bool by_window : {false, true}) {
    Setup setup;
    auto client = setup.make_client();
    auto server = setup.make_server();
    Pipe pipe(client, server);
    REQUIRE(pipe.run());
    REQUIRE(server.write(bytes_of("data")));
    const Buffer record = drain(server);
    client.release_buffers();
    setup.client_memory.fail_at = setup.client_memory.calls;
    if (by_window) {
      CHECK(client.receive_window().empty());
      CHECK(client.received(0).error() == ErrorCode::out_of_memory);
    } else {
      const auto taken = client.feed(record);
      REQUIRE_FALSE(taken);
      CHECK(taken.error() == ErrorCode::out_of_memory);
    }
    REQUIRE(client.error());
    CHECK(*client.error() == ErrorCode::out_of_memory);
  }
}

TEST_CASE("memory: the handshake's is given back, and records need none") {
  const bool newer = GENERATE(false, true);
  Setup setup;
  setup.client.policy = setup.server.policy = newer ? &tls::policy::modern : &kTls12Modern;
  setup.server.client_authentication = tls::ClientAuthentication::require;
  Identity shown(pem::kRsaClient, rsa_key());
  setup.client.credentials = &shown.credentials;
  auto client = setup.make_client();
  auto server = setup.make_server();
  const std::size_t created = setup.client_memory.current;
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK(client.peer_certificates().empty());
  const std::size_t idle = setup.client_memory.current;
  CHECK(idle < created);
  CHECK(idle <= kIdle);
  CHECK(setup.server_memory.current <= kIdle);
  CHECK(sizeof(tls::Engine) <= 2 * 1024);
  const std::size_t client_calls = setup.client_memory.calls;
  const std::size_t server_calls = setup.server_memory.calls;
  REQUIRE(pipe.send(client, noise(300000)));
  REQUIRE(pipe.send(server, noise(300000)));
  CHECK(setup.client_memory.calls == client_calls);
  CHECK(setup.server_memory.calls == server_calls);
  CHECK(setup.client_memory.current == idle);
  // Typical handshakes stay far below the bound of T10.
  CHECK(setup.client_memory.peak <= 64 * 1024);
  CHECK(setup.server_memory.peak <= 64 * 1024);
}

TEST_CASE("memory: the peer's certificates stay if the config says so") {
  Setup setup;
  setup.client.keep_peer_certificates = true;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  REQUIRE(client.peer_certificates().size() == 1);
  CHECK(x509::Certificate::parse(client.peer_certificates()[0]));
}

TEST_CASE("T10 memory: a handshake stays below 256 KiB whatever the peer sends") {
  // The largest Certificate message that is accepted, from a fake server.
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  Refragmenter cut(Refragmenter::kByMessage);
  const auto records = cut.feed(drain(server));
  REQUIRE_FALSE(feed_all(client, records[0]));
  const std::size_t size = tls::kMaxCertificateMessageSize;
  Buffer message(4 + size, 0);
  message[0] = 11;
  message[1] = static_cast<std::uint8_t>(size >> 16);
  message[2] = static_cast<std::uint8_t>(size >> 8);
  message[3] = static_cast<std::uint8_t>(size);
  std::optional<Error> error;
  for (std::size_t at = 0; at < message.size() && !error; at += 16000) {
    const std::size_t count = message.size() - at < 16000 ? message.size() - at : 16000;
    error = feed_all(client, plain_record(tls::ContentType::handshake, Bytes(message).subspan(at, count)));
  }
  REQUIRE(error);
  CHECK(setup.client_memory.peak <= 256 * 1024);
  CHECK(setup.client_memory.peak > 128 * 1024);
}

TEST_CASE("memory: a flight larger than the output buffer goes out whole, and the buffer shrinks again") {
  Setup setup;
  const LongChain ladder(10, 60);
  const tls::Credential credential = credential_of(ladder.chain(), tls::local_signer(ladder.key()));
  REQUIRE(credential.certificate_message().size() > 80000);
  const tls::Credentials credentials = index_of({&credential});
  setup.server.credentials = &credentials;
  setup.client.verifier = tls::dangerous_accept_any_certificate();
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK(server.handshake_done());
  CHECK(setup.server_memory.current <= kIdle);
}
