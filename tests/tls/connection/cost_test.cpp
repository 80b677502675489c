// SPDX-License-Identifier: Apache-2.0
// What an unauthenticated peer can make a connection spend: memory, time, private-key operations.
#include "tls/support/cost.hpp"
#include "catch.hpp"
#include "support/sanitiser.hpp"
#include "support/skip.hpp"
#include "tls/support/pipe.hpp"
#include "tls12/key_exchange.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

double server_time(const std::vector<Buffer>& flights) {
  return least_time(flights, [](Setup& setup) { return setup.make_server(); });
}

// The flights of an honest client. They are deterministic, so they can be sent again to the same server.
std::vector<Buffer> honest_flights() {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  std::vector<Buffer> flights;
  while (!server.handshake_done()) {
    flights.push_back(drain(client));
    REQUIRE_FALSE(feed_all(server, flights.back()));
    REQUIRE_FALSE(feed_all(client, drain(server)));
  }
  return flights;
}

Buffer numbers(std::size_t count, std::uint16_t first, std::initializer_list<unsigned> last) {
  Buffer list;
  for (std::size_t i = 0; i < count; ++i) {
    list = list.empty() ? u16(first) : list;
    const Buffer next = u16(static_cast<std::uint16_t>(first + i % 200));
    list.insert(list.end(), next.begin(), next.end());
  }
  for (const unsigned each : last) {
    list = list + u16(each);
  }
  return list;
}

// A ClientHello in which everything that the server understands is at the end of long lists.
Buffer long_client_hello(std::size_t suites, std::size_t schemes, std::size_t groups, bool can_be_served,
                         std::size_t unknown = 0) {
  const auto known = [&](std::initializer_list<unsigned> last) {
    return can_be_served ? last : std::initializer_list<unsigned>{};
  };
  const Buffer extensions =
      empty_extensions(0x4000, unknown) +
      extension(10, prefixed(2, numbers(groups, 0x4000, known({0x001d, 0x0017})))) +
      extension(13, prefixed(2, numbers(schemes, 0x4000, known({0x0403, 0x0804})))) + extension(23, {}) +
      extension(0, prefixed(2, Buffer{0} + prefixed(2, buffer_of(bytes_of("server.example")))));
  const Buffer body = Buffer{3, 3} + noise(32) + Buffer{0} +
                      prefixed(2, numbers(suites, 0x5000, {0xc02b, 0xc02f, 0x009c, 0x00ff})) + Buffer{1, 0} +
                      prefixed(2, extensions);
  return Buffer{1} + prefixed(3, body);
}

std::size_t generated, agreed, signatures, decryptions;

}  // namespace

TEST_CASE("A03 cost: memory is taken for bytes that have come, not for lengths that were announced") {
  const bool at_server = GENERATE(true, false);
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  if (!at_server) {
    REQUIRE_FALSE(feed_all(server, drain(client)));
    Refragmenter cut(Refragmenter::kByMessage);
    REQUIRE_FALSE(feed_all(client, cut.feed(drain(server))[0]));
  }
  tls::Connection& victim = at_server ? static_cast<tls::Connection&>(server) : client;
  const CountedMemory& memory = at_server ? setup.server_memory : setup.client_memory;
  const std::size_t size = at_server ? tls::kMaxClientHelloSize : tls::kMaxCertificateMessageSize;
  Buffer message(4 + size, 0);
  message[0] = at_server ? 1 : 11;
  message[1] = static_cast<std::uint8_t>(size >> 16);
  message[2] = static_cast<std::uint8_t>(size >> 8);
  message[3] = static_cast<std::uint8_t>(size);
  const std::size_t before = memory.current;
  std::size_t most = 0;
  for (std::size_t at = 0; at + 700 < message.size(); at += 700) {
    REQUIRE_FALSE(feed_all(
        victim, plain_record(tls::ContentType::handshake,
                             Bytes(message).subspan(at, std::min<std::size_t>(700, message.size() - at)))));
    INFO(at);
    // The least that is taken is 1280 bytes.
    CHECK(memory.current - before <= std::max<std::size_t>(1280, 4 * (at + 700)));
    most = memory.current - before;
  }
  CHECK(most >= size - 700);
}

TEST_CASE(
    "D01 cost: no ClientHello and nothing after it takes a server more than four honest handshakes and four "
    "hashings") {
  if (kFramesHoldCopies || kEmulated) {
    SKIP_CASE("what is watched or emulated takes other times");
  }
  const std::vector<Buffer> honest = honest_flights();
  struct Attack {
    const char* name;
    std::vector<Buffer> flights;
  };
  std::vector<Attack> attacks;
  const auto add_hello = [&](const char* name, const Buffer& hello) {
    attacks.push_back({name, {in_records(hello, 16384)}});
    attacks.push_back({name, {in_records(hello, 1)}});
  };
  add_hello("many suites", long_client_hello(32000, 2, 2, true));
  add_hello("many suites that end in nothing", long_client_hello(32000, 2, 2, false));
  add_hello("many schemes", long_client_hello(10, 32000, 2, true));
  add_hello("many schemes, none of ours", long_client_hello(10, 32000, 2, false));
  add_hello("many groups", long_client_hello(10, 2, 32000, true));
  add_hello("many of all", long_client_hello(10000, 10000, 10000, false));
  add_hello("many extensions", long_client_hello(10, 2, 2, true, 16000));
  // The honest client's first flight, and then something that costs time and leads nowhere.
  const auto add_second = [&](const char* name, const Buffer& second) {
    attacks.push_back({name, {honest[0], second}});
  };
  add_second("a key share on no curve", in_records(Buffer{16, 0, 0, 66, 65, 4} + noise(64), 16384));
  add_second("a second ClientHello", honest[0]);
  Buffer warnings;
  for (int i = 0; i < 1000; ++i) {
    warnings = warnings + plain_record(tls::ContentType::alert, unhex("0164"));
  }
  add_second("warnings", warnings);
  add_second("the honest second flight in single bytes", [&] {
    Buffer flight = in_records(Buffer(honest[1].begin() + 5, honest[1].begin() + 5 + honest[1][4]), 1);
    flight.insert(flight.end(), honest[1].begin() + 5 + honest[1][4], honest[1].end());
    return flight;
  }());
  for (const Attack& attack : attacks) {
    INFO(attack.name << ", " << attack.flights[0].size() << " bytes first");
    CHECK(costs_at_most(
        [&] { return server_time(attack.flights); },
        [&] { return kMostCost * (server_time(honest) + hashing_time(attack.flights[0].size())); }));
  }
}

TEST_CASE(
    "H21 cost: before a client proves anything, a server does one key agreement and one private-key "
    "operation") {
  generated = agreed = signatures = decryptions = 0;
  const tls::tls12::Suite* suite =
      GENERATE(&tls::kEcdheEcdsaAes128GcmSha256, &tls::kEcdheRsaAes128GcmSha256, &tls::kRsaAes128GcmSha256);
  INFO(suite->name);
  Setup setup;
  setup.use(*suite);
  tls::Policy counting = setup.one_suite;
  tls::Group group = tls::kX25519;
  group.start = [](crypto::Random random, MutBytes key, MutBytes share) {
    ++generated;
    return tls::kX25519.start(random, key, share);
  };
  group.finish = [](Bytes key, Bytes share, MutBytes secret) {
    ++agreed;
    return tls::kX25519.finish(key, share, secret);
  };
  const tls::Group* groups[] = {&group};
  counting.groups = groups;
  setup.server.policy = &counting;
  tls::Signer rsa_signer = tls::local_signer(rsa_key()), ecdsa_signer = tls::local_signer(ecdsa_key());
  for (tls::Signer* each : {&rsa_signer, &ecdsa_signer}) {
    each->sign = [](const void* context, const x509::SignatureAlgorithm& algorithm,
                    const x509::SigningInput& input, crypto::Random random, MutBytes out) {
      ++signatures;
      return static_cast<const x509::PrivateKey*>(context)->sign(algorithm, input, random, out);
    };
  }
  rsa_signer.decrypt_premaster = [](const void* context, crypto::Random random, Bytes ciphertext,
                                    std::uint16_t version, Secret<48>& premaster) {
    ++decryptions;
    return static_cast<const x509::PrivateKey*>(context)->decrypt_premaster(random, ciphertext, version,
                                                                            premaster);
  };
  const Identity counted_rsa(pem::kRsaServer, rsa_signer), counted_ecdsa(pem::kEcdsaServer, ecdsa_signer);
  const tls::Credentials credentials = index_of({&counted_rsa.credential, &counted_ecdsa.credential});
  setup.server.credentials = &credentials;
  auto client = setup.make_client();
  auto server = setup.make_server();
  const Buffer hello = drain(client);
  REQUIRE_FALSE(feed_all(server, hello));
  REQUIRE_FALSE(feed_all(client, drain(server)));
  const bool transport = !suite->key_exchange->ephemeral;
  CHECK(generated == (transport ? 0u : 1u));
  CHECK(signatures == (transport ? 0u : 1u));
  Buffer second = drain(client);
  SECTION("a Finished that proves nothing") {
    second.back() ^= 1;
  }
  SECTION("the hello again") {
    second = hello;
  }
  SECTION("the key exchange twice") {
    const auto end = second.begin() + 5 + second[3] * 256 + second[4];
    second = Buffer(second.begin(), end) + Buffer(second.begin(), end);
  }
  CHECK(feed_all(server, second));
  CHECK_FALSE(server.handshake_done());
  CHECK(generated <= 1);
  CHECK(agreed <= 1);
  CHECK(signatures + decryptions <= 1);
  CHECK(feed_all(server, hello));
  CHECK(signatures + decryptions + agreed <= 2);
}
