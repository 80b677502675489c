// SPDX-License-Identifier: Apache-2.0
// ClientHellos with values that mean nothing (RFC 8701), and with extensions in an order that is drawn.
#include "extension/table.hpp"
#include "tls/support/resumption.hpp"
#include "tls/support/tls13.hpp"

#include <algorithm>
#include <set>

using namespace ashlar;
using namespace ashlar::test;

namespace {

bool is_grease(unsigned value) {
  return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

struct Hello {
  explicit Hello(const tls::Client& client) : record(buffer_of(client.pending_output())) {
    const auto parsed = tls::ClientHello::parse(Bytes(record).subspan(9));
    REQUIRE(parsed);
    hello = *parsed;
    std::size_t at = 9 + 2 + 32;
    at += 1u + record[at];
    at += 2u + hello.cipher_suites.size();
    at += 1u + hello.compression_methods.size();
    Reader reader(Bytes(record).subspan(at + 2));
    while (!reader.empty()) {
      types.push_back(*reader.u16());
      (void)reader.u16_prefixed();
    }
  }
  static unsigned first(Bytes list) { return list[0] * 256u + list[1]; }

  Buffer record;
  tls::ClientHello hello;
  std::vector<unsigned> types;  // of extensions, as sent
};

void both_versions(Tls13Setup& setup) {
  for (const auto& versions : {std::span(kTls13Alone), std::span(kTls12Alone)}) {
    setup.server_policy.versions = versions;
    auto client = setup.make_client();
    auto server = setup.make_server();
    check_works(client, server);
  }
  setup.server_policy.versions = kTls13Then12;
}

// The server wants a second ClientHello, and compares it with the first.
void retried(Tls13Setup& setup) {
  static const tls::Group* const p384[] = {&tls::kSecp384r1};
  setup.server_policy.groups = p384;
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(server.negotiated().retried);
  setup.server_policy.groups = tls::policy::compat.groups;
}

}  // namespace

TEST_CASE("GREASE: values that mean nothing stand first in each list, another in each connection") {
  Tls13Setup setup;
  setup.client.grease = true;
  std::set<unsigned> suites, groups, versions, schemes, extensions;
  for (int i = 0; i < 40; ++i) {
    const auto client = setup.make_client();
    const Hello sent(client);
    for (const Bytes list : {sent.hello.cipher_suites, sent.hello.supported_groups,
                             sent.hello.supported_versions, sent.hello.signature_algorithms}) {
      REQUIRE(is_grease(Hello::first(list)));
      CHECK_FALSE(is_grease(Hello::first(list.subspan(2))));
    }
    suites.insert(Hello::first(sent.hello.cipher_suites));
    groups.insert(Hello::first(sent.hello.supported_groups));
    versions.insert(Hello::first(sent.hello.supported_versions));
    schemes.insert(Hello::first(sent.hello.signature_algorithms));
    // Its share is one byte.
    CHECK(Hello::first(sent.hello.key_shares) == Hello::first(sent.hello.supported_groups));
    CHECK_BYTES(sent.hello.key_shares.subspan(2, 3), unhex("0001 00"));
    // The first extension and the last.
    REQUIRE(is_grease(sent.types.front()));
    REQUIRE(is_grease(sent.types.back()));
    CHECK(sent.types.front() != sent.types.back());
    CHECK(std::count_if(sent.types.begin(), sent.types.end(), is_grease) == 2);
    extensions.insert(sent.types.front());
  }
  for (const auto* drawn : {&suites, &groups, &versions, &schemes, &extensions}) {
    CHECK(drawn->size() > 8);
  }
  both_versions(setup);
  retried(setup);
}

TEST_CASE("GREASE: none is sent unless the config says so, and pre_shared_key stays the last extension") {
  WithTickets<Tls13Setup> setup;
  const Ended first = connect(setup);
  const auto plain = setup.make_client(&first.session);
  const Hello unchanged(plain);
  CHECK(std::none_of(unchanged.types.begin(), unchanged.types.end(), is_grease));
  CHECK_FALSE(is_grease(Hello::first(unchanged.hello.cipher_suites)));
  setup.client.grease = setup.client.permute_extensions = true;
  for (int i = 0; i < 20; ++i) {
    const auto client = setup.make_client(&first.session);
    const Hello sent(client);
    CHECK(sent.types.back() == 41);
    CHECK(is_grease(sent.types[sent.types.size() - 2]));
  }
  CHECK(resumes(setup, first.session));
}

TEST_CASE("permuted extensions: the same ones, in another order in each connection") {
  Tls13Setup setup;
  const auto plain = setup.make_client();
  const Hello unchanged(plain);
  setup.client.permute_extensions = true;
  std::set<std::vector<unsigned>> orders;
  std::set<unsigned> firsts, lasts;
  for (int i = 0; i < 100; ++i) {
    const auto client = setup.make_client();
    const Hello sent(client);
    CHECK(std::is_permutation(sent.types.begin(), sent.types.end(), unchanged.types.begin(),
                              unchanged.types.end()));
    orders.insert(sent.types);
    firsts.insert(sent.types.front());
    lasts.insert(sent.types.back());
  }
  CHECK(orders.size() == 100);
  // Each comes first once in a while, and each last.
  CHECK(firsts.size() > unchanged.types.size() / 2);
  CHECK(lasts.size() > unchanged.types.size() / 2);
  both_versions(setup);
  retried(setup);
}
