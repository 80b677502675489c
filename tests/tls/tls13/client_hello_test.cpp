// SPDX-License-Identifier: Apache-2.0
// What a server of TLS 1.3 takes as a ClientHello, and as a second one.
#include "catch.hpp"
#include "tls/message/build.hpp"
#include "tls/support/altered_hello.hpp"
#include "tls/support/cost.hpp"
#include "tls/support/resumption.hpp"
#include "tls/support/stapled.hpp"

using namespace ashlar;
using namespace ashlar::test;

TEST_CASE("H05 TLS 1.3: a second ClientHello that changes what it may not change is refused") {
  Tls13Setup setup;
  const tls::Group* const of_client[] = {&tls::kX25519, &tls::kSecp256r1};
  const tls::Group* const of_server[] = {&tls::kSecp256r1};
  setup.use_groups(of_client, of_server);
  auto client = setup.make_client();
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  REQUIRE_FALSE(feed_all(client, drain(server)));
  Buffer second = drain(client);
  // Of the name, a letter.
  const Buffer name = buffer_of("server.example");
  const auto found = std::search(second.begin(), second.end(), name.begin(), name.end());
  REQUIRE(found != second.end());
  *found = 't';
  const auto error = feed_all(server, second);
  REQUIRE(error);
  CHECK(*error == ErrorCode::second_hello_differs);
  CHECK(alert_of(*error) == Alert::illegal_parameter);
}

TEST_CASE("TLS 1.3: key shares are of groups that are listed, each once") {
  Tls13Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Buffer hello = drain(client);
  // The share of X25519 becomes a second one of X25519MLKEM768, or one of a group that the list has not.
  const Buffer share = unhex("001d0020");
  const auto found = std::search(hello.begin(), hello.end(), share.begin(), share.end());
  REQUIRE(found != hello.end());
  for (const Buffer& other : {unhex("11ec0020"), unhex("001f0020")}) {
    std::copy(other.begin(), other.end(), found);
    auto victim = setup.make_server();
    const auto error = feed_all(victim, hello);
    REQUIRE(error);
    CHECK(*error == ErrorCode::bad_key_share);
    CHECK(alert_of(*error) == Alert::illegal_parameter);
  }
}

TEST_CASE("TLS 1.3: as many unknown groups and shares as a ClientHello can hold are passed over") {
  Tls13Setup setup;
  auto client = setup.make_client();
  const Buffer sent = drain(client);
  tls::ClientHello hello = *tls::ClientHello::parse(Bytes(sent).subspan(9));
  // Unknown ones first, and the honest ones last.
  Buffer groups, shares;
  for (unsigned group = 0x4000; group < 0x4000 + 8000; ++group) {
    for (const unsigned byte : {group >> 8, group & 0xff}) {
      groups.push_back(static_cast<std::uint8_t>(byte));
      shares.push_back(static_cast<std::uint8_t>(byte));
    }
    shares.insert(shares.end(), {0, 1, 0});
  }
  groups = groups + Buffer(hello.supported_groups.begin(), hello.supported_groups.end());
  shares = shares + Buffer(hello.key_shares.begin(), hello.key_shares.end());
  const auto answer = [&] {
    hello.supported_groups = groups;
    hello.key_shares = shares;
    auto server = setup.make_server();
    return feed_all(server, in_records(Buffer{1} + prefixed(3, built(hello)), 16384));
  };
  CHECK_FALSE(answer());
  // Twice the first of them, behind all others.
  shares = shares + unhex("4000 0001 00");
  const auto error = answer();
  REQUIRE(error);
  CHECK(*error == ErrorCode::bad_key_share);
  CHECK(error->detail == 0x4000);
}

TEST_CASE("TLS 1.3: what proves a pre-shared key ends the ClientHello") {
  const Buffer key =
      extension(41, prefixed(2, unhex("0001 41 00000000")) + prefixed(2, unhex("20") + Buffer(32)));
  const auto parsed = [](const Buffer& extensions) {
    static Buffer body;
    body = unhex("0303") + Buffer(32) + unhex("00 0002 1301 01 00") + prefixed(2, extensions);
    return tls::ClientHello::parse(body);
  };
  CHECK(parsed(extension(0x0a0a, {}) + key));
  const auto error = parsed(key + extension(0x0a0a, {}));
  REQUIRE_FALSE(error);
  CHECK(error.error() == ErrorCode::pre_shared_key_not_last);
}

namespace {

// The hello of a client as a test changes it, and the error of a server that takes it.
std::optional<Error> server_takes(Tls13Setup& setup, const tls::Session* session,
                                  const std::function<void(tls::ClientHello&)>& change) {
  auto client = setup.make_client(session);
  const Buffer sent = drain(client);
  tls::ClientHello hello = *tls::ClientHello::parse(Bytes(sent).subspan(9));
  change(hello);
  auto server = setup.make_server();
  return feed_all(server, in_records(Buffer{1} + prefixed(3, built(hello)), 16384));
}

}  // namespace

TEST_CASE("TLS 1.3: a ClientHello has what its handshake needs, and null compression alone") {
  TicketSetup13 setup;
  const tls::Session session = connect(setup).session;
  const auto refused = [&](bool resumed, ErrorCode code, Alert alert,
                           const std::function<void(tls::ClientHello&)>& change) {
    const auto error = server_takes(setup, resumed ? &session : nullptr, change);
    REQUIRE(error);
    CHECK(*error == code);
    CHECK(alert_of(*error) == alert);
  };
  const auto missing = [&](bool resumed, const std::function<void(tls::ClientHello&)>& change) {
    refused(resumed, ErrorCode::missing_extension, Alert::missing_extension, change);
  };
  CHECK_FALSE(server_takes(setup, nullptr, [](tls::ClientHello&) {}));
  CHECK_FALSE(server_takes(setup, nullptr, [](tls::ClientHello& hello) { hello.server_name = {}; }));
  const Buffer two = unhex("0001");
  refused(false, ErrorCode::null_compression_missing, Alert::illegal_parameter,
          [&](tls::ClientHello& hello) { hello.compression_methods = two; });
  missing(false, [](tls::ClientHello& hello) { hello.signature_algorithms = {}; });
  missing(false, [](tls::ClientHello& hello) { hello.supported_groups = {}; });
  missing(false, [](tls::ClientHello& hello) { hello.has_key_share = false; });
  // With a pre-shared key: its modes; and signatures all the same if nobody knows the key.
  missing(true, [](tls::ClientHello& hello) { hello.psk_key_exchange_modes = {}; });
  const Buffer unknown = prefixed(2, noise(100)) + Buffer(4);
  missing(true, [&](tls::ClientHello& hello) {
    hello.identities = unknown;
    hello.signature_algorithms = {};
  });
  CHECK_FALSE(server_takes(setup, &session, [&](tls::ClientHello& hello) { hello.identities = unknown; }));
  refused(true, ErrorCode::binder_mismatch, Alert::decrypt_error,
          [](tls::ClientHello& hello) { hello.random = hello.session_id; });
}

TEST_CASE("H05 TLS 1.3: of a second ClientHello every part is looked at, and one share is what it has") {
  const tls::Group* const of_client[] = {&tls::kX25519, &tls::kSecp256r1};
  const tls::Group* const of_server[] = {&tls::kSecp256r1};
  const auto after = [&](const std::function<void(tls::ClientHello&)>& change,
                         const Buffer& padding = {}) -> std::optional<Error> {
    Tls13Setup setup;
    setup.use_groups(of_client, of_server);
    auto client = setup.make_client();
    auto server = setup.make_server();
    REQUIRE_FALSE(feed_all(server, drain(client)));
    REQUIRE_FALSE(feed_all(client, drain(server)));
    const Buffer second = drain(client);
    tls::ClientHello hello = *tls::ClientHello::parse(Bytes(second).subspan(6 + 9));
    change(hello);
    Buffer message = Buffer{1} + prefixed(3, built(hello));
    if (!padding.empty()) {
      put_extension_first(message, padding);
    }
    return feed_all(server, in_records(message, 16384));
  };
  const auto refused = [&](ErrorCode code, const std::function<void(tls::ClientHello&)>& change) {
    const auto error = after(change);
    REQUIRE(error);
    CHECK(*error == code);
    CHECK(alert_of(*error) == Alert::illegal_parameter);
  };
  CHECK_FALSE(after([](tls::ClientHello&) {}));
  CHECK_FALSE(after([](tls::ClientHello&) {}, extension(21, Buffer(9))));
  CHECK(after([](tls::ClientHello&) {}, extension(0x7a7a, {})));
  const Buffer other = noise(32, 8), cookie = unhex("c0");
  refused(ErrorCode::second_hello_differs, [&](tls::ClientHello& hello) { hello.random = other; });
  refused(ErrorCode::second_hello_differs, [&](tls::ClientHello& hello) { hello.session_id = other; });
  refused(ErrorCode::second_hello_differs,
          [](tls::ClientHello& hello) { hello.cipher_suites = hello.cipher_suites.first(2); });
  refused(ErrorCode::second_hello_differs, [](tls::ClientHello& hello) { hello.server_name = "b.example"; });
  refused(ErrorCode::second_hello_differs, [](tls::ClientHello& hello) { hello.early_data = true; });
  refused(ErrorCode::second_hello_differs, [&](tls::ClientHello& hello) { hello.cookie = cookie; });
  Buffer shares;
  refused(ErrorCode::bad_key_share, [&](tls::ClientHello& hello) {
    shares = buffer_of(hello.key_shares) + unhex("001d 0020") + noise(32);
    hello.key_shares = shares;
  });
}

TEST_CASE("TLS 1.3: a server asks for its first group that the client has") {
  const tls::Group* const of_client[] = {&tls::kX25519, &tls::kSecp521r1, &tls::kSecp384r1};
  const tls::Group* const of_server[] = {&tls::kSecp256r1, &tls::kSecp384r1, &tls::kSecp521r1};
  Tls13Setup setup;
  setup.use_groups(of_client, of_server);
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(server.negotiated().retried);
  CHECK(server.negotiated().group == &tls::kSecp384r1);
}

TEST_CASE("TLS 1.3: what is stapled goes to who asked for it, each by itself") {
  Tls13Setup setup;
  const Stapled stapled(pem::kEcdsaServer);
  setup.server.credentials = &stapled.credentials;
  setup.client.request_status = true;
  const auto sizes = [&](bool response, bool timestamps) {
    // How large the flight is tells what is in it: 900 bytes of the one, 180 of the other.
    auto client = setup.make_client();
    const Buffer sent = drain(client);
    tls::ClientHello hello = *tls::ClientHello::parse(Bytes(sent).subspan(9));
    hello.asks_for_status = response;
    hello.asks_for_timestamps = timestamps;
    auto server = setup.make_server();
    REQUIRE_FALSE(feed_all(server, in_records(Buffer{1} + prefixed(3, built(hello)), 16384)));
    return server.pending_output().size();
  };
  const std::size_t bare = sizes(false, false);
  const std::size_t with_response = sizes(true, false), with_timestamps = sizes(false, true);
  // The signature's size differs a little.
  CHECK((with_response > bare + 880 && with_response < bare + 930));
  CHECK((with_timestamps > bare + 170 && with_timestamps < bare + 210));
  CHECK(sizes(true, true) > bare + 1060);
}

TEST_CASE("H12 TLS 1.3: four identities are looked up as sessions, whatever other keys there are") {
  TicketSetup13 setup;
  const tls::Session session = connect(setup).session;
  const bool has_keys = GENERATE(false, true);
  if (has_keys) {
    setup.server.psks = {[](void*, Bytes, tls::Psk&) { return false; }, nullptr};
  }
  for (const std::size_t before : {0u, 3u, 4u, 5u}) {
    INFO(before << (has_keys ? ", with keys from outside" : ""));
    Buffer identities, binders;
    const auto error = server_takes(setup, &session, [&](tls::ClientHello& hello) {
      for (std::size_t i = 0; i < before; ++i) {
        identities = identities + prefixed(2, noise(100, i)) + Buffer(4);
        binders = binders + prefixed(1, noise(32));
      }
      identities = identities + buffer_of(hello.identities);
      binders = binders + prefixed(1, noise(32));
      hello.identities = identities;
      hello.binders = binders;
    });
    // What is found must be proved; the rest gives a full handshake.
    CHECK(error.has_value() == (before < 4));
    CHECK((!error || *error == ErrorCode::binder_mismatch));
  }
}
