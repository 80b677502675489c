// SPDX-License-Identifier: Apache-2.0
// The table of transitions against both engines: every state with every input, and all sequences of real
// messages.
#include <ashlar/tls/ticket_keys.hpp>

#include "catch.hpp"
#include "tls/record/sealing.hpp"
#include "tls/support/psks.hpp"
#include "tls/support/reach.hpp"
#include "tls12/handshake.hpp"

#include <cstdio>
#include <set>

using namespace ashlar;
using namespace ashlar::test;
using tls::tls12::State;

namespace {

// Brings a connection to each of its states.
struct Scene {
  const tls::tls12::Suite* suite = &tls::kEcdheEcdsaAes128GcmSha256;
  bool client_certificate = false;
  bool external = false;  // private keys are outside
  bool resumed = false;
  bool choosing = false;  // so are the credentials
  bool ticket = false;    // the server gives one
  bool status = false;    // and an OCSP response
};

struct Stage {
  explicit Stage(const Scene& scene)
      : external_server(pem::kEcdsaServer, ecdsa_key(), true),
        external_rsa_server(pem::kRsaServer, rsa_key(), true),
        client_identity(pem::kEcdsaClient, ecdsa_key(), scene.external) {
    setup.use(*scene.suite);
    setup.resumable();
    if (scene.suite->key_exchange->by_psk()) {
      psks.push_back(psk_of("a client", "a key of both sides"));
      setup.client.psks = psks;
      setup.server.psks = table.emplace(psks).lookup();
      setup.server.credentials = nullptr;
    }
    if (scene.resumed) {
      auto client = setup.make_client();
      auto server = setup.make_server();
      Pipe pipe(client, server);
      REQUIRE(pipe.run());
      session.emplace(*client.session());
    }
    if (scene.external) {
      setup.server.credentials = &outside;
    }
    if (scene.client_certificate) {
      setup.server.client_authentication = tls::ClientAuthentication::require;
      setup.client.credentials = &client_identity.credentials;
    }
    if (scene.status) {
      setup.client.request_status = true;
      setup.server.credentials = &stapled;
    }
    if (scene.ticket) {
      REQUIRE(keys.rotate(setup.server_random.random(), {setup.clock.seconds}));
      setup.server.tickets = &tickets;
    }
    setup.client.ask_for_credential = setup.server.ask_for_credential = scene.choosing;
    client.emplace(setup.make_client(session ? &*session : nullptr));
    server.emplace(setup.make_server());
  }

  // Does the private-key operation that a connection waits for.
  void sign(tls::Connection& connection) {
    const auto request = connection.private_key_request();
    REQUIRE(request);
    if (request->kind == tls::PrivateKeyRequest::Kind::sign) {
      sign_request(connection, *request, setup.server.random);
    } else {
      Secret<48> premaster;
      REQUIRE(rsa_key().decrypt_premaster(setup.server.random, request->ciphertext, request->client_version,
                                          premaster));
      REQUIRE(connection.provide(premaster.reveal()));
    }
  }

  bool reach(tls::Connection& victim, State state) {
    Refragmenter to_server(Refragmenter::kByMessage);
    Refragmenter to_client(Refragmenter::kByMessage);
    return reach_state(
        *client, *server, victim, tls::tls12::kStateNames[static_cast<std::size_t>(state)],
        [&](const Buffer& bytes) { return to_server.feed(bytes); },
        [&](const Buffer& bytes) { return to_client.feed(bytes); },
        [&] {
          if (client->wants().has(tls::Want::credential)) {
            REQUIRE(client->provide_credential(client_identity.credential));
          } else if (server->wants().has(tls::Want::credential)) {
            REQUIRE(server->provide_credential((*setup.server.credentials)[kChoice]));
          } else if (client->wants().has(tls::Want::sign)) {
            sign(*client);
          } else if (server->wants().has(tls::Want::sign)) {
            sign(*server);
          } else {
            return false;
          }
          return true;
        });
  }

  Setup setup;
  static constexpr std::size_t kChoice = 1;  // by ECDSA
  Identity external_server, external_rsa_server, client_identity;
  tls::Credentials outside = index_of({&external_server.credential, &external_rsa_server.credential});
  tls::Credential with_staple = staple();
  tls::Credentials stapled = index_of({&with_staple});
  static tls::Credential staple() {
    static const Buffer der = der_of(pem::kEcdsaServer);
    const Bytes chain[] = {der};
    const Buffer response = noise(50);
    return std::move(
        *tls::Credential::create({.chain = chain, .ocsp_staple = response}, tls::local_signer(ecdsa_key())));
  }
  std::vector<tls::PreSharedKey> psks;
  std::optional<tls::PskTable> table;
  tls::TicketKeys keys;
  tls::Resumption tickets = keys.resumption();
  std::optional<tls::Session> session;
  std::optional<tls::Client> client;
  std::optional<tls::Server> server;
};

struct Reach {
  State state;
  Scene scene;
};

const Reach kReaches[] = {
    {State::client_expects_server_hello, {}},
    {State::client_expects_certificate, {}},
    {State::client_expects_certificate_status,
     {&tls::kEcdheEcdsaAes128GcmSha256, false, false, false, false, false, true}},
    {State::client_expects_server_key_exchange, {}},
    {State::client_expects_server_key_exchange, {&tls::kEcdhePskAes128GcmSha256}},
    {State::client_expects_psk_hint, {&tls::kPskAes128GcmSha256}},
    {State::client_expects_server_hello_done, {&tls::kEcdhePskAes128GcmSha256}},
    {State::client_connected, {&tls::kPskAes128GcmSha256}},
    {State::server_expects_client_key_exchange, {&tls::kEcdhePskAes128GcmSha256}},
    {State::server_expects_change_cipher_spec, {&tls::kPskAes128GcmSha256}},
    {State::client_expects_certificate_request, {}},
    {State::client_chooses_credential, {&tls::kEcdheEcdsaAes128GcmSha256, true, false, false, true}},
    {State::client_expects_server_hello_done, {&tls::kEcdheEcdsaAes128GcmSha256, true}},
    {State::client_signs_certificate_verify, {&tls::kEcdheEcdsaAes128GcmSha256, true, true}},
    {State::client_expects_new_session_ticket,
     {&tls::kEcdheEcdsaAes128GcmSha256, false, false, false, false, true}},
    {State::client_expects_change_cipher_spec, {}},
    {State::client_expects_finished, {}},
    {State::client_connected, {}},
    {State::client_expects_change_cipher_spec, {&tls::kEcdheEcdsaAes128GcmSha256, false, false, true}},
    {State::client_expects_finished, {&tls::kEcdheEcdsaAes128GcmSha256, false, false, true}},
    {State::client_connected, {&tls::kEcdheEcdsaAes128GcmSha256, false, false, true}},
    {State::server_expects_client_hello, {}},
    {State::server_chooses_credential, {&tls::kEcdheEcdsaAes128GcmSha256, false, false, false, true}},
    {State::server_signs_server_key_exchange, {&tls::kEcdheEcdsaAes128GcmSha256, false, true}},
    {State::server_expects_certificate, {&tls::kEcdheEcdsaAes128GcmSha256, true}},
    {State::server_expects_client_key_exchange, {}},
    {State::server_decrypts_premaster, {&tls::kRsaAes128GcmSha256, false, true}},
    {State::server_expects_certificate_verify, {&tls::kEcdheEcdsaAes128GcmSha256, true}},
    {State::server_expects_change_cipher_spec, {}},
    {State::server_expects_finished, {}},
    {State::server_connected, {}},
    {State::server_expects_change_cipher_spec, {&tls::kEcdheEcdsaAes128GcmSha256, false, false, true}},
    {State::server_expects_finished, {&tls::kEcdheEcdsaAes128GcmSha256, false, false, true}},
    {State::server_connected, {&tls::kEcdheEcdsaAes128GcmSha256, false, false, true}},
};

}  // namespace

TEST_CASE("H01 transitions: every state can be reached, and is left only by rows of the table") {
  std::set<State> reached;
  for (const Reach& each : kReaches) {
    reached.insert(each.state);
  }
  CHECK(reached.size() == tls::tls12::kStates);
  // No row leads from one side to the other, and each side ends in connected.
  for (const auto& row : tls::tls12::kTransitions) {
    CHECK((row.from <= State::client_connected) == (row.to <= State::client_connected));
  }
}

TEST_CASE("H01 transitions: every state refuses every input that its rows do not name") {
  for (const Reach& each : kReaches) {
    // 256 handshake types and the two other content types, each against a new connection.
    for (int input = -2; input < 256; ++input) {
      const bool named = input < 25;
      if (!named && input % 37 != 0) {
        continue;  // a sample of the types that no RFC of TLS 1.2 names
      }
      Stage stage(each.scene);
      const bool is_client = each.state <= State::client_connected;
      tls::Connection& victim = is_client ? static_cast<tls::Connection&>(*stage.client) : *stage.server;
      tls::Connection& peer = is_client ? static_cast<tls::Connection&>(*stage.server) : *stage.client;
      REQUIRE(stage.reach(victim, each.state));
      INFO("state " << static_cast<int>(each.state) << ", input " << input);
      (void)drain(peer);
      if (victim.wants().has(tls::Want::sign) || victim.wants().has(tls::Want::credential)) {
        CHECK(victim.receive_window().empty());
        break;
      }
      const NumberedInput given(input, 0);
      Buffer record = plain_record(given.type, given.content);
      if (engine_of(victim).reading.active()) {
        // Under the peer's keys, in place of the record that it has sent, which is dropped here.
        tls::ProtectionAccess::set_sequence_number(engine_of(peer).writing,
                                                   engine_of(victim).reading.sequence_number());
        REQUIRE(engine_of(peer).send_record(given.type, given.content));
        record = drain(peer);
      }
      (void)drain(victim);
      const auto error = feed_all(victim, record);
      const bool refused =
          error && (*error == ErrorCode::unexpected_message || *error == ErrorCode::unexpected_record);
      CHECK(refused == !tls::tls12::allowed(each.state, given.kind));
      if (refused) {
        CHECK(victim.wants().has(tls::Want::write));  // an alert
      }
    }
  }
}

TEST_CASE("H01 transitions: no sequence of real messages but the right one gets anywhere") {
  // The records of each side in a handshake with every optional message, one message each.
  // New clients and servers from the same seed send the same, so a correct prefix stays
  // correct.
  const bool against_client = GENERATE(true, false);
  const Scene scene{&tls::kEcdheEcdsaAes128GcmSha256, true, false, false};
  std::vector<Buffer> alphabet;
  std::size_t right = 0;
  {
    Stage stage(scene);
    Refragmenter to_server(Refragmenter::kByMessage);
    Refragmenter to_client(Refragmenter::kByMessage);
    while (!stage.client->handshake_done() || !stage.server->handshake_done()) {
      for (const Buffer& record : to_server.feed(drain(*stage.client))) {
        REQUIRE_FALSE(feed_all(*stage.server, record));
        if (!against_client) {
          alphabet.push_back(record);
        }
      }
      for (const Buffer& record : to_client.feed(drain(*stage.server))) {
        REQUIRE_FALSE(feed_all(*stage.client, record));
        if (against_client) {
          alphabet.push_back(record);
        }
      }
    }
    right = alphabet.size();
  }
  alphabet.push_back(plain_record(tls::ContentType::application_data, bytes_of("data")));
  alphabet.push_back(plain_record(tls::ContentType::handshake, unhex("00000000")));  // HelloRequest

  // Sequences as lists of letters. Failed sequences are not extended, because the error stays.
  std::vector<std::vector<std::size_t>> alive = {{}};
  std::size_t runs = 0;
  std::size_t completed = 0;
  for (std::size_t depth = 0; depth <= right; ++depth) {
    std::vector<std::vector<std::size_t>> next;
    for (const auto& prefix : alive) {
      for (std::size_t letter = 0; letter < alphabet.size(); ++letter) {
        std::size_t hello_requests = 0;
        for (const std::size_t each : prefix) {
          hello_requests += each == right + 1 ? 1u : 0u;
        }
        if (hello_requests != 0 && letter == right + 1) {
          continue;  // one stands for many
        }
        Stage stage(scene);
        ++runs;
        tls::Connection& victim =
            against_client ? static_cast<tls::Connection&>(*stage.client) : *stage.server;
        std::optional<Error> error;
        for (const std::size_t each : prefix) {
          error = feed_all(victim, alphabet[each]);
          REQUIRE_FALSE(error);
        }
        error = feed_all(victim, alphabet[letter]);
        if (error) {
          continue;
        }
        auto sequence = prefix;
        sequence.push_back(letter);
        if (victim.handshake_done()) {
          ++completed;
          // The only correct way, with HelloRequests inserted for a client.
          std::vector<std::size_t> plain;
          for (const std::size_t each : sequence) {
            if (each != right + 1) {
              plain.push_back(each);
            }
          }
          REQUIRE(plain.size() == right);
          for (std::size_t i = 0; i < right; ++i) {
            CHECK(plain[i] == i);
          }
        } else {
          next.push_back(std::move(sequence));
        }
      }
    }
    alive = std::move(next);
  }
  CHECK(completed >= 1);
  CHECK(runs > 40);
}

namespace {

// A state whose handler returns a state that the table does not allow.
struct Astray;
struct Elsewhere {
  static constexpr State kState = State::client_connected;
  Result<OneOf<Astray, Elsewhere>> handle(int&, const tls::Input&);
};
struct Astray {
  static constexpr State kState = State::client_expects_certificate;
  Result<OneOf<Astray, Elsewhere>> handle(int&, const tls::Input&);
};
Result<OneOf<Astray, Elsewhere>> Elsewhere::handle(int&, const tls::Input&) {
  return ErrorCode::unexpected_message;
}
Result<OneOf<Astray, Elsewhere>> Astray::handle(int&, const tls::Input&) {
  return OneOf<Astray, Elsewhere>(Elsewhere{});
}

}  // namespace

TEST_CASE("H01 transitions: a state that the table does not name ends the connection, not the process") {
  OneOf<Astray, Elsewhere> state;
  int handshake = 0;
  const tls::HandshakeMessage message{tls::HandshakeType::certificate, {}, {}};
  const auto stepped = tls::step_state(handshake, state, {tls::Input::Kind::message, &message});
  REQUIRE_FALSE(stepped);
  CHECK(stepped.error() == ErrorCode::internal_mistake);
  CHECK(alert_of(stepped.error().code) == Alert::internal_error);
  CHECK(state.get_if<Astray>() != nullptr);
}
