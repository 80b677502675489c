// SPDX-License-Identifier: Apache-2.0
// TLS 1.2 with pre-shared keys from outside: RFC 4279, RFC 5489.
#include "catch.hpp"
#include "tls/support/psks.hpp"
#include "tls/support/resumption.hpp"
#include "tls/support/stapled.hpp"

#include <ashlar/tls/ticket_keys.hpp>

#include "message/types.hpp"
#include "tls12/key_exchange.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

struct PskPair {
  explicit PskPair(Setup& setup, const tls::Session* session = nullptr)
      : client(setup.make_client(session)), server(setup.make_server()) {}
  bool run() { return Pipe(client, server).run() && client.handshake_done() && server.handshake_done(); }
  std::optional<ErrorCode> client_error() const { return code(client); }
  std::optional<ErrorCode> server_error() const { return code(server); }
  static std::optional<ErrorCode> code(const tls::Connection& side) {
    const auto error = side.error();
    return error ? std::optional(error->code) : std::nullopt;
  }
  tls::Client client;
  tls::Server server;
};

const tls::tls12::Suite* const kOwnSuites[] = {&tls::kEcdhePskAes128CbcSha, &tls::kEcdhePskAes256CbcSha,
                                               &tls::kPskAes128CbcSha, &tls::kPskAes256CbcSha};

std::vector<const tls::tls12::Suite*> every_suite() {
  std::vector<const tls::tls12::Suite*> all(tls::policy::psk.suites.begin(), tls::policy::psk.suites.end());
  all.insert(all.end(), std::begin(kOwnSuites), std::end(kOwnSuites));
  return all;
}

// A handshake message of one kind, changed on its way from the server; the client's error follows.
std::optional<ErrorCode> client_error_after(PskSetup& setup, tls::HandshakeType type,
                                            const std::function<void(Buffer&)>& change) {
  PskPair pair(setup);
  REQUIRE_FALSE(feed_all(pair.server, drain(pair.client)));
  Buffer flight = drain(pair.server);
  Buffer messages(flight.begin() + 5, flight.end());
  Buffer out;
  while (!messages.empty()) {
    const std::size_t size = 4 + (static_cast<std::size_t>(messages[1]) << 16) +
                             (static_cast<std::size_t>(messages[2]) << 8) + messages[3];
    Buffer one(messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(size));
    messages.erase(messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(size));
    if (one[0] == static_cast<std::uint8_t>(type)) {
      change(one);
      const std::size_t body = one.size() - 4;
      one[2] = static_cast<std::uint8_t>(body >> 8);
      one[3] = static_cast<std::uint8_t>(body);
    }
    out.insert(out.end(), one.begin(), one.end());
  }
  const auto error = feed_all(pair.client, plain_record(tls::ContentType::handshake, out));
  return error ? std::optional(error->code) : std::nullopt;
}

}  // namespace

TEST_CASE("TLS 1.2 psk: every suite, with a hint and without, and nobody shows a certificate") {
  const tls::tls12::Suite* const suite = GENERATE(from_range(every_suite()));
  const Buffer hint = GENERATE(Buffer(), buffer_of("which key? \0 \xff"), Buffer(65535, 'h'));
  PskSetup setup;
  setup.use_psk_suite(*suite);
  setup.server.psk_hint = hint;
  setup.client.export_keys = setup.server.export_keys = true;
  PskPair pair(setup);
  REQUIRE(pair.run());
  for (const tls::Connection* side :
       {static_cast<tls::Connection*>(&pair.client), static_cast<tls::Connection*>(&pair.server)}) {
    CHECK(side->negotiated().suite == suite);
    CHECK(side->negotiated().by_psk);
    CHECK(text_of(side->negotiated().psk_identity) == "a client");
    CHECK(side->negotiated().extended_master_secret);
    CHECK((side->negotiated().group != nullptr) == suite->key_exchange->ephemeral);
    CHECK(side->negotiated().server_scheme == nullptr);
    CHECK_FALSE(side->negotiated().client_authenticated);
    CHECK(side->peer_certificates().empty());
  }
  CHECK_BYTES(exported(pair.client, "EXPERIMENTAL a", std::nullopt),
              exported(pair.server, "EXPERIMENTAL a", std::nullopt));
  Pipe pipe(pair.client, pair.server);
  REQUIRE(pipe.send(pair.client, bytes_of("a question")));
  CHECK_BYTES(pipe.server_got, bytes_of("a question"));
  CHECK(setup.client_log.count("Certificate") == 0);
  CHECK(setup.client_log.count("ServerKeyExchange") ==
        (suite->key_exchange->ephemeral || !hint.empty() ? 1u : 0u));
}

TEST_CASE("TLS 1.2 psk: any bytes are an identity, up to 65535 of them, or none") {
  const Buffer identity = GENERATE(Buffer(), Buffer(1, 0), unhex("00ff0a0d1b5b324a00"), Buffer(128, 'i'),
                                   Buffer(129, 'i'), noise(65535, 3));
  PskSetup setup;
  setup.use_psk_suite(tls::kEcdhePskAes128GcmSha256);
  setup.share(psk_of(identity, noise(256, 4)));
  PskPair pair(setup);
  REQUIRE(pair.run());
  CHECK_BYTES(pair.server.negotiated().psk_identity, identity);
  CHECK_BYTES(pair.client.negotiated().psk_identity, identity);
}

TEST_CASE("TLS 1.2 psk: a longer identity, key or context is no pre-shared key") {
  const Buffer most(65536, 'x');
  const Bytes key = Bytes(most).first(32);
  CHECK(tls::PreSharedKey::create({Bytes(most).first(65535), key}).ok());
  CHECK(tls::PreSharedKey::create({most, key}).error() == ErrorCode::bad_psk_size);
  CHECK(tls::PreSharedKey::create({key, {}}).error() == ErrorCode::bad_psk_size);
  CHECK(tls::PreSharedKey::create({key, Bytes(most).first(257)}).error() == ErrorCode::bad_psk_size);
  CHECK(tls::PreSharedKey::create({key, key, nullptr}).error() == ErrorCode::invalid_argument);
  CHECK(tls::PreSharedKey::create({key, key, &crypto::kSha256, tls::PskUse::imported, Bytes(most).first(256)})
            .error() == ErrorCode::bad_psk_size);
  CountedMemory memory;
  memory.fail_at = 0;
  tls::PskParts parts{key, key};
  parts.memory = memory.memory();
  CHECK(tls::PreSharedKey::create(parts).error() == ErrorCode::out_of_memory);
}

TEST_CASE("TLS 1.2 psk: a client chooses its key by the hint") {
  PskSetup setup;
  setup.use_psk_suite(GENERATE(&tls::kPskAes128GcmSha256, &tls::kDhePskAes128GcmSha256) == nullptr
                          ? tls::kPskAes128GcmSha256
                          : tls::kDhePskAes128GcmSha256);
  setup.client_keys.push_back(psk_of("somebody else", "another key of many bytes"));
  setup.client.psks = setup.client_keys;
  static const Buffer hint = buffer_of("take the second");
  setup.server.psk_hint = hint;
  setup.client.psk_choice = {[](void* context, Bytes given) -> const tls::PreSharedKey* {
                               const auto& keys = static_cast<PskSetup*>(context)->client_keys;
                               return text_of(given) == "take the second" ? &keys[1] : nullptr;
                             },
                             &setup};
  SECTION("a hint that it knows") {
    PskPair pair(setup);
    REQUIRE(pair.run());
    CHECK(text_of(pair.server.negotiated().psk_identity) == "somebody else");
  }
  SECTION("none that it knows") {
    setup.server.psk_hint = {};
    PskPair pair(setup);
    CHECK_FALSE(pair.run());
    CHECK(pair.client_error() == ErrorCode::no_psk_for_hint);
    CHECK(setup.server_log.count("< fatal alert handshake_failure") == 1);
  }
}

TEST_CASE("H25 TLS 1.2 psk: an unknown identity fails like a wrong key, unless the config says to tell") {
  PskSetup setup;
  setup.use_psk_suite(GENERATE(0, 1) == 0 ? tls::kPskAes128GcmSha256 : tls::kEcdhePskChaCha20Poly1305);
  const bool unknown = GENERATE(false, true);
  const bool tell = GENERATE(false, true);
  setup.server.tell_unknown_psk = tell;
  setup.client_keys.clear();
  setup.client_keys.push_back(unknown ? psk_of("nobody", "a key of both sides, 32 bytes :)")
                                      : psk_of("a client", "another one"));
  setup.client.psks = setup.client_keys;
  PskPair pair(setup);
  CHECK_FALSE(pair.run());
  CHECK(setup.lookups == 1);
  const bool told = unknown && tell;
  CHECK(pair.server_error() == (told ? ErrorCode::unknown_psk_identity : ErrorCode::bad_record_mac));
  CHECK(setup.client_log.count(told ? "< fatal alert unknown_psk_identity"
                                    : "< fatal alert bad_record_mac") == 1);
  CHECK(text_of(pair.server.negotiated().psk_identity) == (unknown ? "nobody" : "a client"));
}

TEST_CASE("H09 TLS 1.2 psk: sessions resume by id and by ticket, while the key is the same") {
  const bool by_ticket = GENERATE(false, true);
  PskSetup setup;
  setup.use_psk_suite(tls::kEcdhePskAes256GcmSha384);
  setup.resumable();
  tls::TicketKeys keys;
  REQUIRE(keys.rotate(setup.server.random, setup.clock.clock().now(&setup.clock)));
  const tls::Resumption tickets = keys.resumption();
  setup.server.tickets = by_ticket ? &tickets : nullptr;
  std::optional<tls::Session> session;
  {
    PskPair pair(setup);
    REQUIRE(pair.run());
    session.emplace(must(pair.client.session(), "no session"));
  }
  CHECK(session->by_psk);
  Buffer room(tls::kMaxSerializedSessionSize + session->ticket.bytes().size());
  session = must(tls::Session::parse(must(session->serialize(room), "no bytes")), "no session");
  const auto resumed = [&] {
    PskPair pair(setup, &*session);
    REQUIRE(pair.run());
    CHECK(pair.client.negotiated().resumed == pair.server.negotiated().resumed);
    CHECK(pair.server.negotiated().by_psk);
    CHECK(text_of(pair.server.negotiated().psk_identity) == "a client");
    CHECK(text_of(pair.client.negotiated().psk_identity) == "a client");
    return pair.server.negotiated().resumed;
  };
  SECTION("the same key") {
    CHECK(resumed());
    CHECK(resumed());
  }
  SECTION("a server that asks others for certificates") {
    setup.server.client_authentication = tls::ClientAuthentication::require;
    setup.server.verifier = {};
    setup.server.verifier.verify_function = setup.roots.verifier().verify_function;
    CHECK(resumed());
  }
  SECTION("another key of the server, then of both") {
    setup.server_keys.pop_back();
    setup.server_keys.push_back(psk_of("a client", "a new key"));
    PskPair pair(setup, &*session);
    CHECK_FALSE(pair.run());
    CHECK_FALSE(pair.server.negotiated().resumed);
    setup.client_keys.clear();
    setup.client_keys.push_back(psk_of("a client", "a new key"));
    setup.client.psks = setup.client_keys;
    CHECK_FALSE(resumed());
  }
  SECTION("another key of the client") {
    setup.share(psk_of("a client", "a key of both sides, 32 bytes :)"));
    CHECK(resumed());
    setup.client_keys.clear();
    setup.client_keys.push_back(psk_of("somebody else", "another key of many bytes"));
    setup.client.psks = setup.client_keys;
    PskPair pair(setup, &*session);
    REQUIRE(pair.run());
    CHECK_FALSE(pair.server.negotiated().resumed);
  }
  SECTION("no key any more") {
    setup.client.policy = setup.server.policy = &kTls12Compat;
    setup.client.psks = {};
    setup.server.psks = {};
    setup.client.verifier = setup.roots.verifier();
    setup.server.credentials = &setup.credentials;
    PskPair pair(setup, &*session);
    REQUIRE(pair.run());
    CHECK_FALSE(pair.server.negotiated().resumed);
    CHECK_FALSE(pair.server.negotiated().by_psk);
  }
}

TEST_CASE("TLS 1.2 psk: an identity that is too long for a session makes none") {
  const bool by_ticket = GENERATE(false, true);
  PskSetup setup;
  setup.use_psk_suite(tls::kEcdhePskAes128GcmSha256);
  setup.share(psk_of(Buffer(129, 'i'), noise(32, 1)));
  setup.resumable();
  tls::TicketKeys keys;
  REQUIRE(keys.rotate(setup.server.random, setup.clock.clock().now(&setup.clock)));
  const tls::Resumption tickets = keys.resumption();
  setup.server.tickets = by_ticket ? &tickets : nullptr;
  PskPair pair(setup);
  REQUIRE(pair.run());
  CHECK(pair.client.session().error() == ErrorCode::no_session);
  CHECK(setup.sessions.size() == 0);
}

TEST_CASE("TLS 1.2 psk: a server that asks for certificates asks no client with a key") {
  PskSetup setup;
  setup.use_psk_suite(tls::kDhePskChaCha20Poly1305);
  setup.server.client_authentication = tls::ClientAuthentication::require;
  setup.server.verifier = setup.roots.verifier();
  PskPair pair(setup);
  REQUIRE(pair.run());
  CHECK_FALSE(pair.client.negotiated().client_certificate_requested);
}

TEST_CASE("TLS 1.2 psk: keys and certificates side by side, in the policy's order") {
  PskSetup setup;
  setup.only(tls::ProtocolVersion::tls12);
  const tls::tls12::Suite* const both[] = {&tls::kEcdheEcdsaAes128GcmSha256, &tls::kEcdhePskAes128GcmSha256};
  const bool outside = GENERATE(false, true);
  setup.policy.suites = both;
  setup.server.credentials = &setup.credentials;
  setup.server.ask_for_credential = outside;
  setup.client.verifier = setup.roots.verifier();
  if (outside) {  // who can authenticate by a key needs no choice
    PskPair pair(setup);
    REQUIRE(pair.run());
    CHECK(pair.server.negotiated().by_psk);
  } else {
    PskPair pair(setup);
    REQUIRE(pair.run());
    CHECK_FALSE(pair.server.negotiated().by_psk);
  }
}

TEST_CASE("H01 H25 TLS 1.2 psk: what a server may not say is refused") {
  using tls::HandshakeType;
  PskSetup setup;
  const bool with_group = GENERATE(false, true);
  setup.use_psk_suite(with_group ? tls::kEcdhePskAes128GcmSha256 : tls::kPskAes128GcmSha256);
  static const Buffer hint = buffer_of("hint");
  setup.server.psk_hint = hint;
  const auto after = [&](HandshakeType type, const std::function<void(Buffer&)>& change) {
    return client_error_after(setup, type, change);
  };
  CHECK(after(HandshakeType::server_key_exchange, [](Buffer&) {}) == std::nullopt);
  CHECK(after(HandshakeType::server_key_exchange, [](Buffer& message) { message.push_back(0); }) ==
        ErrorCode::trailing_data);
  CHECK(after(HandshakeType::server_key_exchange, [](Buffer& message) { message.pop_back(); }) ==
        ErrorCode::truncated);
  CHECK(after(HandshakeType::server_key_exchange, [](Buffer& message) { message[4] = 0xff; }) ==
        ErrorCode::truncated);
  CHECK(after(HandshakeType::server_key_exchange, [](Buffer& message) {
          message[0] = static_cast<std::uint8_t>(HandshakeType::certificate);
        }) == ErrorCode::unexpected_message);
  CHECK(after(HandshakeType::server_hello_done, [](Buffer& message) {
          message[0] = static_cast<std::uint8_t>(HandshakeType::certificate_request);
        }) == ErrorCode::unexpected_message);
  CHECK(after(HandshakeType::server_key_exchange,
              [](Buffer& message) {
                message[0] = static_cast<std::uint8_t>(HandshakeType::server_hello_done);
                message.resize(4);
              }) == (with_group ? std::optional(ErrorCode::unexpected_message)
                                : std::optional(ErrorCode::unexpected_message)));
  if (with_group) {
    CHECK(after(HandshakeType::server_key_exchange, [](Buffer& message) { message[4 + 6 + 2] = 0xee; }) ==
          ErrorCode::group_not_offered);
  }
}

TEST_CASE("TLS 1.2 psk: a config says what is missing") {
  PskSetup setup;
  setup.only(tls::ProtocolVersion::tls12);
  const auto client_error = [&] { return tls::Client::create(setup.client, setup.name).error(); };
  const auto server_error = [&] { return tls::Server::create(setup.server).error(); };
  SECTION("a policy of keys without keys") {
    setup.client.psks = {};
    setup.server.psks = {};
    CHECK(client_error().place == Place::client_config_psks);
    CHECK(server_error().place == Place::server_config_psks);
  }
  SECTION("keys without a policy for them") {
    setup.client.policy = setup.server.policy = &kTls12Modern;
    CHECK(client_error() == ErrorCode::psk_fits_no_suite);
    CHECK(server_error() == ErrorCode::psk_fits_no_suite);
  }
  SECTION("certificates without a verifier") {
    const tls::tls12::Suite* const both[] = {&tls::kEcdheEcdsaAes128GcmSha256,
                                             &tls::kEcdhePskAes128GcmSha256};
    setup.policy.suites = both;
    CHECK(client_error().place == Place::client_config_verifier);
  }
  SECTION("too many keys, and a hint that is too long") {
    while (setup.client_keys.size() <= tls::kMaxClientPsks) {
      setup.client_keys.push_back(psk_of("more", "keys"));
    }
    setup.client.psks = setup.client_keys;
    CHECK(client_error().place == Place::client_config_psks);
    const Buffer hint(65536);
    setup.server.psk_hint = hint;
    CHECK(server_error().place == Place::server_config_psk_hint);
  }
}

TEST_CASE("TLS 1.2 psk: memory that fails ends the connection, and nothing is left behind") {
  for (std::size_t fail_at = 0;; ++fail_at) {
    PskSetup setup;
    setup.use_psk_suite(tls::kEcdhePskAes128GcmSha256);
    setup.server_memory.fail_at = fail_at;
    auto server = tls::Server::create(setup.server);
    if (!server) {
      CHECK(server.error() == ErrorCode::out_of_memory);
      continue;
    }
    bool done = false;
    {
      auto client = setup.make_client();
      done = Pipe(client, *server).run() && server->handshake_done();
      if (!done) {
        CHECK(server->error()->code == ErrorCode::out_of_memory);
      }
      const tls::Server last = std::move(*server);
    }
    CHECK(setup.server_memory.current == 0);
    CHECK(setup.server_memory.wrong_sizes == 0);
    if (done) {
      CHECK(fail_at > 5);
      break;
    }
  }
}
