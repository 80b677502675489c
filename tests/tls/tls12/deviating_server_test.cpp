// SPDX-License-Identifier: Apache-2.0
// Our client against a server that deviates in one point, with a correct Finished. The tests check the error
// and the alert.
#include "catch.hpp"
#include "support/test_keys.hpp"
#include "tls/support/scripted_peer.hpp"

using namespace ashlar;
using namespace ashlar::test;
using tls::HandshakeType;

namespace {

const tls::tls12::Suite* const kEphemeral[] = {
    &tls::kEcdheEcdsaAes128GcmSha256, &tls::kEcdheRsaAes256GcmSha384, &tls::kEcdheRsaChaCha20Poly1305};

// The ending of a client against a server that `deviate` has changed.
Ending client_against(const tls::tls12::Suite& suite, const std::function<void(ScriptedServer&)>& deviate,
                      const std::function<void(Setup&)>& prepare = nullptr) {
  Setup setup;
  setup.use(suite);
  if (prepare) {
    prepare(setup);
  }
  ScriptedServer server(suite);
  deviate(server);
  auto client = setup.make_client();
  return server.run(client);
}

}  // namespace

TEST_CASE("deviating server: one that keeps to the rules is accepted, with every suite") {
  const tls::tls12::Suite* const suites[] = {&tls::kEcdheEcdsaAes128GcmSha256, &tls::kEcdheRsaAes256GcmSha384,
                                             &tls::kEcdheRsaChaCha20Poly1305,  &tls::kRsaAes128GcmSha256,
                                             &tls::kRsaAes128CbcSha256,        &tls::kEcdheEcdsaAes256Ccm8,
                                             &tls::kEcdheRsaAes256CbcSha384,   &tls::kRsaAes128CbcSha};
  for (const auto* suite : suites) {
    INFO(suite->name);
    CHECK(client_against(*suite, [](ScriptedServer&) {}) == accepted());
    CHECK(client_against(*suite, [](ScriptedServer& server) { server.extended_master_secret = false; }) ==
          accepted());
    CHECK(client_against(*suite, [](ScriptedServer& server) {
            server.each_message_in_its_own_record = true;
          }) == accepted());
  }
}

TEST_CASE("E06 deviating server: a ServerKeyExchange signed with another key is seen by the client") {
  for (const auto* suite : kEphemeral) {
    INFO(suite->name);
    const auto ending = client_against(*suite, [](ScriptedServer& server) {
      server.key = server.key == &rsa_key() ? &rsa2048_key() : &p256_key(3);
    });
    CHECK(ending == Ending{ErrorCode::bad_signature, Alert::decrypt_error, false});
  }
}

TEST_CASE("deviating server: each byte of the signed parameters and randoms is under the signature") {
  for (const auto* suite : kEphemeral) {
    // The server's random is changed only on the wire. The signature covers another one.
    const auto ending = client_against(*suite, [](ScriptedServer& server) {
      server.server_hello = [](tls::ServerHello& hello) {
        static std::uint8_t other[32] = {1};
        hello.random = other;
      };
    });
    CHECK(ending == Ending{ErrorCode::bad_signature, Alert::decrypt_error, false});
    // The last byte of the share.
    const auto share = client_against(*suite, [](ScriptedServer& server) {
      server.change =
          only(HandshakeType::server_key_exchange, [](Buffer& message) { message[4 + 4 + 31] ^= 1; });
    });
    CHECK(share == Ending{ErrorCode::bad_signature, Alert::decrypt_error, false});
  }
}

TEST_CASE("deviating server: a signature scheme that was not offered, or is of another kind of key") {
  const auto& suite = tls::kEcdheRsaAes256GcmSha384;
  const auto other_kind = client_against(
      suite, [](ScriptedServer& server) { server.named_scheme = &tls::kEcdsaSecp256r1Sha256; });
  CHECK(other_kind == refused(ErrorCode::scheme_not_offered));
  const auto not_offered = client_against(
      suite, [](ScriptedServer& server) { server.scheme = &tls::kRsaPkcs1Sha512; },
      [](Setup& setup) {
        static const tls::Scheme* const schemes[] = {&tls::kRsaPssRsaeSha256, &tls::kEcdsaSecp256r1Sha256};
        setup.one_suite.schemes = schemes;
      });
  CHECK(not_offered == refused(ErrorCode::scheme_not_offered));
  // Offered and of the right kind, but not the scheme of the signature.
  const auto another =
      client_against(suite, [](ScriptedServer& server) { server.named_scheme = &tls::kRsaPkcs1Sha256; });
  CHECK(another == Ending{ErrorCode::bad_signature, Alert::decrypt_error, false});
}

TEST_CASE("deviating server: a certificate that cannot be read is a bad one, a list that cannot is not") {
  const auto with_chain = [](const std::function<void(Buffer&)>& spoil) {
    return client_against(tls::kEcdheEcdsaAes128GcmSha256, [&](ScriptedServer& server) {
      Buffer leaf = der_of(pem::kEcdsaServer);
      spoil(leaf);
      server.chain = {leaf};
      server.key = &ecdsa_key();
      server.scheme = &tls::kEcdsaSecp256r1Sha256;
    });
  };
  // RFC 5246 §7.2.2: for any fault in its DER.
  const auto bad = [](ErrorCode error) { return Ending{error, Alert::bad_certificate, false}; };
  CHECK(with_chain([](Buffer& leaf) { leaf.push_back(0); }) == bad(ErrorCode::trailing_data));
  CHECK(with_chain([](Buffer& leaf) { leaf.pop_back(); }) == bad(ErrorCode::truncated));
  CHECK(with_chain([](Buffer& leaf) { leaf = {0x00}; }) == bad(ErrorCode::der_bad_tag));
  CHECK(with_chain([](Buffer& leaf) { leaf[0] = 0x31; }) == bad(ErrorCode::der_unexpected_tag));
  CHECK(with_chain([](Buffer& leaf) { leaf[1] = 0x80; }) == bad(ErrorCode::der_indefinite_length));
  // The message around it: RFC 5246 §4.3.
  const auto list = client_against(tls::kEcdheEcdsaAes128GcmSha256, [](ScriptedServer& server) {
    server.change = only(HandshakeType::certificate, [](Buffer& message) { message[6] ^= 1; });
  });
  REQUIRE(list.alert);
  CHECK(*list.alert == Alert::decode_error);
}

TEST_CASE("deviating server: a certificate whose key is of another kind than the suite's") {
  const auto ecdsa = client_against(tls::kEcdheRsaAes256GcmSha384, [](ScriptedServer& server) {
    server.chain = {der_of(pem::kEcdsaServer)};
    server.key = &ecdsa_key();
    server.scheme = &tls::kEcdsaSecp256r1Sha256;
  });
  CHECK(ecdsa == refused(ErrorCode::certificate_type_mismatch));
  const auto rsa = client_against(tls::kEcdheEcdsaAes128GcmSha256, [](ScriptedServer& server) {
    server.chain = {der_of(pem::kRsaServer)};
    server.key = &rsa_key();
    server.scheme = &tls::kRsaPssRsaeSha256;
  });
  CHECK(rsa == refused(ErrorCode::certificate_type_mismatch));
}

TEST_CASE("deviating server: a certificate on a curve that the client did not offer") {
  const auto offering = [](const tls::tls12::Suite& suite, std::span<const tls::Group* const> groups) {
    return client_against(
        suite, [](ScriptedServer&) {}, [&](Setup& setup) { setup.one_suite.groups = groups; });
  };
  static const tls::Group* const without[] = {&tls::kX25519, &tls::kSecp384r1};
  static const tls::Group* const with[] = {&tls::kX25519, &tls::kSecp256r1};
  CHECK(offering(tls::kEcdheEcdsaAes128GcmSha256, without) == refused(ErrorCode::group_not_offered));
  CHECK(offering(tls::kEcdheEcdsaAes128GcmSha256, with) == accepted());
  // RSA keys have no curve.
  CHECK(offering(tls::kEcdheRsaAes256GcmSha384, without) == accepted());
}

TEST_CASE("deviating server: a group that was not offered, and a share that is none") {
  const auto& suite = tls::kEcdheRsaChaCha20Poly1305;
  const auto group = client_against(
      suite,
      [](ScriptedServer& server) {
        server.change =
            only(HandshakeType::server_key_exchange, [](Buffer& message) { message[4 + 2] = 24; });
      },
      [](Setup& setup) {
        static const tls::Group* const groups[] = {&tls::kX25519, &tls::kSecp256r1};
        setup.one_suite.groups = groups;
      });
  CHECK(group == refused(ErrorCode::group_not_offered));
  const auto curve_type = client_against(suite, [](ScriptedServer& server) {
    server.change = only(HandshakeType::server_key_exchange, [](Buffer& message) { message[4] = 1; });
  });
  CHECK(curve_type == refused(ErrorCode::unsupported_curve_type));
}

TEST_CASE("H04 deviating server: what a ServerHello answers must have been asked") {
  const auto& suite = tls::kEcdheRsaAes256GcmSha384;
  const auto answering = [&](std::function<void(tls::ServerHello&)> change, auto prepare) {
    return client_against(
        suite, [&](ScriptedServer& server) { server.server_hello = change; }, prepare);
  };
  const auto nothing = [](Setup&) {};
  CHECK(answering([](tls::ServerHello& hello) { hello.has_renegotiation_info = false; }, nothing) ==
        refused(ErrorCode::renegotiation_info_bad));
  CHECK(answering([](tls::ServerHello& hello) { hello.acknowledges_server_name = true; },
                  [](Setup& setup) { setup.name = "127.0.0.1"; }) ==
        refused(ErrorCode::unsolicited_extension));
  CHECK(answering([](tls::ServerHello& hello) { hello.alpn = "h2"; }, nothing) ==
        refused(ErrorCode::unsolicited_extension));
  CHECK(answering([](tls::ServerHello& hello) { hello.encrypt_then_mac = true; }, nothing) ==
        refused(ErrorCode::unsolicited_extension));
  static const std::string_view protocols[] = {"http/1.1"};
  CHECK(answering([](tls::ServerHello& hello) { hello.alpn = "h2"; },
                  [](Setup& setup) { setup.client.alpn = protocols; }) ==
        refused(ErrorCode::protocol_not_offered));
  CHECK(answering([](tls::ServerHello& hello) { hello.alpn = "http/1.1"; },
                  [](Setup& setup) { setup.client.alpn = protocols; }) == accepted());
  CHECK(answering([](tls::ServerHello& hello) { hello.suite = tls::kRsaAes128GcmSha256.id; }, nothing) ==
        refused(ErrorCode::suite_not_offered));
  CHECK(answering([](tls::ServerHello& hello) { hello.version = tls::ProtocolVersion::tls11; }, nothing) ==
        refused(ErrorCode::unsupported_version));
  CHECK(answering([](tls::ServerHello& hello) { hello.extended_master_secret = false; },
                  [](Setup& setup) { setup.one_suite.require_extended_master_secret = true; }) ==
        refused(ErrorCode::extended_master_secret_missing));
}

TEST_CASE("deviating server: messages left out, doubled, or in another order are unexpected") {
  const auto& suite = tls::kEcdheEcdsaAes128GcmSha256;
  const HandshakeType types[] = {HandshakeType::server_hello, HandshakeType::certificate,
                                 HandshakeType::server_key_exchange};
  for (const HandshakeType type : types) {
    INFO(tls::name(type));
    const auto doubled = client_against(suite, [&](ScriptedServer& server) {
      server.change = [=](HandshakeType each, Buffer& message) {
        if (each == type) {
          const Buffer again = message;
          message.insert(message.end(), again.begin(), again.end());
        }
      };
    });
    CHECK(doubled == refused(ErrorCode::unexpected_message));
    const auto left_out = client_against(suite, [&](ScriptedServer& server) {
      server.change = only(type, [](Buffer& message) { message.clear(); });
    });
    CHECK(left_out == refused(ErrorCode::unexpected_message));
  }
  const auto second_done = client_against(suite, [](ScriptedServer& server) {
    server.change_cipher_spec = [&server] {
      const std::uint8_t done[] = {14, 0, 0, 0};
      server.send_record(tls::ContentType::handshake, done);
    };
  });
  CHECK(second_done == refused(ErrorCode::unexpected_message));
}

TEST_CASE("deviating server: a Finished that is wrong, short, or missing its keys") {
  const auto& suite = tls::kEcdheEcdsaAes128GcmSha256;
  const auto changed = client_against(suite, [](ScriptedServer& server) {
    server.change = only(HandshakeType::finished, [](Buffer& message) { message.back() ^= 1; });
  });
  CHECK(changed == refused(ErrorCode::finished_mismatch));
  const auto first_byte = client_against(suite, [](ScriptedServer& server) {
    server.change = only(HandshakeType::finished, [](Buffer& message) { message[4] ^= 0x80; });
  });
  CHECK(first_byte == refused(ErrorCode::finished_mismatch));
  for (const std::size_t size : {std::size_t{0}, std::size_t{11}, std::size_t{13}}) {
    const auto ending = client_against(suite, [&](ScriptedServer& server) {
      server.change = only(HandshakeType::finished, [&](Buffer& message) { message.resize(4 + size); });
    });
    INFO(size);
    CHECK(ending.error.has_value());
    CHECK(*ending.error != ErrorCode::finished_mismatch);
    CHECK_FALSE(ending.done);
  }
}

TEST_CASE(
    "T03 deviating server: a Finished may come in two records under the new keys, a half of it not before") {
  const auto& suite = tls::kEcdheRsaAes256GcmSha384;
  const auto two_records = client_against(suite, [](ScriptedServer& server) {
    server.before = [&server](HandshakeType type) {
      server.fragment = type == HandshakeType::finished ? 7 : tls::kMaxPlaintextSize;
    };
  });
  CHECK(two_records == accepted());
  const auto half_before = client_against(suite, [](ScriptedServer& server) {
    server.change_cipher_spec = [&server] {
      const std::uint8_t half[] = {20, 0, 0};
      server.send_record(tls::ContentType::handshake, half);
      const std::uint8_t one[] = {1};
      server.send_record(tls::ContentType::change_cipher_spec, one);
    };
  });
  CHECK_FALSE(half_before.done);
  CHECK(half_before.error == ErrorCode::message_spans_key_change);
}

TEST_CASE("T06 deviating server: a ChangeCipherSpec that is early, missing or doubled") {
  const auto& suite = tls::kEcdheRsaAes256GcmSha384;
  const std::uint8_t one[] = {1};
  for (const HandshakeType type :
       {HandshakeType::certificate, HandshakeType::server_key_exchange, HandshakeType::server_hello_done}) {
    INFO(tls::name(type));
    const auto early = client_against(suite, [&](ScriptedServer& server) {
      server.each_message_in_its_own_record = true;
      server.before = [&server, type, &one](HandshakeType each) {
        if (each == type) {
          server.send_record(tls::ContentType::change_cipher_spec, one);
        }
      };
    });
    CHECK_FALSE(early.done);
    CHECK(early.alert == Alert::unexpected_message);
  }
  const auto missing =
      client_against(suite, [](ScriptedServer& server) { server.change_cipher_spec = [] {}; });
  CHECK_FALSE(missing.done);
  CHECK(missing.alert == Alert::unexpected_message);
  const auto doubled = client_against(suite, [&](ScriptedServer& server) {
    server.change_cipher_spec = [&server, &one] {
      server.send_record(tls::ContentType::change_cipher_spec, one);
      server.send_record(tls::ContentType::change_cipher_spec, one);
    };
  });
  CHECK_FALSE(doubled.done);
  CHECK(doubled.error.has_value());
}

TEST_CASE("deviating server: a client without a certificate answers a request with an empty one") {
  Setup setup;
  setup.use(tls::kEcdheEcdsaAes128GcmSha256);
  ScriptedServer server(tls::kEcdheEcdsaAes128GcmSha256);
  server.asks_for_certificate = true;
  auto client = setup.make_client();
  CHECK(server.run(client) == accepted());
  CHECK(server.heard == std::vector<HandshakeType>{HandshakeType::client_hello, HandshakeType::certificate,
                                                   HandshakeType::client_key_exchange,
                                                   HandshakeType::finished});
}

TEST_CASE("deviating server: a certificate that nobody trusts, of another name, or none at all") {
  const auto& suite = tls::kEcdheEcdsaAes128GcmSha256;
  const auto untrusted =
      client_against(suite, [](ScriptedServer& server) { server.chain = {der_of(pem::kSubstitutedServer)}; });
  CHECK(untrusted == refused(ErrorCode::unknown_issuer));
  const auto other_name = client_against(
      suite, [](ScriptedServer&) {}, [](Setup& setup) { setup.name = "other.example"; });
  CHECK(other_name == refused(ErrorCode::name_mismatch));
  const auto none = client_against(suite, [](ScriptedServer& server) { server.chain.clear(); });
  CHECK_FALSE(none.done);
  CHECK(none.error.has_value());
}

TEST_CASE("H09 deviating server: a session is resumed with what it was made with, or not at all") {
  const auto& suite = tls::kEcdheRsaAes256GcmSha384;
  Setup setup;
  setup.use(suite);
  static const std::string_view protocols[] = {"h2", "http/1.1"};
  setup.client.alpn = protocols;
  ScriptedServer first(suite);
  const std::uint8_t id[32] = {9, 9, 9};
  first.session_id = buffer_of(id);
  first.server_hello = [](tls::ServerHello& hello) { hello.alpn = "h2"; };
  auto client = setup.make_client();
  REQUIRE(first.run(client) == accepted());
  const auto session = client.session();
  REQUIRE(session);
  const auto resume = [&](std::function<void(tls::ServerHello&)> change) {
    ScriptedServer server(suite);
    server.session_id = first.session_id;
    copy_bytes(server.master_secret.reveal_mut(), first.master_secret.reveal());
    server.resumes = true;
    server.server_hello = [&](tls::ServerHello& hello) {
      hello.alpn = "h2";
      change(hello);
    };
    auto again = setup.make_client(&*session);
    return server.run(again);
  };
  CHECK(resume([](tls::ServerHello&) {}) == accepted());
  CHECK(resume([](tls::ServerHello& hello) { hello.alpn = "http/1.1"; }) ==
        refused(ErrorCode::session_mismatch));
  CHECK(resume([](tls::ServerHello& hello) { hello.alpn = {}; }) == refused(ErrorCode::session_mismatch));
  CHECK(resume([](tls::ServerHello& hello) { hello.extended_master_secret = false; }) ==
        refused(ErrorCode::session_mismatch));
}

TEST_CASE("H09 deviating server: a session with a ticket has no id, though the server gave one") {
  struct Server : ScriptedServer {
    using ScriptedPeer::say;
    using ScriptedServer::ScriptedServer;
  } server(tls::kEcdheRsaAes256GcmSha384);
  const Buffer id(32, 9), ticket(40, 7);
  // Seconds that the server says, and how long the session lives.
  const auto [said, lives] =
      GENERATE(std::pair<std::uint32_t, std::int64_t>{300, 300},
               std::pair<std::uint32_t, std::int64_t>{0, tls::kDefaultSessionLifetime},
               std::pair<std::uint32_t, std::int64_t>{0xffffffff, tls::kMaxSessionLifetime});
  const std::uint32_t lifetime = said;
  server.session_id = id;
  server.server_hello = [](tls::ServerHello& hello) { hello.gives_ticket = true; };
  server.change_cipher_spec = [&] {
    server.say(HandshakeType::new_session_ticket, [&](Writer& writer) {
      tls::NewSessionTicket{lifetime, ticket}.build(writer);
    });
    server.flush();
    const std::uint8_t one[] = {1};
    server.send_record(tls::ContentType::change_cipher_spec, one);
  };
  Setup setup;
  setup.use(server.suite);
  auto client = setup.make_client();
  REQUIRE(server.run(client) == accepted());
  CHECK_BYTES(client.negotiated().session_id, id);
  const auto session = client.session();
  REQUIRE(session);
  CHECK(session->id.empty());
  CHECK_BYTES(session->ticket.bytes(), ticket);
  CHECK(session->expires.seconds == session->created.seconds + lives);
}

TEST_CASE("H22 deviating server: without extended master secret there is no session, and strict refuses") {
  const auto& suite = tls::kEcdheRsaAes256GcmSha384;
  const std::uint8_t id[32] = {9, 9, 9};
  for (const tls::Policy* policy : {&kTls12Modern, &kTls12Compat, &kTls12Strict}) {
    for (const bool extended : {true, false}) {
      INFO(policy->name << (extended ? ", with" : ", without"));
      Setup setup;
      setup.client.policy = policy;
      ScriptedServer server(suite);
      server.session_id = buffer_of(id);
      server.extended_master_secret = extended;
      auto client = setup.make_client();
      const Ending ending = server.run(client);
      if (policy == &kTls12Strict && !extended) {
        CHECK(ending == refused(ErrorCode::extended_master_secret_missing));
        continue;
      }
      CHECK(ending == accepted());
      CHECK(client.negotiated().extended_master_secret == extended);
      const auto session = client.session();
      CHECK(session.ok() == extended);
      CHECK((session.ok() || session.error() == ErrorCode::no_session));
    }
  }
}

TEST_CASE("H15 deviating server: every message ends where its fields end") {
  using enum HandshakeType;
  for (const HandshakeType type :
       {server_hello, certificate, server_key_exchange, certificate_request, server_hello_done, finished}) {
    for (const bool asks : {false, true}) {
      if (type == certificate_request && !asks) {
        continue;
      }
      INFO(static_cast<int>(type) << (asks ? ", with a request" : ""));
      const auto longer = client_against(tls::kEcdheEcdsaAes128GcmSha256, [&](ScriptedServer& server) {
        server.asks_for_certificate = asks;
        server.change = only(type, [](Buffer& message) {
          message.push_back(0);
          message[2] = static_cast<std::uint8_t>((message.size() - 4) >> 8);
          message[3] = static_cast<std::uint8_t>(message.size() - 4);
        });
      });
      CHECK(longer == refused(ErrorCode::trailing_data));
    }
  }
}

TEST_CASE("H16 deviating server: an empty Certificate is refused, where it is parsed") {
  const auto ending =
      client_against(tls::kEcdheEcdsaAes128GcmSha256, [](ScriptedServer& server) { server.chain = {}; });
  CHECK(ending == refused(ErrorCode::certificate_missing));
}
