// SPDX-License-Identifier: Apache-2.0
// Connections work for any division of bytes into pieces.
#include "catch.hpp"
#include "tls/support/pipe.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

void check_data_both_ways(Setup& setup, Pipe& pipe, tls::Client& client, tls::Server& server,
                          std::size_t size) {
  REQUIRE(pipe.run());
  REQUIRE(client.handshake_done());
  REQUIRE(server.handshake_done());
  const Buffer up = noise(size, 7);
  const Buffer down = noise(size, 8);
  REQUIRE(pipe.send(client, up));
  REQUIRE(pipe.send(server, down));
  CHECK((pipe.server_got == up));
  CHECK((pipe.client_got == down));
  CHECK(setup.client_memory.wrong_sizes == 0);
}

}  // namespace

TEST_CASE("transport: one byte at a time, out and in") {
  Setup setup;
  const bool cbc = GENERATE(false, true);
  const std::size_t out = GENERATE(as<std::size_t>(), 1, 1 << 16);
  const std::size_t in = GENERATE(as<std::size_t>(), 1, 1 << 16);
  if (cbc) {
    setup.use(tls::kRsaAes128CbcSha256);
  }
  setup.resumable();
  std::optional<tls::Session> session;
  for (int round = 0; round < 2; ++round) {
    auto client = setup.make_client(session ? &*session : nullptr);
    auto server = setup.make_server();
    Pipe pipe(client, server);
    pipe.output.fixed = out;
    pipe.input.fixed = in;
    check_data_both_ways(setup, pipe, client, server, 700);
    CHECK(client.negotiated().resumed == (round == 1));
    session.emplace(std::move(*client.session()));
  }
}

TEST_CASE("transport: random splits of everything") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 engine(seed);
    Setup setup(seed);
    if (seed % 4 == 0) {
      setup.use(tls::kRsaAes128CbcSha256);
    }
    auto client = setup.make_client();
    auto server = setup.make_server();
    Pipe pipe(client, server);
    pipe.output = pipe.input = Steps{seed % 2 == 0 ? std::size_t{50} : std::size_t{3000}, &engine};
    check_data_both_ways(setup, pipe, client, server, 20000);
  }
}

TEST_CASE("transport: megabytes both ways come out as they went in") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  check_data_both_ways(setup, pipe, client, server, 2 << 20);
}

namespace {

// A handshake whose messages come in fragments of `size` bytes, record by record or a flight at once.
void shake_hands_in_fragments(tls::Connection& client, tls::Connection& server, std::size_t size,
                              bool at_once) {
  const auto deliver = [&](tls::Connection& to, const std::vector<Buffer>& records) {
    Buffer arrived;
    for (const Buffer& record : records) {
      arrived.insert(arrived.end(), record.begin(), record.end());
      if (!at_once || &record == &records.back()) {
        REQUIRE_FALSE(feed_all(to, arrived));
        arrived.clear();
      }
    }
  };
  Refragmenter to_server(size);
  Refragmenter to_client(size);
  for (int round = 0; round < 10 && !client.handshake_done(); ++round) {
    deliver(server, to_server.feed(drain(client)));
    deliver(client, to_client.feed(drain(server)));
  }
  CHECK(client.handshake_done());
  CHECK(server.handshake_done());
}

}  // namespace

TEST_CASE("transport: handshake messages in fragments of any size") {
  const std::size_t size = GENERATE(as<std::size_t>(), 0, 1, 2, 3, 4, 5, 7, 64, 1000);
  const bool at_once = GENERATE(false, true);
  Setup setup;
  setup.server.client_authentication = tls::ClientAuthentication::require;
  Identity shown(pem::kRsaClient, rsa_key());
  setup.client.credentials = &shown.credentials;
  auto client = setup.make_client();
  auto server = setup.make_server();
  shake_hands_in_fragments(client, server, size, at_once);
}

TEST_CASE("transport: a long chain in single bytes, whether or not each record is reported") {
  const bool reported = GENERATE(false, true);
  Setup setup;
  setup.client.events = setup.client_log.sink(reported);
  const LongChain ladder(20, 0);
  const tls::Credential longest = credential_of(ladder.chain(), tls::local_signer(ladder.key()));
  const tls::Credentials credentials = index_of({&longest});
  setup.server.credentials = &credentials;
  setup.client.verifier = tls::dangerous_accept_any_certificate();
  auto client = setup.make_client();
  auto server = setup.make_server();
  shake_hands_in_fragments(client, server, 1, true);
  CHECK((setup.client_log.count("record") > 5000) == reported);
}

TEST_CASE("transport: bytes may be put straight into the receive window") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  const auto move = [](tls::Connection& from, tls::Connection& to) {
    const Buffer bytes = drain(from);
    REQUIRE(to.receive_window().size() >= bytes.size());
    copy_bytes(to.receive_window(), bytes);
    REQUIRE(to.received(bytes.size()));
  };
  for (int round = 0; round < 10 && !client.handshake_done(); ++round) {
    move(client, server);
    move(server, client);
  }
  CHECK(client.handshake_done());
  CHECK_FALSE(server.received(server.receive_window().size() + 1));
}

TEST_CASE("transport: no input is taken while application data waits") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  REQUIRE(client.write(bytes_of("one")));
  REQUIRE(client.write(bytes_of("two")));
  const Buffer records = drain(client);
  REQUIRE(server.feed(records));
  CHECK(text_of(server.application_data()) == "one");
  CHECK(server.wants().has(tls::Want::application_data));
  CHECK_FALSE(server.wants().has(tls::Want::read));
  CHECK(server.receive_window().empty());
  REQUIRE(server.consume(1));
  CHECK(text_of(server.application_data()) == "ne");
  REQUIRE(server.consume(2));
  CHECK(text_of(server.application_data()) == "two");
  REQUIRE(server.consume(100));
  CHECK(server.application_data().empty());
  CHECK(server.wants().has(tls::Want::read));
}

TEST_CASE("transport: write takes one record's worth and then waits for output to be sent") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  CHECK(client.write(bytes_of("early")).error() == ErrorCode::not_connected);
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  const Buffer data = noise(100000);
  const auto first = client.write(data);
  REQUIRE(first);
  CHECK(*first == tls::kMaxPlaintextSize);
  const auto second = client.write(data);
  REQUIRE(second);
  CHECK(*second == 0);
  // Closing needs no extra room.
  client.close();
  REQUIRE_FALSE(feed_all(server, drain(client), &pipe.server_got));
  CHECK(pipe.server_got.size() == tls::kMaxPlaintextSize);
  CHECK(server.peer_closed());
}

TEST_CASE("transport: a key outside signs and decrypts later") {
  Setup setup;
  const bool rsa = GENERATE(true, false);
  const bool client_too = GENERATE(true, false);
  setup.use(rsa ? tls::kRsaAes128GcmSha256 : tls::kEcdheEcdsaAes128GcmSha256);
  Identity outside_rsa(pem::kRsaServer, rsa_key(), true);
  Identity outside_ecdsa(pem::kEcdsaServer, ecdsa_key(), true);
  const tls::Credentials credentials = index_of({&outside_rsa.credential, &outside_ecdsa.credential});
  setup.server.credentials = &credentials;
  Identity shown(pem::kEcdsaClient, ecdsa_key(), true);
  if (client_too) {
    setup.server.client_authentication = tls::ClientAuthentication::require;
    setup.client.credentials = &shown.credentials;
  }
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  CHECK(server.provide(bytes_of("nobody asked")).error() == ErrorCode::no_private_key_request);
  std::size_t asked = 0;
  const auto answer = [&](tls::Connection& connection, bool is_server) {
    const auto request = connection.private_key_request();
    if (!request) {
      return;
    }
    ++asked;
    CHECK(connection.wants().has(tls::Want::sign));
    CHECK_FALSE(connection.wants().has(tls::Want::read));
    CHECK(connection.provide({}).error() == ErrorCode::invalid_argument);
    if (request->kind == tls::PrivateKeyRequest::Kind::decrypt_premaster) {
      CHECK(request->credential == &credentials[0]);
      CHECK(request->client_version == 0x0303);
      Secret<48> premaster;
      REQUIRE(rsa_key().decrypt_premaster(setup.server.random, request->ciphertext, request->client_version,
                                          premaster));
      REQUIRE(connection.provide(premaster.reveal()));
    } else {
      CHECK(request->credential->is(is_server ? credentials[1] : shown.credential));
      // The server signs both randoms and its parameters; of the client's transcript only the digest is kept.
      const crypto::HashAlgorithm& hash = *request->algorithm->hash;
      CHECK(request->digest.size() == hash.digest_size);
      CHECK(request->message.empty() != is_server);
      if (is_server) {
        CHECK_BYTES(crypto::digest(hash, request->message).bytes(), request->digest);
      }
      std::uint8_t storage[x509::kMaxSignatureSize];
      const auto signature =
          ecdsa_key().sign_digest(*request->algorithm, request->digest, setup.server.random, storage);
      REQUIRE(signature);
      REQUIRE(connection.provide(*signature));
    }
    CHECK_FALSE(connection.private_key_request());
  };
  for (int round = 0; round < 10 && !client.handshake_done(); ++round) {
    REQUIRE(pipe.run());
    answer(client, false);
    answer(server, true);
  }
  CHECK(client.handshake_done());
  CHECK(asked == (client_too ? 2u : 1u));
  REQUIRE(pipe.send(client, bytes_of("hello")));
  CHECK_BYTES(pipe.server_got, bytes_of("hello"));
}

TEST_CASE("E06 transport: a wrong signature of a key outside ends the connection before it leaves") {
  Setup setup;
  const bool at_client = GENERATE(false, true);
  setup.use(tls::kEcdheEcdsaAes128GcmSha256);
  Identity at_server(pem::kEcdsaServer, ecdsa_key(), !at_client);
  setup.server.credentials = &at_server.credentials;
  Identity shown(pem::kEcdsaClient, ecdsa_key(), at_client);
  if (at_client) {
    setup.server.client_authentication = tls::ClientAuthentication::require;
    setup.client.credentials = &shown.credentials;
  }
  auto client = setup.make_client();
  auto server = setup.make_server();
  tls::Connection& signing = at_client ? static_cast<tls::Connection&>(client) : server;
  tls::Connection& peer = at_client ? static_cast<tls::Connection&>(server) : client;
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  const auto request = signing.private_key_request();
  REQUIRE(request);
  Buffer signature;
  SECTION("of numbers that are no signature") {
    signature = unhex("3006020101020101");
  }
  SECTION("of no form at all") {
    signature = noise(70);
  }
  SECTION("by another key") {
    const auto key = x509::PrivateKey::generate(x509::kP256Private, 256, setup.server.random);
    REQUIRE(key);
    std::uint8_t storage[x509::kMaxSignatureSize];
    const auto made = key->sign_digest(*request->algorithm, request->digest, setup.server.random, storage);
    REQUIRE(made);
    signature = buffer_of(*made);
  }
  SECTION("of another digest") {
    std::uint8_t storage[x509::kMaxSignatureSize];
    const auto made = ecdsa_key().sign_digest(*request->algorithm, noise(request->digest.size()),
                                              setup.server.random, storage);
    REQUIRE(made);
    signature = buffer_of(*made);
  }
  const auto provided = signing.provide(signature);
  REQUIRE_FALSE(provided);
  CHECK(provided.error() == ErrorCode::signing_fault);
  REQUIRE(signing.error());
  CHECK(*signing.error() == ErrorCode::signing_fault);
  // The peer gets the alert and nothing else.
  CHECK_BYTES(drain(signing), plain_record(tls::ContentType::alert, unhex("0250")));
  CHECK(peer.wants().has(tls::Want::read));
}
