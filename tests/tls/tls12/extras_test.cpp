// SPDX-License-Identifier: Apache-2.0
// What goes with a handshake of TLS 1.2: exported keys, OCSP responses and timestamps, shorter records, and a
// config chosen by client.
#include "catch.hpp"
#include "tls/message/build.hpp"
#include "tls/support/pipe.hpp"
#include "tls/support/scripted_peer.hpp"
#include "tls/support/stapled.hpp"
#include "tls/support/tls13.hpp"

#include <ashlar/crypto/prf.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "message/tls13.hpp"
#include "tls12/exporter.hpp"
#include "tls12/key_exchange.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

struct ExtrasPair {
  explicit ExtrasPair(Setup& setup) : client(setup.make_client()), server(setup.make_server()) {}
  bool run() { return Pipe(client, server).run() && client.handshake_done() && server.handshake_done(); }
  tls::Client client;
  tls::Server server;
};

}  // namespace

TEST_CASE("exporters: both sides have the same keys, others for each label and context") {
  const bool rsa = GENERATE(false, true);
  Setup setup;
  setup.use(rsa ? tls::kRsaAes256GcmSha384 : tls::kEcdheEcdsaAes128GcmSha256);
  setup.client.export_keys = setup.server.export_keys = true;
  ExtrasPair pair(setup);
  Buffer out(20);
  CHECK(pair.client.export_keying_material("EXPERIMENTAL a", std::nullopt, out).error() ==
        ErrorCode::no_exported_keys);
  REQUIRE(pair.run());
  const Buffer none = exported(pair.client, "EXPERIMENTAL a", std::nullopt);
  CHECK_BYTES(none, exported(pair.server, "EXPERIMENTAL a", std::nullopt));
  const Buffer empty = exported(pair.client, "EXPERIMENTAL a", Bytes());
  CHECK_BYTES(empty, exported(pair.server, "EXPERIMENTAL a", Bytes()));
  CHECK(hex(none) != hex(empty));
  CHECK(hex(exported(pair.client, "EXPERIMENTAL b", std::nullopt)) != hex(none));
  CHECK(hex(exported(pair.client, "EXPERIMENTAL a", bytes_of("x"))) != hex(empty));
  for (const std::string_view label :
       {"client finished", "server finished", "master secret", "extended master secret", "key expansion"}) {
    CHECK(pair.client.export_keying_material(label, std::nullopt, out).error() ==
          ErrorCode::invalid_argument);
  }
  const Buffer long_context(65536);
  CHECK(pair.client.export_keying_material("EXPERIMENTAL a", Bytes(long_context), out).error() ==
        ErrorCode::invalid_argument);
}

TEST_CASE("exporters: a connection whose config does not ask for keys has wiped what they are made of") {
  Setup setup;
  ExtrasPair pair(setup);
  REQUIRE(pair.run());
  Buffer out(20);
  for (const tls::Connection* side :
       {static_cast<tls::Connection*>(&pair.client), static_cast<tls::Connection*>(&pair.server)}) {
    CHECK(side->export_keying_material("EXPERIMENTAL a", std::nullopt, out).error() ==
          ErrorCode::no_exported_keys);
  }
}

TEST_CASE("exporters: keys are the PRF of label, randoms and context (RFC 5705 §4)") {
  tls::tls12::Exporter exporter;
  exporter.hash = &crypto::kSha256;
  exporter.master_secret = tls::MasterSecret(Bytes(noise(48, 1)).first<48>());
  copy_bytes(exporter.randoms, noise(64, 2));
  const Buffer randoms = noise(64, 2);
  Buffer out(40), expected(40);
  REQUIRE(exporter.make("EXPERIMENTAL a", bytes_of("context"), out));
  const Buffer rest = unhex("0007") + buffer_of("context");
  const Bytes seed[] = {randoms, rest};
  crypto::tls12_prf(crypto::kSha256, noise(48, 1), "EXPERIMENTAL a", seed, expected);
  CHECK_BYTES(out, expected);
  // An empty context is one, and none at all is not.
  const Buffer empty = unhex("0000");
  for (const bool given : {true, false}) {
    REQUIRE(exporter.make("EXPERIMENTAL a", given ? std::optional(Bytes()) : std::nullopt, out));
    const Bytes with[] = {randoms, given ? Bytes(empty) : Bytes()};
    crypto::tls12_prf(crypto::kSha256, noise(48, 1), "EXPERIMENTAL a", with, expected);
    CHECK_BYTES(out, expected);
  }
}

TEST_CASE("H22 exporters: without extended master secret nothing is exported") {
  Setup setup;
  ScriptedClient client(tls::kEcdheEcdsaAes128GcmSha256);
  client.extended_master_secret = false;
  setup.server.export_keys = true;
  auto server = setup.make_server();
  CHECK(client.run(server) == accepted());
  Buffer out(20);
  CHECK(server.export_keying_material("EXPERIMENTAL a", std::nullopt, out).error() ==
        ErrorCode::no_exported_keys);
}

TEST_CASE("stapling: an OCSP response and timestamps come to who asks, with every key exchange") {
  Setup setup;
  Stapled stapled(pem::kEcdsaServer);
  setup.server.credentials = &stapled.credentials;
  setup.client.keep_peer_certificates = true;
  SECTION("asked for") {
    setup.client.request_status = true;
    ExtrasPair pair(setup);
    REQUIRE(pair.run());
    CHECK_BYTES(pair.client.peer_ocsp_response(), stapled.response);
    CHECK_BYTES(pair.client.peer_timestamps(), prefixed(2, stapled.first) + prefixed(2, stapled.second));
    CHECK(setup.client_log.count("< CertificateStatus 904") == 1);
  }
  SECTION("not asked for") {
    ExtrasPair pair(setup);
    REQUIRE(pair.run());
    CHECK(pair.client.peer_ocsp_response().empty());
    CHECK(pair.client.peer_timestamps().empty());
    CHECK(setup.client_log.count("CertificateStatus") == 0);
  }
  SECTION("not kept") {
    setup.client.request_status = true;
    setup.client.keep_peer_certificates = false;
    ExtrasPair pair(setup);
    REQUIRE(pair.run());
    CHECK(pair.client.peer_ocsp_response().empty());
  }
  SECTION("the server has none") {
    setup.client.request_status = true;
    setup.use(tls::kRsaAes128GcmSha256);
    setup.server.credentials = &setup.credentials;
    ExtrasPair pair(setup);
    REQUIRE(pair.run());
    CHECK(pair.client.peer_ocsp_response().empty());
  }
}

TEST_CASE(
    "H01 stapling: a server that announces a response may leave it out, and may not send it unannounced") {
  for (const auto* suite : {&tls::kEcdheEcdsaAes128GcmSha256, &tls::kRsaAes128GcmSha256}) {
    INFO(suite->name);
    Setup setup;
    setup.client.request_status = true;
    ScriptedServer server(*suite);
    server.server_hello = [](tls::ServerHello& hello) { hello.gives_status = true; };
    auto client = setup.make_client();
    CHECK(server.run(client) ==
          (suite->key_exchange->ephemeral ? accepted() : refused(ErrorCode::unexpected_message)));
  }
  Setup setup;
  ScriptedServer server(tls::kEcdheEcdsaAes128GcmSha256);
  server.server_hello = [](tls::ServerHello& hello) { hello.gives_status = true; };
  auto client = setup.make_client();
  CHECK(server.run(client) == refused(ErrorCode::unsolicited_extension));
}

TEST_CASE("stapling: a CertificateStatus of another type or without a response is refused") {
  const auto other = tls::CertificateStatus::parse(unhex("02 000001 00"));
  REQUIRE_FALSE(other);
  CHECK(other.error() == ErrorCode::bad_certificate_status);
  CHECK(alert_of(other.error().code) == Alert::bad_certificate_status_response);
  const auto empty = tls::CertificateStatus::parse(unhex("01 000000"));
  REQUIRE_FALSE(empty);
  CHECK(empty.error() == ErrorCode::bad_vector_length);
  CHECK(alert_of(empty.error().code) == Alert::decode_error);
}

TEST_CASE("record sizes: neither side sends longer records than the other takes") {
  Setup setup;
  setup.client.record_size_limit = 600;
  ExtrasPair pair(setup);
  Pipe pipe(pair.client, pair.server);
  REQUIRE(pipe.run());
  setup.server_log.lines.clear();
  const Buffer data = noise(5000, 1);
  const auto written = pair.server.write(data);
  REQUIRE(written);
  CHECK(*written == 600);
  REQUIRE(pipe.send(pair.server, Bytes(data).subspan(600)));
  CHECK_BYTES(pipe.client_got, data);
  CHECK(*pair.client.write(data) == 5000);  // the server takes all sizes
}

TEST_CASE(
    "record sizes: max_fragment_length and a record_size_limit are obeyed and answered, others refused") {
  struct Row {
    std::uint8_t code;
    std::uint16_t limit;
    std::size_t sent;
  };
  for (const Row& row : {Row{1, 0, 512}, Row{4, 0, 4096}, Row{0, 64, 64}, Row{1, 1000, 1000},
                         Row{0, 16385, 16384}, Row{0, 65535, 16384}}) {
    Setup setup;
    ScriptedClient client(tls::kEcdheEcdsaAes128GcmSha256);
    client.client_hello = [&](tls::ClientHello& hello) {
      hello.max_fragment_length = row.code;
      hello.record_size_limit = row.limit;
    };
    auto server = setup.make_server();
    CHECK(client.run(server) == accepted());
    const auto written = server.write(noise(20000, 1));
    REQUIRE(written);
    CHECK(*written == row.sent);
  }
  for (const std::size_t size : {511u, 512u, 513u}) {
    Setup setup;
    ScriptedClient client(tls::kEcdheEcdsaAes128GcmSha256);
    client.client_hello = [](tls::ClientHello& hello) { hello.max_fragment_length = 1; };
    auto server = setup.make_server();
    REQUIRE(client.run(server) == accepted());
    client.send_record(tls::ContentType::application_data, noise(size, 1));
    CHECK(client.run(server) == (size <= 512 ? accepted() : refused(ErrorCode::record_overflow)));
  }
  for (const Row& row : {Row{5, 0, 0}, Row{0, 63, 0}}) {
    Setup setup;
    ScriptedClient client(tls::kEcdheEcdsaAes128GcmSha256);
    client.client_hello = [&](tls::ClientHello& hello) {
      hello.max_fragment_length = row.code;
      hello.record_size_limit = row.limit;
    };
    auto server = setup.make_server();
    CHECK(client.run(server) ==
          refused(row.code != 0 ? ErrorCode::bad_max_fragment_length : ErrorCode::bad_record_size_limit));
  }
  // A server that answers with a limit of its own: each side keeps to the other's.
  for (const std::size_t size : {511u, 512u, 513u}) {
    Setup setup;
    setup.client.record_size_limit = 512;
    ScriptedServer server(tls::kEcdheEcdsaAes128GcmSha256);
    server.server_hello = [](tls::ServerHello& hello) { hello.record_size_limit = 1000; };
    auto client = setup.make_client();
    REQUIRE(server.run(client) == accepted());
    server.send_record(tls::ContentType::application_data, noise(size, 1));
    CHECK(server.run(client) == (size <= 512 ? accepted() : refused(ErrorCode::record_overflow)));
    if (size == 512) {
      const auto written = client.write(noise(20000, 1));
      REQUIRE(written);
      CHECK(*written == 1000);
    }
  }
  for (const std::uint16_t limit : {std::uint16_t{16384}, std::uint16_t{16385}}) {
    Setup setup;
    setup.client.record_size_limit = 512;
    ScriptedServer server(tls::kEcdheEcdsaAes128GcmSha256);
    server.server_hello = [&](tls::ServerHello& hello) { hello.record_size_limit = limit; };
    auto client = setup.make_client();
    CHECK(server.run(client) == (limit == 16384 ? accepted() : refused(ErrorCode::bad_record_size_limit)));
  }
  Setup setup;
  setup.client.record_size_limit = 63;
  CHECK(tls::Client::create(setup.client, "server.example").error() == ErrorCode::invalid_argument);
}

TEST_CASE("H20 configs: one is chosen by what the client says, or the client is refused") {
  Setup setup;
  tls::ServerConfig other = setup.server;
  other.policy = &tls::policy::strict;
  other.credentials = &setup.ecdsa.credentials;
  struct Choosing {
    const tls::ServerConfig* chosen;
    std::string name;
  } choosing{&other, {}};
  setup.server.choice = {[](void* context, const tls::CredentialRequest& hello) {
                           auto& self = *static_cast<Choosing*>(context);
                           self.name = std::string(hello.server_name);
                           return hello.suites.size() > 1 ? self.chosen : nullptr;
                         },
                         &choosing};
  {
    ExtrasPair pair(setup);
    REQUIRE(pair.run());
    CHECK(choosing.name == "server.example");
    CHECK(pair.server.negotiated().suite == &tls::kEcdheEcdsaAes128GcmSha256);
  }
  choosing.chosen = nullptr;
  {
    ExtrasPair pair(setup);
    CHECK_FALSE(pair.run());
    REQUIRE(pair.server.error());
    CHECK(*pair.server.error() == ErrorCode::config_refused);
    CHECK(pair.client.error() == ErrorCode::peer_alert);
  }
  // One that cannot work ends that connection, as it would when it was made.
  other.credentials = nullptr;
  choosing.chosen = &other;
  ExtrasPair pair(setup);
  CHECK_FALSE(pair.run());
  REQUIRE(pair.server.error());
  CHECK(*pair.server.error() == ErrorCode::invalid_argument);
}

TEST_CASE("H20 configs: all that the chosen one says of the connection holds from then on") {
  Tls13Setup setup;
  const Identity shown(pem::kRsaClient, rsa_key());
  setup.client.credentials = &shown.credentials;
  tls::ServerConfig other = setup.server;
  other.client_authentication = tls::ClientAuthentication::require;
  other.record_padding = 512;
  other.half_close = other.export_keys = other.keep_peer_certificates = true;
  setup.server.choice = {[](void* context, const tls::CredentialRequest&) {
                           return static_cast<const tls::ServerConfig*>(context);
                         },
                         &other};
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(server.peer_certificates().size() == 1);
  Buffer key(20);
  CHECK(server.export_keying_material("EXPERIMENTAL a", std::nullopt, key));
  REQUIRE(server.write(bytes_of("x")));
  CHECK(server.pending_output().size() == 5 + 512 + 1 + 16);
  (void)drain(server);
  client.close();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  CHECK(server.wants().has(tls::Want::can_write));
}

TEST_CASE("DHE: all leading zeros of what was agreed are no part of the premaster secret") {
  static std::size_t zeros;
  tls::Group group = tls::kFfdhe2048;
  group.finish = [](Bytes, Bytes, MutBytes secret) -> Result<void> {
    for (std::size_t i = 0; i < secret.size(); ++i) {
      secret[i] = static_cast<std::uint8_t>(i < zeros ? 0 : i == zeros ? 1 : 0);
    }
    return {};
  };
  for (zeros = 0; zeros < 4; ++zeros) {
    tls::tls12::Premaster premaster;
    REQUIRE(tls::tls12::kDheRsa.finish(group, {}, Buffer(256, 7), premaster));
    REQUIRE(premaster.size() == 256 - zeros);
    CHECK(premaster.reveal()[0] == 1);
  }
}

TEST_CASE("DHE: parameters of a group that was not offered are refused") {
  Setup setup;
  setup.use(tls::kDheRsaAes128GcmSha256);
  const tls::Group* const only[] = {&tls::kFfdhe3072};
  tls::Policy narrow = setup.one_suite;
  narrow.groups = only;
  setup.client.policy = &narrow;
  // A server with 2048 bits alone finds no group that both have.
  const tls::Group* const small[] = {&tls::kFfdhe2048};
  setup.one_suite.groups = small;
  ExtrasPair pair(setup);
  CHECK_FALSE(pair.run());
  REQUIRE(pair.server.error());
  CHECK(*pair.server.error() == ErrorCode::no_common_group);
  const auto parsed = tls::tls12::kDheRsa.parse_params(narrow, unhex("0002 00fb 0001 02 0001 05"));
  CHECK(parsed.error() == ErrorCode::unknown_dh_group);
}

TEST_CASE("extras: what a client asks of TLS 1.2 does no harm where TLS 1.3 is spoken") {
  Tls13Setup setup;
  Stapled stapled(pem::kEcdsaServer);
  setup.server.credentials = &stapled.credentials;
  setup.client.request_status = true;
  setup.client.record_size_limit = 600;
  setup.client.export_keys = setup.server.export_keys = true;
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.negotiated().version == tls::ProtocolVersion::tls13);
}

TEST_CASE("H04 extras: EncryptedExtensions with sizes of records are read, and held to their bounds") {
  const auto read = [](unsigned type, const char* body) {
    return tls::tls13::EncryptedExtensions::parse(prefixed(2, extension(type, unhex(body))));
  };
  CHECK(read(28, "0040")->record_size_limit == 64);
  CHECK(read(28, "003f").error() == ErrorCode::bad_record_size_limit);
  CHECK(read(1, "04")->max_fragment_length == 4);
  CHECK(read(1, "05").error() == ErrorCode::bad_max_fragment_length);
}

TEST_CASE(
    "must-staple: a client that asked for a response takes no certificate that demands one without it") {
  const bool newer = GENERATE(false, true);
  INFO((newer ? "TLS 1.3" : "TLS 1.2"));
  const auto ends = [&](std::string_view certificate, bool with_response, bool asks) {
    Tls13Setup setup;
    setup.server_policy.versions = newer ? kTls13Alone : kTls12Alone;
    setup.client.verifier = tls::dangerous_accept_any_certificate();
    setup.client.request_status = asks;
    Stapled stapled(certificate, with_response);
    setup.server.credentials = &stapled.credentials;
    ExtrasPair pair(setup);
    const bool done = pair.run();
    CHECK(done == !pair.client.error());
    CHECK(setup.client_log.count("bad_certificate_status_response") == (done ? 0u : 1u));
    return pair.client.error() ? std::optional(pair.client.error()->code) : std::nullopt;
  };
  CHECK(ends(pem::kMustStaple, false, true) == ErrorCode::staple_missing);
  CHECK(ends(pem::kMustStaple, true, true) == std::nullopt);
  CHECK(ends(pem::kMustStaple, false, false) == std::nullopt);
  CHECK(ends(pem::kEcdsaServer, false, true) == std::nullopt);
}

TEST_CASE("must-staple: a server that announces a response and sends none is refused as well") {
  Setup setup;
  setup.use(tls::kEcdheEcdsaAes128GcmSha256);
  setup.client.verifier = tls::dangerous_accept_any_certificate();
  setup.client.request_status = true;
  ScriptedServer server(tls::kEcdheEcdsaAes128GcmSha256);
  server.chain = {der_of(pem::kMustStaple)};
  server.key = &ecdsa_key();
  server.scheme = &tls::kEcdsaSecp256r1Sha256;
  server.server_hello = [](tls::ServerHello& hello) { hello.gives_status = true; };
  auto client = setup.make_client();
  CHECK(server.run(client) == refused(ErrorCode::staple_missing));
}
