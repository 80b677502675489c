// SPDX-License-Identifier: Apache-2.0
// What an unauthenticated server can make a client spend (D01). Its flight may be as large and as odd as the
// bounds of messages and chains allow. It costs no more than four honest handshakes and four readings of
// its bytes.
#include "catch.hpp"
#include "support/sanitiser.hpp"
#include "support/skip.hpp"
#include "tls/support/cost.hpp"
#include "tls/support/hostile_chains.hpp"
#include "tls/support/pipe.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

// What the client trusts, and an honest server under that trust. Hostile servers reuse its messages.
struct HostileServer {
  const char* name;
  std::string_view root, leaf;
  const tls::tls12::Suite* suite;  // null: the best one
  Roots roots{root};
  Buffer root_der = der_of(root), leaf_der = der_of(leaf);
  std::vector<Buffer> flights;   // of the honest server
  std::vector<Buffer> messages;  // of the first of them

  HostileServer(const char* name, std::string_view root, std::string_view leaf, const x509::PrivateKey& key,
                const tls::tls12::Suite* suite = nullptr)
      : name(name), root(root), leaf(leaf), suite(suite) {
    Setup setup;
    Identity identity(leaf, key);
    auto client = make_client(setup);
    setup.server.credentials = &identity.credentials;
    auto server = setup.make_server();
    while (!client.handshake_done()) {
      REQUIRE_FALSE(feed_all(server, drain(client)));
      flights.push_back(drain(server));
      REQUIRE_FALSE(feed_all(client, flights.back()));
    }
    for (const Buffer& record : Refragmenter(Refragmenter::kByMessage).feed(flights[0])) {
      messages.emplace_back(record.begin() + 5, record.end());
    }
  }

  tls::Client make_client(Setup& setup) const {
    if (suite != nullptr) {
      setup.use(*suite);
    }
    setup.client.verifier = roots.verifier();
    setup.client.credentials = &setup.rsa.credentials;
    return setup.make_client();
  }
  double client_time(const std::vector<Buffer>& flights) const {
    return least_time(flights, [this](Setup& setup) { return make_client(setup); });
  }
};

Buffer framed(unsigned type, const Buffer& body) {
  return Buffer{static_cast<std::uint8_t>(type)} + prefixed(3, body);
}

Buffer certificates(const std::vector<Buffer>& chain) {
  Buffer list;
  for (const Buffer& each : chain) {
    list = list + prefixed(3, each);
  }
  return framed(11, prefixed(3, list));
}

struct Attack {
  std::string name;
  Buffer flight;
  std::size_t size;  // of its messages
};

std::vector<Attack> attacks_on(const HostileServer& scene) {
  std::vector<Attack> attacks;
  const auto add = [&](const std::string& name, const std::vector<Buffer>& messages) {
    Buffer flight;
    for (const Buffer& each : messages) {
      flight = flight + each;
    }
    attacks.push_back({name, in_records(flight, 16384), flight.size()});
    attacks.push_back({name + ", in single bytes", in_records(flight, 1), flight.size()});
  };
  const auto add_chain = [&](const std::string& name, const std::vector<Buffer>& chain) {
    add(name, {scene.messages[0], certificates(chain)});
  };
  Buffer all;
  for (const Buffer& each : scene.messages) {
    all = all + each;
  }
  attacks.push_back({"the honest flight in single bytes", in_records(all, 1), all.size()});

  for_hostile_chains(scene.root_der, scene.leaf_der, add_chain);

  // The server's own certificate, which anyone may copy, and then messages that it cannot have signed.
  const bool ecdhe = scene.messages.size() == 4;
  const std::vector<Buffer> copied = {scene.messages[0], scene.messages[1]};
  if (ecdhe) {
    Buffer exchange = scene.messages[2];
    exchange.back() ^= 1;
    add("a key exchange with a bad signature", {copied[0], copied[1], exchange});
    std::vector<Buffer> padded = {scene.leaf_der};
    for (int i = 0; i < 9; i++) {
      padded.push_back(unrelated_issuer(scene.root_der, scene.leaf_der));
    }
    add("the same among unrelated certificates", {copied[0], certificates(padded), exchange});
  } else {
    Buffer names;
    for (int i = 0; i < 20000; i++) {
      names.insert(names.end(), {0, 1, 5});
    }
    Buffer schemes;
    for (int i = 0; i < 32000; i++) {
      schemes.insert(schemes.end(), {0xfe, 0xfe});
    }
    const Buffer few = Buffer{0x06, 0x01};
    add("many names of authorities",
        {copied[0], copied[1], framed(13, prefixed(1, Buffer{1}) + prefixed(2, few) + prefixed(2, names))});
    add("many schemes",
        {copied[0], copied[1], framed(13, prefixed(1, Buffer{1}) + prefixed(2, schemes) + prefixed(2, {}))});
    add("many certificate types",
        {copied[0], copied[1], framed(13, prefixed(1, Buffer(255, 2)) + prefixed(2, few) + prefixed(2, {}))});
  }
  return attacks;
}

}  // namespace

TEST_CASE(
    "D01 cost: no flight of a server takes a client longer than four honest handshakes and four "
    "readings") {
  if (kFramesHoldCopies || kEmulated) {
    SKIP_CASE("what is watched or emulated takes other times");
  }
  const HostileServer scenes[] = {
      {"P-256", pem::kCa, pem::kEcdsaServer, ecdsa_key()},
      {"P-384", pem::kP384Ca, pem::kP384Server, ecdsa_key()},
      {"RSA key transport", pem::kCa, pem::kRsaServer, rsa_key(), &tls::kRsaAes128GcmSha256},
  };
  const double densest = reading_time();
  for (const HostileServer& scene : scenes) {
    for (const Attack& attack : attacks_on(scene)) {
      INFO(scene.name << ": " << attack.name);
      CHECK(costs_at_most(
          [&] {
            return scene.client_time({attack.flight, scene.flights[1]});
          },
          [&] {
            return kMostCost *
                   (scene.client_time(scene.flights) + densest * static_cast<double>(attack.size));
          }));
    }
  }
}

TEST_CASE("D01 cost: records beyond any honest server's number are refused") {
  const HostileServer scene{"P-256", pem::kCa, pem::kEcdsaServer, ecdsa_key()};
  Setup setup;
  auto client = scene.make_client(setup);
  (void)drain(client);
  const Buffer chain(0x10000);
  const auto error = feed_all(client, in_records(scene.messages[0] + Buffer{11, 1, 0, 0} + chain, 1));
  REQUIRE(error);
  CHECK(error->code == ErrorCode::fragment_flood);
  CHECK(error->detail < 16700);
}
