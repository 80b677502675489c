// SPDX-License-Identifier: Apache-2.0
// Which version is spoken where nobody says anything, and where a policy or a config names less.
#include "message/message.hpp"
#include "tls/support/works.hpp"

#include <cstdio>

using namespace ashlar;
using namespace ashlar::test;

namespace {

constexpr auto kTls13 = tls::ProtocolVersion::tls13;
constexpr auto kTls12 = tls::ProtocolVersion::tls12;

tls::ProtocolVersion spoken(Setup& setup) {
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.negotiated().version == server.negotiated().version);
  CHECK_FALSE(client.negotiated().retried);
  return client.negotiated().version;
}

}  // namespace

TEST_CASE("default: named policies speak TLS 1.3 by X25519MLKEM768, and TLS 1.2 with what is older") {
  const tls::Policy* const policy =
      GENERATE(&tls::policy::modern, &tls::policy::strict, &tls::policy::compat);
  INFO(policy->name);
  CHECK(policy->speaks(kTls13));
  CHECK(policy->speaks(kTls12));
  Setup setup;
  setup.client.policy = setup.server.policy = policy;
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.negotiated().version == kTls13);
  CHECK(client.negotiated().group == &tls::kX25519MlKem768);
  CHECK(client.negotiated().suite == &tls::kAes128GcmSha256);
  setup.server.policy = &kTls12Modern;
  CHECK(spoken(setup) == kTls12);
  setup.server.policy = policy;
  setup.client.policy = &kTls12Modern;
  CHECK(spoken(setup) == kTls12);
}

TEST_CASE("default: configs that nobody touched have the policy modern and both versions") {
  const tls::ClientConfig client{};
  const tls::ServerConfig server{};
  CHECK(client.policy == &tls::policy::modern);
  CHECK(server.policy == &tls::policy::modern);
  CHECK(client.versions.size() == 2);
  CHECK(server.versions.size() == 2);
}

TEST_CASE("default: a version without suites, or that the config has not, is not spoken") {
  Setup setup;
  const tls::Policy& modern = tls::policy::modern;
  const tls::Policy older = {"older", modern.suites, modern.groups, modern.schemes, false, modern.chain_keys};
  const tls::Policy newer = {"newer",
                             {},
                             modern.groups,
                             modern.schemes,
                             false,
                             modern.chain_keys,
                             tls::kAllVersions,
                             modern.tls13_suites};
  CHECK_FALSE(older.speaks(kTls13));
  CHECK_FALSE(newer.speaks(kTls12));
  setup.client.policy = setup.server.policy = &modern;
  SECTION("a client's policy of TLS 1.2") {
    setup.client.policy = &older;
    CHECK(spoken(setup) == kTls12);
  }
  SECTION("a server's policy of TLS 1.2 does not say that it could do better") {
    setup.server.policy = &older;
    CHECK(spoken(setup) == kTls12);
  }
  SECTION("policies of TLS 1.3") {
    setup.client.policy = setup.server.policy = &newer;
    CHECK(spoken(setup) == kTls13);
  }
  SECTION("configs of one version") {
    setup.client.versions = tls::kTls12ClientOnly;
    CHECK(spoken(setup) == kTls12);
    setup.client.versions = tls::kTls13ClientOnly;
    CHECK(spoken(setup) == kTls13);
    setup.server.versions = tls::kTls13ServerOnly;
    CHECK(spoken(setup) == kTls13);
    setup.client.versions = tls::kClientVersions;
    setup.server.versions = tls::kTls12ServerOnly;
    CHECK(spoken(setup) == kTls12);
  }
  SECTION("the policies of one version") {
    setup.client.policy = &tls::policy::tls12;
    CHECK(spoken(setup) == kTls12);
    setup.client.policy = &tls::policy::tls13;
    CHECK(spoken(setup) == kTls13);
    setup.server.policy = &tls::policy::tls12;
    auto client = setup.make_client();
    auto server = setup.make_server();
    const auto error = feed_all(server, drain(client));
    REQUIRE(error);
    CHECK(*error == ErrorCode::unsupported_version);
    // What the client offers at most: the message about it says so.
    CHECK(error->detail == static_cast<std::uint32_t>(kTls13));
  }
}

TEST_CASE("default: the ClientHello's size is printed beside a TCP segment's, and bounded") {
  Setup setup;
  setup.client.policy = &tls::policy::modern;
  auto both = setup.make_client();
  setup.client.policy = &tls::policy::tls12;
  auto older = setup.make_client();
  const std::size_t size = both.pending_output().size();
  std::printf(
      "the default ClientHello: %zu bytes, with TLS 1.2 alone %zu; a TCP segment carries 1460 (IPv6: 1440)\n",
      size, older.pending_output().size());
  CHECK(size <= 1600);
  CHECK(older.pending_output().size() <= 256);
}
