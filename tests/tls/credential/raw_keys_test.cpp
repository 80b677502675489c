// SPDX-License-Identifier: Apache-2.0
// Raw public keys (RFC 7250) in place of certificates, in both versions and both directions.
#include <ashlar/tls/findings.hpp>

#include "support/describe.hpp"
#include "tls/message/build.hpp"
#include "tls/support/resumption.hpp"
#include "tls/support/scripted_peer.hpp"
#include "tls/support/stage13.hpp"
#include "tls/support/tls13.hpp"

using namespace ashlar;
using namespace ashlar::test;
using tls::CertificateType;

namespace {

constexpr CertificateType kRaw[] = {CertificateType::raw_public_key};
constexpr CertificateType kRawThenX509[] = {CertificateType::raw_public_key, CertificateType::x509};

Buffer spki_of(const x509::PrivateKey& key) {
  Buffer out(600);
  const auto written = key.public_key().write_spki(out);
  REQUIRE(written);
  out.resize(written->size());
  return out;
}

tls::Credential raw_credential(const x509::PrivateKey& key, const Buffer& spki) {
  auto made = tls::Credential::create({.chain = {}, .raw_public_key = spki}, tls::local_signer(key));
  REQUIRE(made);
  return std::move(*made);
}

// Server and client each have a raw key, and pins of the other's.
struct RawSetup : Tls13Setup {
  RawSetup() {
    client.keep_peer_certificates = server.keep_peer_certificates = true;
    server_keys = index_of({&server_raw});
    client_keys = index_of({&client_raw});
  }
  void only(tls::ProtocolVersion version) {
    client_policy.versions = server_policy.versions =
        version == tls::ProtocolVersion::tls13 ? kTls13Alone : kTls12Alone;
  }
  void raw_server() {
    server.credentials = &*server_keys;
    client.accepted.keys = &of_server;
    client.verifier = {};
  }
  void raw_client() {
    client.credentials = &*client_keys;
    server.client_authentication = tls::ClientAuthentication::require;
    server.accepted.keys = &of_client;
    server.verifier = {};
  }

  Buffer server_spki = spki_of(ecdsa_key()), client_spki = spki_of(rsa_key());
  tls::Credential server_raw = raw_credential(ecdsa_key(), server_spki);
  tls::Credential client_raw = raw_credential(rsa_key(), client_spki);
  std::optional<tls::Credentials> server_keys, client_keys;
  tls::KeyPin server_pin[1] = {tls::pin_of(server_spki)}, client_pin[1] = {tls::pin_of(client_spki)};
  tls::PinnedKeys of_server{server_pin}, of_client{client_pin};
};

// The errors that client and server end with.
struct Ends {
  std::optional<ErrorCode> client, server;
};
Ends ends_of(Setup& setup) {
  auto client = setup.make_client();
  auto server = setup.make_server();
  (void)Pipe(client, server).run();
  const auto code = [](const tls::Connection& side) {
    return side.error() ? std::optional(side.error()->code) : std::nullopt;
  };
  return {code(client), code(server)};
}

constexpr tls::ProtocolVersion kBoth[] = {tls::ProtocolVersion::tls12, tls::ProtocolVersion::tls13};

}  // namespace

TEST_CASE("raw keys: shown by server, client or both, told to both, and kept in sessions") {
  const auto version = GENERATE(from_range(std::begin(kBoth), std::end(kBoth)));
  const bool of_server = GENERATE(false, true);
  const bool of_client = GENERATE(false, true);
  INFO(name(version) << (of_server ? ", server" : "") << (of_client ? ", client" : ""));
  RawSetup setup;
  setup.only(version);
  setup.resumable();
  if (of_server) {
    setup.raw_server();
  }
  if (of_client) {
    setup.raw_client();
  }
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  for (const tls::Connection* side :
       {static_cast<const tls::Connection*>(&client), static_cast<const tls::Connection*>(&server)}) {
    CHECK((side->negotiated().server_certificate_type == CertificateType::raw_public_key) == of_server);
    CHECK((side->negotiated().client_certificate_type == CertificateType::raw_public_key) == of_client);
  }
  CHECK_BYTES(client.peer_raw_public_key(), of_server ? Bytes(setup.server_spki) : Bytes());
  CHECK(client.peer_certificates().empty() == of_server);
  CHECK_BYTES(server.peer_raw_public_key(), of_client ? Bytes(setup.client_spki) : Bytes());
  CHECK(server.negotiated().client_authenticated == of_client);

  const tls::Session session = saved_and_read(*client.session());
  auto client2 = setup.make_client(&session);
  auto server2 = setup.make_server();
  check_works(client2, server2);
  for (const tls::Connection* side :
       {static_cast<const tls::Connection*>(&client2), static_cast<const tls::Connection*>(&server2)}) {
    CHECK(side->negotiated().resumed);
    CHECK((side->negotiated().server_certificate_type == CertificateType::raw_public_key) == of_server);
    CHECK((side->negotiated().client_certificate_type == CertificateType::raw_public_key) == of_client);
    CHECK(side->negotiated().client_authenticated == of_client);
  }
}

TEST_CASE("H09 raw keys: a session is resumed under the same pins, and under no others or none") {
  const auto version = GENERATE(from_range(std::begin(kBoth), std::end(kBoth)));
  INFO(name(version));
  RawSetup setup;
  setup.only(version);
  setup.resumable();
  setup.raw_server();
  setup.raw_client();
  const Ended first = connect(setup);
  CHECK(resumes(setup, first.session));
  const tls::KeyPin more[] = {setup.server_pin[0], setup.client_pin[0]};
  const tls::PinnedKeys others(more);
  setup.client.accepted.keys = &others;
  CHECK_FALSE(resumes(setup, first.session));
  setup.client.accepted.keys = &setup.of_server;
  setup.server.accepted.keys = &others;
  CHECK_FALSE(resumes(setup, first.session));
  setup.server.accepted.keys = &setup.of_client;
  CHECK(resumes(setup, first.session));
  // A client that takes certificates alone does not go on with a session of a raw key.
  RawSetup plain;
  plain.only(version);
  plain.server.sessions = &setup.store;
  CHECK_FALSE(resumes(plain, first.session));
}

TEST_CASE("H24 raw keys: one that is not pinned is refused, by either side") {
  const auto version = GENERATE(from_range(std::begin(kBoth), std::end(kBoth)));
  INFO(name(version));
  {
    RawSetup setup;
    setup.only(version);
    setup.raw_server();
    setup.client.accepted.keys = &setup.of_client;
    CHECK(ends_of(setup).client == ErrorCode::key_not_pinned);
    CHECK(setup.client_log.count("certificate_unknown") == 1);
  }
  RawSetup setup;
  setup.only(version);
  setup.raw_client();
  setup.server.accepted.keys = &setup.of_server;
  CHECK(ends_of(setup).server == ErrorCode::key_not_pinned);
  CHECK(setup.server_log.count("certificate_unknown") == 1);
}

TEST_CASE("raw keys: sides without a type in common part by unsupported_certificate") {
  const auto version = GENERATE(from_range(std::begin(kBoth), std::end(kBoth)));
  INFO(name(version));
  RawSetup setup;
  setup.only(version);
  // The server has certificates, and the client takes raw keys alone.
  setup.client.accepted.keys = &setup.of_server;
  CHECK(ends_of(setup).server == ErrorCode::no_common_certificate_type);
  CHECK(setup.server_log.count("unsupported_certificate") == 1);
  // The other way round.
  RawSetup other;
  other.only(version);
  other.server.credentials = &*other.server_keys;
  CHECK(ends_of(other).server == ErrorCode::no_common_certificate_type);
  // The server takes raw keys of clients alone, and the client has certificates.
  RawSetup third;
  third.only(version);
  third.raw_client();
  Identity certified(pem::kEcdsaClient, ecdsa_key());
  third.client.credentials = &certified.credentials;
  CHECK(ends_of(third).server == ErrorCode::no_common_certificate_type);
  CHECK(third.server_log.count("unsupported_certificate") == 1);
  // Chosen outside: what does not fit the types is told.
  RawSetup asking;
  asking.only(version);
  asking.server.ask_for_credential = true;
  auto client = asking.make_client();
  auto server = asking.make_server();
  CHECK_FALSE(feed_all(server, drain(client)));
  REQUIRE(server.credential_request());
  CHECK(server.credential_request()->accepted_types.empty());
  CHECK(server.provide_credential(asking.server_raw).error() == ErrorCode::no_common_certificate_type);
}

TEST_CASE("raw keys: a client that takes both types says so, whichever it likes better") {
  static constexpr CertificateType kX509ThenRaw[] = {CertificateType::x509, CertificateType::raw_public_key};
  const auto version = GENERATE(from_range(std::begin(kBoth), std::end(kBoth)));
  INFO(name(version));
  RawSetup setup;
  setup.only(version);
  setup.server.credentials = &*setup.server_keys;
  setup.client.accepted = {&setup.of_server, kX509ThenRaw};
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.negotiated().server_certificate_type == CertificateType::raw_public_key);
}

TEST_CASE("raw keys: a client is not given a credential of another type than was agreed") {
  const auto version = GENERATE(from_range(std::begin(kBoth), std::end(kBoth)));
  const bool raw_agreed = GENERATE(false, true);
  INFO(name(version) << (raw_agreed ? ", raw keys" : ", certificates"));
  RawSetup setup;
  setup.only(version);
  setup.client.ask_for_credential = true;
  if (raw_agreed) {
    setup.raw_client();
    setup.client.credentials = nullptr;
    setup.client.own_types = kRaw;
  }
  setup.server.client_authentication = tls::ClientAuthentication::require;
  const Identity certified(pem::kRsaClient, rsa_key());
  const auto give = [&](const tls::Credential& credential) {
    auto client = setup.make_client();
    auto server = setup.make_server();
    Pipe pipe(client, server);
    REQUIRE(pipe.run());
    REQUIRE(client.credential_request());
    const auto given = client.provide_credential(credential);
    return given && pipe.run() && server.negotiated().client_authenticated ? ErrorCode{}
           : given                                                         ? ErrorCode::peer_alert
                                                                           : given.error().code;
  };
  CHECK(give(raw_agreed ? certified.credential : setup.client_raw) == ErrorCode::no_common_certificate_type);
  CHECK(give(raw_agreed ? setup.client_raw : certified.credential) == ErrorCode{});
}

TEST_CASE("raw keys: of several credentials the first whose type the peer takes is shown, for any name") {
  const auto version = GENERATE(from_range(std::begin(kBoth), std::end(kBoth)));
  INFO(name(version));
  RawSetup setup;
  setup.only(version);
  const tls::Credentials both = index_of({&setup.server_raw, &setup.ecdsa.credential});
  setup.server.credentials = &both;
  CHECK(both.find("server.example")->size() == 1);
  {
    auto client = setup.make_client();
    auto server = setup.make_server();
    check_works(client, server);
    CHECK(client.negotiated().server_certificate_type == CertificateType::x509);
  }
  {
    // A name that no certificate has: the index by kinds of keys knows types apart.
    RawSetup other;
    other.only(version);
    other.server.credentials = &both;
    other.client.verifier = tls::dangerous_accept_any_certificate();
    other.name = "elsewhere.example";
    auto client = other.make_client();
    auto server = other.make_server();
    check_works(client, server);
    CHECK(client.negotiated().server_certificate_type == CertificateType::x509);
  }
  setup.client.accepted = {&setup.of_server, kRawThenX509};
  for (const std::string_view each : {"server.example", "elsewhere.example"}) {
    setup.name = each;
    auto client = setup.make_client();
    auto server = setup.make_server();
    check_works(client, server);
    CHECK(client.negotiated().server_certificate_type == CertificateType::raw_public_key);
  }
}

TEST_CASE("raw keys: a client without a credential of the type that was agreed shows none, and goes on") {
  const auto version = GENERATE(from_range(std::begin(kBoth), std::end(kBoth)));
  INFO(name(version));
  RawSetup setup;
  setup.only(version);
  // It says that it has certificates too, and has none.
  setup.client.credentials = &*setup.client_keys;
  setup.client.own_types = kRawThenX509;
  setup.server.client_authentication = tls::ClientAuthentication::request;
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(server.negotiated().client_certificate_requested);
  CHECK_FALSE(server.negotiated().client_authenticated);
  CHECK(server.negotiated().client_certificate_type == CertificateType::x509);
}

TEST_CASE("H04 raw keys: a server chooses a type that was offered, and says nothing unasked") {
  const auto against = [](bool offered, std::optional<CertificateType> of_server,
                          std::optional<CertificateType> of_client) {
    RawSetup setup;
    setup.use(tls::kEcdheEcdsaAes128GcmSha256);
    if (offered) {
      setup.client.accepted.keys = &setup.of_server;
      setup.client.own_types = kRaw;
    }
    ScriptedServer server(tls::kEcdheEcdsaAes128GcmSha256);
    server.server_hello = [&](tls::ServerHello& hello) {
      hello.server_certificate_type = of_server;
      hello.client_certificate_type = of_client;
    };
    auto client = setup.make_client();
    return server.run(client);
  };
  CHECK(against(false, CertificateType::raw_public_key, {}) == refused(ErrorCode::unsolicited_extension));
  CHECK(against(false, {}, CertificateType::raw_public_key) == refused(ErrorCode::unsolicited_extension));
  CHECK(against(false, {}, {}) == accepted());
  CHECK(against(true, CertificateType::x509, {}) == refused(ErrorCode::certificate_type_not_offered));
  CHECK(against(true, {}, {}) == refused(ErrorCode::certificate_type_not_offered));
  CHECK(against(true, CertificateType{1}, {}) == refused(ErrorCode::certificate_type_not_offered));
  CHECK(against(true, CertificateType::raw_public_key, CertificateType::x509) ==
        refused(ErrorCode::certificate_type_not_offered));
}

TEST_CASE("raw keys: TLS 1.2's message is the key alone, and an empty one is none") {
  const auto against = [](const Buffer& body) {
    RawSetup setup;
    setup.use(tls::kEcdheEcdsaAes128GcmSha256);
    setup.raw_server();
    ScriptedServer server(tls::kEcdheEcdsaAes128GcmSha256);
    server.server_hello = [](tls::ServerHello& hello) {
      hello.server_certificate_type = CertificateType::raw_public_key;
    };
    server.key = &ecdsa_key();
    server.scheme = &tls::kEcdsaSecp256r1Sha256;
    server.change = only(tls::HandshakeType::certificate, [&](Buffer& message) {
      message.resize(4);
      message = message + body;
      resize_body(message);
    });
    auto client = setup.make_client();
    return server.run(client);
  };
  const Buffer key = spki_of(ecdsa_key());
  CHECK(against(prefixed(3, key)) == accepted());
  CHECK(against(prefixed(3, {})) == refused(ErrorCode::certificate_missing));
  CHECK(against(prefixed(3, key) + Buffer{0}) == refused(ErrorCode::trailing_data));
  CHECK(against(Buffer{0, 0}) == refused(ErrorCode::truncated));
  CHECK(against(prefixed(3, prefixed(3, key))) == refused(ErrorCode::key_not_pinned));
}

TEST_CASE("raw keys: lists of types in a ClientHello") {
  const auto read = [](unsigned type, std::string_view body) {
    tls::ClientHello hello;
    const Buffer suites = unhex("c02f"), random(32), compression(1);
    hello.version = tls::ProtocolVersion::tls12;
    hello.random = random;
    hello.cipher_suites = suites;
    hello.compression_methods = compression;
    const Buffer start = written([&](Writer& writer) { hello.build(writer); });
    const Buffer whole = start + prefixed(2, extension(type, unhex(body)));
    const auto parsed = tls::ClientHello::parse(whole);
    return parsed ? std::nullopt : std::optional(parsed.error().code);
  };
  for (const unsigned type : {19u, 20u}) {
    CHECK(read(type, "01 02") == std::nullopt);
    CHECK(read(type, "02 0002") == std::nullopt);
    CHECK(read(type, "01 05") == std::nullopt);
    CHECK(read(type, "01 00") == ErrorCode::pointless_certificate_types);
    CHECK(read(type, "00") == ErrorCode::bad_vector_length);
    CHECK(read(type, "01 02 00") == ErrorCode::trailing_data);
    CHECK(read(type, "02 02") == ErrorCode::truncated);
  }
}

TEST_CASE("raw keys: configs take keys with raw public keys, a verifier with certificates, each type once") {
  RawSetup setup;
  const auto client_place = [&] {
    const auto made = tls::Client::create(setup.client, setup.name);
    return made ? Place::none : made.error().place;
  };
  const auto server_place = [&] {
    const auto made = tls::Server::create(setup.server);
    return made ? Place::none : made.error().place;
  };
  setup.server.client_authentication = tls::ClientAuthentication::request;
  constexpr CertificateType kTwice[] = {CertificateType::x509, CertificateType::x509};
  constexpr CertificateType kUnknown[] = {CertificateType{1}};
  constexpr CertificateType kX509[] = {CertificateType::x509};
  const tls::PinnedKeys none({});
  const auto both = [&](const tls::AcceptedFromPeer& accepted, bool good) {
    setup.client.accepted = setup.server.accepted = accepted;
    CHECK(client_place() == (good ? Place::none : Place::client_config_accepted));
    CHECK(server_place() == (good ? Place::none : Place::server_config_accepted));
  };
  both({nullptr, {}}, true);
  both({nullptr, kX509}, true);
  both({&setup.of_server, {}}, true);
  both({&setup.of_server, kRawThenX509}, true);
  both({nullptr, kRaw}, false);
  both({&setup.of_server, kX509}, false);
  both({&none, {}}, false);
  both({nullptr, kTwice}, false);
  both({nullptr, kUnknown}, false);
  setup.client.accepted = setup.server.accepted = {&setup.of_server, kRawThenX509};
  setup.client.verifier = setup.server.verifier = {};
  CHECK(client_place() == Place::client_config_verifier);
  CHECK(server_place() == Place::server_config_verifier);
  setup.client.accepted = setup.server.accepted = {&setup.of_server, {}};
  CHECK(client_place() == Place::none);
  CHECK(server_place() == Place::none);
  setup.client.own_types = kTwice;
  CHECK(client_place() == Place::client_config_own_types);
}

TEST_CASE("raw keys: a credential is a key alone, here or elsewhere, and matches its private key") {
  const Buffer spki = spki_of(ecdsa_key());
  const auto own =
      tls::Credential::create({.chain = {}, .raw_public_key = spki}, tls::local_signer(ecdsa_key()));
  REQUIRE(own);
  CHECK(own->type() == CertificateType::raw_public_key);
  CHECK(own->size() == 0);
  CHECK_BYTES(own->raw_public_key(), spki);
  CHECK_BYTES(own->certificate_message(), Buffer{11} + prefixed(3, prefixed(3, spki)));
  CHECK(own->public_key().equals(ecdsa_key().public_key()));
  CHECK(tls::findings(*own, asn1::Time{0}, x509::Purpose::server_auth).empty());
  const auto elsewhere = tls::Credential::create({.chain = {}, .raw_public_key = spki}, tls::KeyElsewhere{});
  REQUIRE(elsewhere);
  CHECK(elsewhere->is_elsewhere());
  const auto error = [](const tls::CredentialParts& parts) {
    return tls::Credential::create(parts, tls::local_signer(rsa_key())).error().code;
  };
  CHECK(error({.chain = {}, .raw_public_key = spki}) == ErrorCode::key_does_not_match);
  const Buffer rsa_spki = spki_of(rsa_key()), certificate = der_of(pem::kRsaServer), staple(10);
  const Bytes chain[] = {certificate}, timestamps[] = {staple};
  CHECK(error({.chain = chain, .raw_public_key = rsa_spki}) == ErrorCode::invalid_argument);
  CHECK(error({.chain = {}, .ocsp_staple = staple, .raw_public_key = rsa_spki}) ==
        ErrorCode::invalid_argument);
  CHECK(error({.chain = {}, .timestamps = timestamps, .raw_public_key = rsa_spki}) ==
        ErrorCode::invalid_argument);
  CHECK(error({.chain = {}}) == ErrorCode::empty_chain);
}

TEST_CASE("raw keys: a Certificate of TLS 1.3 has one of them, and no more") {
  for (const bool against_client : {true, false}) {
    INFO(against_client);
    Buffer spki;
    Stage13 stage({.client_certificate = !against_client}, [&](Tls13Setup& setup) {
      static const RawSetup raw;
      if (against_client) {
        setup.server.credentials = &*raw.server_keys;
        setup.client.accepted.keys = &raw.of_server;
      } else {
        setup.client.credentials = &*raw.client_keys;
        setup.server.accepted.keys = &raw.of_client;
      }
      spki = against_client ? raw.server_spki : raw.client_spki;
    });
    tls::Connection& victim = against_client ? static_cast<tls::Connection&>(*stage.client) : *stage.server;
    REQUIRE(stage.reach(victim, against_client ? State13::client_expects_certificate_request
                                               : State13::server_expects_certificate));
    const Buffer entry = prefixed(3, spki) + prefixed(2, {});
    const Buffer body = Buffer{0} + prefixed(3, entry + entry);
    const auto error =
        feed_all(victim, record_for(victim, tls::ContentType::handshake, Buffer{11} + prefixed(3, body)));
    REQUIRE(error);
    CHECK(*error == ErrorCode::bad_vector_length);
    CHECK(error->place == Place::certificate_list);
  }
}
