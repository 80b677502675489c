// SPDX-License-Identifier: Apache-2.0
// What a server of TLS 1.3 that has proved nothing can make a client spend (D01): in the clear up to the
// ServerHello, and then under the keys of the handshake, which anyone may agree on.
#include "catch.hpp"
#include "support/sanitiser.hpp"
#include "support/skip.hpp"
#include "tls/support/hostile_chains.hpp"
#include "tls/support/server_hello13.hpp"
#include "tls13/key_schedule.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

// A server whose hello is honest, and who says under the keys that follow from it what a test wants.
struct Hostile13 {
  Roots roots{pem::kCa};
  Buffer root_der = der_of(pem::kCa), leaf_der = der_of(pem::kEcdsaServer);
  std::vector<Buffer> honest;  // flights
  Buffer hello;                // the record of the ServerHello
  Buffer secret;               // what the server's handshake traffic is under

  Hostile13() {
    Setup setup;
    setup.server.policy = &tls::policy::modern;
    setup.server.events = {[](void* context, const tls::Event& event) {
                             const auto* told = std::get_if<tls::SecretEvent>(&event.what);
                             if (told && told->kind == tls::SecretKind::server_handshake_traffic_secret) {
                               static_cast<Buffer*>(context)->assign(told->value.begin(), told->value.end());
                             }
                           },
                           &secret, false, true};
    auto client = make_client(setup);
    auto server = setup.make_server();
    while (!client.handshake_done()) {
      REQUIRE_FALSE(feed_all(server, drain(client)));
      honest.push_back(drain(server));
      REQUIRE_FALSE(feed_all(client, honest.back()));
    }
    REQUIRE(client.negotiated().suite == &tls::kAes128GcmSha256);
    const Buffer& flight = honest[0];
    const std::size_t size = 5 + static_cast<std::size_t>(flight[3]) * 256 + flight[4];
    hello.assign(flight.begin(), flight.begin() + static_cast<std::ptrdiff_t>(size));
  }

  tls::Client make_client(Setup& setup) const {
    setup.client.policy = &tls::policy::modern;
    setup.client.verifier = roots.verifier();
    setup.client.credentials = &setup.rsa.credentials;
    setup.client.request_status = true;
    return setup.make_client();
  }
  double client_time(const std::vector<Buffer>& flights) const {
    return least_time(flights, [this](Setup& setup) { return make_client(setup); });
  }
  // The ServerHello, and these messages in records of so many bytes.
  Buffer flight(const Buffer& messages, std::size_t size) const {
    const auto keys = tls::tls13::derive_traffic_keys(crypto::kSha256, tls::kAes128GcmTls13Records,
                                                      tls::tls13::HashSecret(secret));
    REQUIRE(keys);
    const tls::Memory its_memory = tls::system_memory();
    tls::Protection writing(its_memory);
    REQUIRE(
        writing.activate(tls::kAes128GcmTls13Records, true, {}, keys->key.reveal(), keys->fixed_iv.reveal()));
    crypto::DeterministicRandom random(1);
    Buffer out = hello;
    for (std::size_t at = 0; at < messages.size(); at += size) {
      const std::size_t count = std::min(size, messages.size() - at);
      Buffer record(count + 64);
      record.resize(*writing.seal(tls::ContentType::handshake, Bytes(messages).subspan(at, count),
                                  random.random(), record, 0));
      out.insert(out.end(), record.begin(), record.end());
    }
    return out;
  }
};

Buffer message13(tls::HandshakeType type, const Buffer& body) {
  return Buffer{static_cast<std::uint8_t>(type)} + prefixed(3, body);
}

Buffer certificate13(const std::vector<Buffer>& chain, const Buffer& extensions = {}) {
  Buffer list;
  for (const Buffer& each : chain) {
    list = list + prefixed(3, each) + prefixed(2, &each == chain.data() ? extensions : Buffer());
  }
  return message13(tls::HandshakeType::certificate, Buffer{0} + prefixed(3, list));
}

Buffer repeated(std::string_view hex_text, std::size_t times) {
  const Buffer unit = unhex(hex_text);
  Buffer out;
  for (std::size_t i = 0; i < times; ++i) {
    out.insert(out.end(), unit.begin(), unit.end());
  }
  return out;
}

}  // namespace

TEST_CASE(
    "D01 TLS 1.3 cost: no flight of a server takes a client longer than four honest handshakes and four "
    "readings") {
  if (kFramesHoldCopies || kEmulated) {
    SKIP_CASE("what is watched or emulated takes other times");
  }
  const Hostile13 scene;
  struct Attack13 {
    std::string name;
    Buffer flight;
    std::size_t size;  // of its messages
  };
  std::vector<Attack13> attacks;
  const Buffer nothing = message13(tls::HandshakeType::encrypted_extensions, unhex("0000"));
  const auto add = [&](const std::string& name, const Buffer& messages) {
    attacks.push_back({name, scene.flight(messages, 16384), messages.size()});
    // Each record is opened by itself: small ones cost the peer as much.
    attacks.push_back({name + ", in pieces", scene.flight(messages, 64), messages.size()});
  };
  for_hostile_chains(scene.root_der, scene.leaf_der,
                     [&](const std::string& name, const std::vector<Buffer>& chain) {
                       add(name, nothing + certificate13(chain));
                     });
  add("extensions that nobody knows",
      message13(tls::HandshakeType::encrypted_extensions, prefixed(2, empty_extensions(0x4000, 1000))));
  const Buffer few = extension(13, prefixed(2, u16(0x0403)));
  add("a request of many schemes",
      nothing + message13(tls::HandshakeType::certificate_request,
                          Buffer{0} + prefixed(2, extension(13, prefixed(2, repeated("fefe", 16000))))));
  add("a request of many authorities",
      nothing +
          message13(tls::HandshakeType::certificate_request,
                    Buffer{0} + prefixed(2, few + extension(47, prefixed(2, repeated("000105", 15000))))));
  add("a request of many unknown extensions",
      nothing + message13(tls::HandshakeType::certificate_request,
                          Buffer{0} + prefixed(2, few + empty_extensions(0x4000, 8000))));
  add("a long response and many timestamps",
      nothing + certificate13({scene.leaf_der}, extension(5, Buffer{1} + prefixed(3, noise(20000))) +
                                                    extension(18, prefixed(2, repeated("000107", 10000)))));
  const Buffer copied = nothing + certificate13({scene.leaf_der});
  add("a signature that nobody made",
      copied + message13(tls::HandshakeType::certificate_verify, u16(0x0403) + prefixed(2, noise(70))));
  add("a signature of 60,000 bytes",
      copied + message13(tls::HandshakeType::certificate_verify, u16(0x0403) + prefixed(2, noise(60000))));
  add("a Finished that proves nothing", copied + message13(tls::HandshakeType::finished, noise(32)));
  {
    Setup setup;
    auto client = scene.make_client(setup);
    const Buffer sent = drain(client);
    const tls::ClientHello hello = *tls::ClientHello::parse(Bytes(sent).subspan(9));
    Buffer changes;
    for (int i = 0; i < 2000; ++i) {
      changes = changes + plain_record(tls::ContentType::change_cipher_spec, unhex("01"));
    }
    attacks.push_back({"ChangeCipherSpecs", changes, changes.size()});
    // A second ClientHello with a large cookie, and then another HelloRetryRequest.
    const Buffer cookie = noise(300, 1);
    const Buffer retry = server_hello(hello, tls::kHelloRetryRequest, [&](tls::ServerHello& answer) {
      answer.has_key_share = true;
      answer.key_share_group = tls::GroupId::secp256r1;
      answer.cookie = cookie;
    });
    attacks.push_back({"two HelloRetryRequests", retry + retry, 2 * retry.size()});
  }
  const double densest = reading_time();
  for (const Attack13& attack : attacks) {
    INFO(attack.name);
    CHECK(costs_at_most(
        [&] {
          return scene.client_time({attack.flight, scene.honest.back()});
        },
        [&] {
          return kMostCost *
                 (scene.client_time(scene.honest) + densest * static_cast<double>(attack.flight.size()));
        }));
  }
}
