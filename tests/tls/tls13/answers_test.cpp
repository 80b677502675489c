// SPDX-License-Identifier: Apache-2.0
// What a peer of TLS 1.3 says under the keys of the handshake, one rule broken at a time:
// EncryptedExtensions, Certificate and CertificateVerify. Who breaks a rule here has the keys, and Finished
// is never reached.
#include <ashlar/x509/issue.hpp>

#include "catch.hpp"
#include "tls/message/build.hpp"
#include "tls/support/stage13.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

Buffer said(tls::HandshakeType type, const Buffer& body) {
  return Buffer{static_cast<std::uint8_t>(type)} + prefixed(3, body);
}

// The answer of `victim` in this state to a message of its peer.
std::optional<Error> answer(Stage13& stage, tls::Connection& victim, State13 state, const Buffer& message) {
  REQUIRE(stage.reach(victim, state));
  return feed_all(victim, record_for(victim, tls::ContentType::handshake, message));
}

Buffer saying(const Buffer& extensions) {
  return said(tls::HandshakeType::encrypted_extensions, prefixed(2, extensions));
}

Buffer verify_by(const tls::Scheme& scheme) {
  return said(tls::HandshakeType::certificate_verify,
              u16(static_cast<unsigned>(scheme.id)) + prefixed(2, noise(70, 4)));
}

}  // namespace

TEST_CASE("TLS 1.3 answers: a server's record_size_limit is obeyed, and one above the largest is refused") {
  struct Row {
    unsigned limit;
    std::size_t sent;  // 0: refused
  };
  // RFC 8449 §4: with the byte of the content type.
  for (const Row& row : {Row{64, 63}, Row{65, 64}, Row{0x4000, 0x3fff}, Row{0x4001, 0x4000}, Row{0x4002, 0},
                         Row{0xffff, 0}, Row{63, 0}}) {
    INFO(row.limit);
    Stage13 stage({}, [](Tls13Setup& setup) { setup.client.record_size_limit = 700; });
    tls::Client& client = *stage.client;
    const auto error = answer(stage, client, State13::client_expects_encrypted_extensions,
                              saying(extension(28, u16(row.limit))));
    CHECK(error.has_value() == (row.sent == 0));
    if (error) {
      CHECK(*error == ErrorCode::bad_record_size_limit);
      CHECK(alert_of(*error) == Alert::illegal_parameter);
      continue;
    }
    CHECK(engine_of(client).outcome.send_limit == row.sent);
    CHECK(engine_of(client).outcome.receive_limit == 699);
  }
}

TEST_CASE("TLS 1.3 answers: without the server's consent no record size is limited") {
  Stage13 stage({}, [](Tls13Setup& setup) { setup.client.record_size_limit = 700; });
  CHECK_FALSE(answer(stage, *stage.client, State13::client_expects_encrypted_extensions, saying({})));
  CHECK(engine_of(*stage.client).outcome.send_limit == tls::kMaxPlaintextSize);
  CHECK(engine_of(*stage.client).outcome.receive_limit == tls::kMaxPlaintextSize);
}

TEST_CASE("H04 TLS 1.3 answers: EncryptedExtensions have what was offered and may stand there") {
  const auto refused = [](const Buffer& extensions) {
    Stage13 stage({});
    const auto error =
        answer(stage, *stage.client, State13::client_expects_encrypted_extensions, saying(extensions));
    REQUIRE(error);
    return std::pair(error->code, alert_of(*error));
  };
  const auto unsolicited = std::pair(ErrorCode::unsolicited_extension, Alert::unsupported_extension);
  CHECK(refused(extension(28, u16(600))) == unsolicited);               // record_size_limit
  CHECK(refused(extension(16, unhex("0003 02 6832"))) == unsolicited);  // ALPN
  CHECK(refused(extension(42, {})) == unsolicited);                     // early_data
  CHECK(refused(extension(0x7a7a, {})) == unsolicited);                 // nobody knows it
  CHECK(refused(extension(43, u16(0x0304))) ==
        std::pair(ErrorCode::misplaced_extension, Alert::illegal_parameter));
  CHECK(refused(extension(0, {}) + extension(0, {})) ==
        std::pair(ErrorCode::duplicate_extension, Alert::illegal_parameter));
}

TEST_CASE("H16 TLS 1.3 answers: a server shows a certificate, whether it asked for one or not") {
  for (const bool asks : {false, true}) {
    INFO(asks);
    Stage13 stage({.client_certificate = asks});
    const auto error =
        answer(stage, *stage.client,
               asks ? State13::client_expects_certificate : State13::client_expects_certificate_request,
               said(tls::HandshakeType::certificate, unhex("00 000000")));
    REQUIRE(error);
    CHECK(*error == ErrorCode::bad_vector_length);
    CHECK(error->place == Place::certificate_list);
    CHECK(alert_of(*error) == Alert::decode_error);
  }
}

TEST_CASE("H03 TLS 1.3 answers: a signature is by a scheme of the key's curve, and never by PKCS #1") {
  struct Row {
    const tls::Scheme& scheme;
    bool rsa;
    ErrorCode code;
  };
  // What fits is looked at, and is no signature.
  const Row rows[] = {{tls::kEcdsaSecp256r1Sha256, false, ErrorCode::bad_signature},
                      {tls::kEcdsaSecp384r1Sha384, false, ErrorCode::scheme_not_offered},
                      {tls::kRsaPssRsaeSha256, false, ErrorCode::scheme_not_offered},
                      {tls::kRsaPssRsaeSha256, true, ErrorCode::bad_signature},
                      {tls::kRsaPkcs1Sha256, true, ErrorCode::scheme_not_offered}};
  for (const Row& row : rows) {
    for (const bool against_client : {true, false}) {
      INFO(row.scheme.name << (row.rsa ? ", RSA" : ", ECDSA") << (against_client ? ", client" : ", server"));
      const Identity server(row.rsa ? pem::kRsaServer : pem::kEcdsaServer, row.rsa ? rsa_key() : ecdsa_key());
      const Identity client(row.rsa ? pem::kRsaClient : pem::kEcdsaClient, row.rsa ? rsa_key() : ecdsa_key());
      Stage13 stage({.client_certificate = !against_client}, [&](Tls13Setup& setup) {
        setup.server.credentials = &server.credentials;
        if (!against_client) {
          setup.client.credentials = &client.credentials;
        }
      });
      tls::Connection& victim = against_client ? static_cast<tls::Connection&>(*stage.client) : *stage.server;
      const auto error = answer(stage, victim,
                                against_client ? State13::client_expects_certificate_verify
                                               : State13::server_expects_certificate_verify,
                                verify_by(row.scheme));
      REQUIRE(error);
      CHECK(*error == row.code);
      CHECK(alert_of(*error) ==
            (row.code == ErrorCode::bad_signature ? Alert::decrypt_error : Alert::illegal_parameter));
    }
  }
}

TEST_CASE("TLS 1.3 answers: a server does not sign by a scheme of another curve") {
  Tls13Setup setup;
  const tls::Scheme* const other_curve[] = {&tls::kEcdsaSecp384r1Sha384, &tls::kRsaPkcs1Sha256};
  setup.client_policy.schemes = other_curve;
  const tls::Credentials credential = index_of({&setup.ecdsa.credential});
  setup.server.credentials = &credential;
  auto client = setup.make_client();
  auto server = setup.make_server();
  const auto error = feed_all(server, drain(client));
  REQUIRE(error);
  CHECK(*error == ErrorCode::no_common_scheme);
  CHECK(alert_of(*error) == Alert::handshake_failure);
}

TEST_CASE("TLS 1.3 answers: a certificate whose keyUsage forbids signatures is refused by both sides") {
  // Its keyUsage is that of a CA. The verifiers accept anything: what is left is the handshake's own check.
  x509::CertificateTemplate ca;
  ca.common_name = "server.example";
  ca.validity = {{1767225600}, {2082758400}};
  ca.is_ca = true;
  Buffer der(4096);
  crypto::DeterministicRandom random(3);
  const auto made = x509::issue(ca, ecdsa_key().public_key(), {{}, {}, ecdsa_key()}, random.random(), der);
  REQUIRE(made);
  der.resize(made->size());
  const tls::Credential credential = credential_of(std::array{Bytes(der)}, tls::local_signer(ecdsa_key()));
  const tls::Credentials index = index_of({&credential});
  for (const bool against_client : {true, false}) {
    Tls13Setup setup;
    setup.client.verifier = setup.server.verifier = tls::dangerous_accept_any_certificate();
    if (against_client) {
      setup.server.credentials = &index;
    } else {
      setup.client.credentials = &index;
      setup.server.client_authentication = tls::ClientAuthentication::require;
    }
    auto client = setup.make_client();
    auto server = setup.make_server();
    (void)Pipe(client, server).run();
    const tls::Connection& victim = against_client ? static_cast<tls::Connection&>(client) : server;
    REQUIRE(victim.error());
    CHECK(*victim.error() == ErrorCode::wrong_key_usage);
    CHECK(alert_of(*victim.error()) == Alert::bad_certificate);
  }
}

TEST_CASE("H15 TLS 1.3 answers: every message ends where its fields end") {
  // Each with one byte more than it has, or less.
  struct Row {
    State13 state;
    Situation scene;
    Buffer message;
  };
  const Buffer leaf = der_of(pem::kEcdsaServer);
  const Buffer list = Buffer{0} + prefixed(3, prefixed(3, leaf) + prefixed(2, {}));
  const Buffer request = Buffer{0} + prefixed(2, extension(13, prefixed(2, u16(0x0403))));
  const Buffer verify = u16(0x0403) + prefixed(2, noise(70));
  const auto added = [](tls::HandshakeType type, const Buffer& body) { return said(type, body + Buffer{0}); };
  using enum tls::HandshakeType;
  const Row rows[] = {
      {State13::client_expects_encrypted_extensions, {}, added(encrypted_extensions, u16(0))},
      {State13::client_expects_certificate_request, {}, added(certificate_request, request)},
      {State13::client_expects_certificate_request, {}, added(certificate, list)},
      {State13::client_expects_certificate, {.client_certificate = true}, added(certificate, list)},
      {State13::client_expects_certificate_verify, {}, added(certificate_verify, verify)},
      {State13::client_expects_finished, {}, said(finished, noise(33))},
      {State13::client_expects_finished, {}, said(finished, noise(31))},
      {State13::client_connected, {}, added(new_session_ticket, unhex("00000001 00000000 00 0001 41 0000"))},
      {State13::client_connected, {}, added(key_update, Buffer{0})},
      {State13::server_expects_certificate, {.client_certificate = true}, added(certificate, list)},
      {State13::server_expects_certificate_verify,
       {.client_certificate = true},
       added(certificate_verify, verify)},
      {State13::server_expects_end_of_early_data,
       {.resumed = true, .early = true},
       added(end_of_early_data, {})},
      {State13::server_expects_finished, {}, said(finished, noise(33))},
      {State13::server_expects_finished, {}, said(finished, {})},
  };
  for (const Row& row : rows) {
    Stage13 stage(row.scene);
    const bool is_client = row.state <= State13::client_connected;
    INFO(name_of(row.state) << ", message " << int{row.message[0]});
    tls::Connection& victim = is_client ? static_cast<tls::Connection&>(*stage.client) : *stage.server;
    const auto error = answer(stage, victim, row.state, row.message);
    REQUIRE(error);
    CHECK((*error == ErrorCode::trailing_data || *error == ErrorCode::bad_vector_length));
    CHECK(alert_of(*error) == Alert::decode_error);
  }
}

TEST_CASE("H08 TLS 1.3 answers: extensions of a client's certificate were not asked for") {
  Stage13 stage({.client_certificate = true});
  const Buffer entry =
      prefixed(3, der_of(pem::kEcdsaClient)) + prefixed(2, extension(5, unhex("01 000001 41")));
  const auto error = answer(stage, *stage.server, State13::server_expects_certificate,
                            said(tls::HandshakeType::certificate, Buffer{0} + prefixed(3, entry)));
  REQUIRE(error);
  CHECK(*error == ErrorCode::unsolicited_extension);
  CHECK(alert_of(*error) == Alert::unsupported_extension);
}
