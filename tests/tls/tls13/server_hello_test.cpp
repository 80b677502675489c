// SPDX-License-Identifier: Apache-2.0
// What a client of TLS 1.3 takes as a ServerHello or HelloRetryRequest, and in the clear answers behind them.
#include "catch.hpp"
#include "tls/support/altered_hello.hpp"
#include "tls/support/server_hello13.hpp"

using namespace ashlar;
using namespace ashlar::test;

TEST_CASE("H05 TLS 1.3: a HelloRetryRequest asks for something new, once, and its cookie comes back") {
  const Buffer cookie = unhex("c00c1e");
  {
    RetriedClient with;
    REQUIRE_FALSE(with.answer(tls::kHelloRetryRequest, [&](tls::ServerHello& hello) {
      ask_for_p256(hello);
      hello.cookie = cookie;
    }));
    const Buffer change = unhex("140303000101");
    Buffer second = drain(*with.client);
    REQUIRE(second.size() > change.size());
    CHECK_BYTES(Bytes(second).first(change.size()), change);
    const tls::ClientHello hello = *tls::ClientHello::parse(Bytes(second).subspan(change.size() + 9));
    CHECK_BYTES(hello.cookie, cookie);
    CHECK_BYTES(hello.random, with.hello.random);
    CHECK_BYTES(hello.session_id, with.hello.session_id);
    CHECK(hello.key_shares.size() == 4 + 65);
    // A second one is one too many.
    const auto error = with.answer(tls::kHelloRetryRequest, ask_for_p256);
    REQUIRE(error);
    CHECK(*error == ErrorCode::unexpected_message);
  }
  const auto refused = [](Bytes random, const std::function<void(tls::ServerHello&)>& change) {
    RetriedClient with;
    const auto error = with.answer(random, change);
    REQUIRE(error);
    return error->code;
  };
  const Buffer random = noise(32, 3);
  CHECK(refused(tls::kHelloRetryRequest, [](tls::ServerHello&) {}) == ErrorCode::useless_retry);
  CHECK(refused(tls::kHelloRetryRequest, [](tls::ServerHello& hello) {
          ask_for_p256(hello);
          hello.key_share_group = tls::GroupId::x25519;
        }) == ErrorCode::useless_retry);
  CHECK(refused(tls::kHelloRetryRequest, [](tls::ServerHello& hello) {
          ask_for_p256(hello);
          hello.key_share_group = tls::GroupId::secp384r1;
        }) == ErrorCode::group_not_offered);
  CHECK(refused(tls::kHelloRetryRequest, [](tls::ServerHello& hello) {
          ask_for_p256(hello);
          hello.suite = tls::SuiteId{0xc02b};
        }) == ErrorCode::suite_not_offered);
  // A ServerHello: without a share, of a group without one, with a cookie, with another session id.
  CHECK(refused(random, [](tls::ServerHello&) {}) == ErrorCode::missing_extension);
  CHECK(refused(random, [&](tls::ServerHello& hello) {
          ask_for_p256(hello);
          hello.key_share = random;
        }) == ErrorCode::group_not_offered);
  CHECK(refused(random, [&](tls::ServerHello& hello) {
          hello.has_key_share = true;
          hello.key_share_group = tls::GroupId::x25519;
          hello.key_share = random;
          hello.cookie = cookie;
        }) == ErrorCode::unsolicited_extension);
  CHECK(refused(random, [&](tls::ServerHello& hello) { hello.session_id = random; }) ==
        ErrorCode::session_id_not_echoed);
  CHECK(refused(random, [&](tls::ServerHello& hello) {
          hello.has_pre_shared_key = true;  // nobody offered one
        }) == ErrorCode::unsolicited_extension);
}

TEST_CASE("H05 TLS 1.3: after a HelloRetryRequest there is no way to TLS 1.2 or to another suite") {
  const Buffer random = noise(32, 3);
  for (const int what : {0, 1}) {
    RetriedClient with;
    REQUIRE_FALSE(with.answer(tls::kHelloRetryRequest, ask_for_p256));
    (void)drain(*with.client);
    const auto error = with.answer(random, [&](tls::ServerHello& hello) {
      if (what == 0) {
        hello.selected_version = {};
        hello.suite = tls::kEcdheEcdsaAes128GcmSha256.id;
      } else {
        hello.suite = tls::kAes256GcmSha384.id;
      }
    });
    REQUIRE(error);
    CHECK(*error == (what == 0 ? ErrorCode::unsupported_version : ErrorCode::second_hello_differs));
  }
}

TEST_CASE("TLS 1.3: a server takes the pre-shared key that was offered, and none beside it") {
  Tls13Setup setup;
  setup.resumable();
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  const auto session = client.session();
  REQUIRE(session);
  for (const bool other_hash : {false, true}) {
    auto client2 = setup.make_client(&*session);
    const Buffer sent = drain(client2);
    const tls::ClientHello hello = *tls::ClientHello::parse(Bytes(sent).subspan(9));
    CHECK(hello.identities.size() == 2 + session->ticket.bytes().size() + 4);
    const Buffer share = noise(32, 9);
    const auto error = feed_all(client2, server_hello(hello, share, [&](tls::ServerHello& answer) {
                                  answer.has_key_share = true;
                                  answer.key_share_group = tls::GroupId::x25519;
                                  answer.key_share = share;
                                  answer.has_pre_shared_key = true;
                                  answer.selected_identity = other_hash ? 0 : 1;
                                  answer.suite = other_hash ? tls::kAes256GcmSha384.id : answer.suite;
                                }));
    REQUIRE(error);
    CHECK(*error == ErrorCode::identity_not_offered);
  }
}

TEST_CASE("H04 TLS 1.3: a protocol that was not offered is refused") {
  Tls13Setup setup;
  const std::string_view ours[] = {"http/1.1"};
  const std::string_view theirs[] = {"http/9.9"};
  setup.client.alpn = ours;
  setup.server.alpn = theirs;
  setup.client.versions = kAlteredRows;
  auto client = setup.make_client();
  auto server = setup.make_server();
  const Buffer record = alter_hello(client, [&](Buffer& message) {
    const Buffer name = buffer_of("http/1.1"), other = buffer_of("http/9.9");
    const auto found = std::search(message.begin(), message.end(), name.begin(), name.end());
    REQUIRE(found != message.end());
    std::copy(other.begin(), other.end(), found);
  });
  REQUIRE_FALSE(feed_all(server, record));
  CHECK(server.negotiated().alpn == "http/9.9");
  const auto error = feed_all(client, drain(server));
  REQUIRE(error);
  CHECK(*error == ErrorCode::protocol_not_offered);
  CHECK(alert_of(*error) == Alert::illegal_parameter);
}

TEST_CASE("H04 TLS 1.3: a ServerHello and a HelloRetryRequest have no extension of another message") {
  // All of them were offered, and all may stand in a ServerHello of TLS 1.2.
  using Change = void (*)(tls::ServerHello&);
  const Change changes[] = {[](tls::ServerHello& hello) { hello.alpn = "h2"; },
                            [](tls::ServerHello& hello) { hello.acknowledges_server_name = true; },
                            [](tls::ServerHello& hello) { hello.extended_master_secret = true; },
                            [](tls::ServerHello& hello) { hello.record_size_limit = 600; }};
  for (const bool retry : {false, true}) {
    for (std::size_t i = 0; i < std::size(changes); ++i) {
      INFO(i << (retry ? ", HelloRetryRequest" : ", ServerHello"));
      Tls13Setup setup;
      const std::string_view protocols[] = {"h2"};
      setup.client.alpn = protocols;
      setup.client.record_size_limit = 600;
      auto client = setup.make_client();
      const Buffer sent = drain(client);
      const tls::ClientHello hello = *tls::ClientHello::parse(Bytes(sent).subspan(9));
      const Buffer random = noise(32, 3);
      const auto error =
          feed_all(client, server_hello(hello, retry ? Bytes(tls::kHelloRetryRequest) : Bytes(random),
                                        [&](tls::ServerHello& answer) {
                                          answer.has_key_share = true;
                                          answer.key_share_group =
                                              retry ? tls::GroupId::secp256r1 : tls::GroupId::x25519;
                                          answer.key_share = retry ? Bytes() : Bytes(random);
                                          changes[i](answer);
                                        }));
      REQUIRE(error);
      CHECK(*error == ErrorCode::misplaced_extension);
      CHECK(error->place == Place::server_hello_extensions);
      CHECK(alert_of(*error) == Alert::illegal_parameter);
    }
  }
}
