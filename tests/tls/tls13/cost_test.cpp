// SPDX-License-Identifier: Apache-2.0
// What an unauthenticated client can make a server of both versions spend (D01, H21). The measure is an
// honest handshake of TLS 1.3 with the default policy.
#include <ashlar/tls/ticket_keys.hpp>

#include "catch.hpp"
#include "support/sanitiser.hpp"
#include "support/skip.hpp"
#include "tls/support/cost.hpp"
#include "tls/support/pipe.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

struct Cost {
  tls::TicketKeys keys;
  tls::Resumption tickets = keys.resumption();

  Cost() {
    Setup setup;
    REQUIRE(keys.rotate(setup.server.random, {setup.clock.seconds}));
  }
  tls::Client make_client(Setup& setup) const {
    setup.client.policy = &tls::policy::modern;
    return setup.make_client();
  }
  tls::Server make_server(Setup& setup) const {
    setup.server.policy = &tls::policy::modern;
    setup.server.tickets = &tickets;
    return setup.make_server();
  }
  double server_time(const std::vector<Buffer>& flights) const {
    return least_time(flights, [this](Setup& setup) { return make_server(setup); });
  }
  // The flights of an honest client. They are deterministic, so they can be sent again to the same server.
  std::vector<Buffer> honest_flights() const {
    Setup setup;
    auto client = make_client(setup);
    auto server = make_server(setup);
    std::vector<Buffer> flights;
    while (!server.handshake_done()) {
      flights.push_back(drain(client));
      REQUIRE_FALSE(feed_all(server, flights.back()));
      REQUIRE_FALSE(feed_all(client, drain(server)));
    }
    CHECK(server.negotiated().version == tls::ProtocolVersion::tls13);
    return flights;
  }
};

Buffer made_up(std::size_t count, std::initializer_list<unsigned> last) {
  Buffer list;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned number = 0x4000u + static_cast<unsigned>(i % 200);
    list.push_back(static_cast<std::uint8_t>(number >> 8));
    list.push_back(static_cast<std::uint8_t>(number));
  }
  for (const unsigned each : last) {
    list = list + u16(each);
  }
  return list;
}

struct Lists {
  std::size_t suites = 2, schemes = 2, groups = 2, versions = 2, identities = 0;
  Buffer shares = u16(29) + prefixed(2, noise(32));
};

// A ClientHello in which everything that the server understands is at the end of long lists.
Buffer client_hello(const Lists& lists) {
  Buffer extensions =
      extension(43, prefixed(1, made_up(lists.versions, {0x0304}))) +
      extension(10, prefixed(2, made_up(lists.groups, {29}))) +
      extension(13, prefixed(2, made_up(lists.schemes, {0x0403, 0x0804}))) +
      extension(51, prefixed(2, lists.shares)) + extension(45, Buffer{1, 1}) +
      extension(0, prefixed(2, Buffer{0} + prefixed(2, buffer_of(bytes_of("server.example")))));
  if (lists.identities > 0) {
    // As long as tickets that hold a session, so that opening them is tried.
    Buffer identities, binders;
    const Buffer identity = prefixed(2, noise(200)) + Buffer(4, 0), binder = prefixed(1, noise(32));
    for (std::size_t i = 0; i < lists.identities; ++i) {
      identities.insert(identities.end(), identity.begin(), identity.end());
      binders.insert(binders.end(), binder.begin(), binder.end());
    }
    extensions = extensions + extension(41, prefixed(2, identities) + prefixed(2, binders));
  }
  const Buffer body = Buffer{3, 3} + noise(32) + Buffer{0} + prefixed(2, made_up(lists.suites, {0x1301})) +
                      Buffer{1, 0} + prefixed(2, extensions);
  return Buffer{1} + prefixed(3, body);
}

std::size_t responded, signatures;

}  // namespace

TEST_CASE("D01 TLS 1.3 cost: nothing takes a server more than four honest handshakes and four hashings") {
  if (kFramesHoldCopies || kEmulated) {
    SKIP_CASE("what is watched or emulated takes other times");
  }
  const Cost cost;
  const std::vector<Buffer> honest = cost.honest_flights();
  struct Attack {
    const char* name;
    std::vector<Buffer> flights;
  };
  std::vector<Attack> attacks;
  const auto add_hello = [&](const char* name, const Lists& lists) {
    const Buffer hello = client_hello(lists);
    attacks.push_back({name, {in_records(hello, 16384)}});
    attacks.push_back({name, {in_records(hello, 1)}});
  };
  add_hello("many suites", {.suites = 30000});
  add_hello("many schemes", {.schemes = 30000});
  add_hello("many groups", {.groups = 30000});
  add_hello("many of all", {.suites = 10000, .schemes = 10000, .groups = 10000, .versions = 120});
  add_hello("many sessions", {.identities = 120});
  Buffer shares;
  for (unsigned i = 0; i < 6000; ++i) {
    const unsigned group = 0x4000 + i;
    for (const unsigned byte : {group >> 8, group & 0xff, 0u, 1u, 1u}) {
      shares.push_back(static_cast<std::uint8_t>(byte));
    }
  }
  add_hello("many shares of many groups",
            {.groups = 14000, .shares = shares + u16(29) + prefixed(2, noise(32))});
  add_hello("no share of a common group", {.shares = {}});
  const auto add_second = [&](const char* name, const Buffer& second) {
    attacks.push_back({name, {honest[0], second}});
  };
  Buffer changes, warnings;
  for (int i = 0; i < 2000; ++i) {
    changes = changes + plain_record(tls::ContentType::change_cipher_spec, unhex("01"));
    warnings = warnings + plain_record(tls::ContentType::alert, unhex("015a"));
  }
  add_second("ChangeCipherSpecs", changes);
  add_second("warnings", warnings);
  add_second("a second ClientHello", honest[0]);
  add_second("a record that opens under no key",
             plain_record(tls::ContentType::application_data, noise(16384)));
  for (const Attack& attack : attacks) {
    INFO(attack.name << ", " << attack.flights[0].size() << " bytes first");
    CHECK(costs_at_most(
        [&] { return cost.server_time(attack.flights); },
        [&] { return kMostCost * (cost.server_time(honest) + hashing_time(attack.flights[0].size())); }));
  }
}

TEST_CASE(
    "H21 TLS 1.3 cost: before a client proves anything, a server does one key exchange and one signature") {
  responded = signatures = 0;
  Setup setup;
  tls::Policy counting = tls::policy::modern;
  tls::Group group = tls::kX25519;
  group.respond = [](crypto::Random random, Bytes peer, MutBytes share, MutBytes secret) {
    ++responded;
    return tls::kX25519.respond(random, peer, share, secret);
  };
  const tls::Group* groups[] = {&group};
  counting.groups = groups;
  setup.client.policy = &tls::policy::modern;
  setup.server.policy = &counting;
  tls::Signer signer = tls::local_signer(ecdsa_key());
  signer.sign = [](const void* context, const x509::SignatureAlgorithm& algorithm,
                   const x509::SigningInput& input, crypto::Random random, MutBytes out) {
    ++signatures;
    return static_cast<const x509::PrivateKey*>(context)->sign(algorithm, input, random, out);
  };
  const Identity counted(pem::kEcdsaServer, signer);
  setup.server.credentials = &counted.credentials;
  auto client = setup.make_client();
  auto server = setup.make_server();
  const Buffer hello = drain(client);
  REQUIRE_FALSE(feed_all(server, hello));
  REQUIRE_FALSE(feed_all(client, drain(server)));
  CHECK(responded == 1);
  CHECK(signatures == 1);
  Buffer second = drain(client);
  SECTION("a Finished that proves nothing") {
    second.back() ^= 1;
  }
  SECTION("the hello again") {
    second = hello;
  }
  CHECK(feed_all(server, second));
  CHECK_FALSE(server.handshake_done());
  CHECK(feed_all(server, hello));
  CHECK(responded == 1);
  CHECK(signatures == 1);
}
