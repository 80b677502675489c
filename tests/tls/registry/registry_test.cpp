// SPDX-License-Identifier: Apache-2.0
#include <ashlar/tls/event.hpp>
#include <ashlar/tls/policy.hpp>

#include <set>

#include "catch.hpp"
#include "record/protection.hpp"
#include "registry/group_versions.hpp"
#include "support/bytes.hpp"
#include "tls12/key_exchange.hpp"

using namespace ashlar;
using namespace ashlar::tls;
using namespace ashlar::test;

TEST_CASE("policies: modern has forward secrecy and authenticated encryption only", "[tls]") {
  CHECK_FALSE(policy::modern.require_extended_master_secret);
  CHECK(policy::modern.suites.size() == 6);
  for (const tls12::Suite* suite : policy::modern.suites) {
    INFO(suite->name);
    CHECK(suite->key_exchange->ephemeral);
    CHECK(suite->cipher->block_size == 1);
  }
  CHECK(policy::modern.suite(SuiteId{0x009c}) == nullptr);
  CHECK(policy::modern.suite(SuiteId{0x003c}) == nullptr);
}

TEST_CASE("H22 policies: strict is modern and demands extended master secret", "[tls]") {
  CHECK(policy::strict.require_extended_master_secret);
  CHECK(policy::strict.suites.data() == policy::modern.suites.data());
  CHECK(policy::strict.groups.data() == policy::modern.groups.data());
  CHECK(policy::strict.schemes.data() == policy::modern.schemes.data());
  CHECK(policy::strict.chain_keys == policy::modern.chain_keys);
}

TEST_CASE("policies: tls12 and tls13 are modern's rows for one version", "[tls]") {
  CHECK(policy::tls12.speaks(ProtocolVersion::tls12));
  CHECK_FALSE(policy::tls12.speaks(ProtocolVersion::tls13));
  CHECK(policy::tls12.suites.data() == policy::modern.suites.data());
  CHECK(policy::tls13.speaks(ProtocolVersion::tls13));
  CHECK_FALSE(policy::tls13.speaks(ProtocolVersion::tls12));
  CHECK(policy::tls13.tls13_suites.data() == policy::modern.tls13_suites.data());
  CHECK(policy::tls13.groups.data() == policy::modern.groups.data());
  std::vector<const Group*> groups;
  for (const Group* group : policy::modern.groups) {
    if (in_tls12(*group)) {
      groups.push_back(group);
    }
  }
  CHECK(std::equal(groups.begin(), groups.end(), policy::tls12.groups.begin(), policy::tls12.groups.end()));
  for (const Policy* policy : {&policy::tls12, &policy::tls13}) {
    CHECK(policy->schemes.data() == policy::modern.schemes.data());
    CHECK(policy->chain_keys == policy::modern.chain_keys);
  }
}

TEST_CASE("policies: compat begins with modern's suites and adds CCM, CBC and RSA key transport", "[tls]") {
  CHECK(!policy::compat.require_extended_master_secret);
  REQUIRE(policy::compat.suites.size() == 39);
  for (std::size_t i = 0; i < policy::modern.suites.size(); ++i) {
    CHECK(policy::compat.suites[i] == policy::modern.suites[i]);
  }
  CHECK(policy::compat.suite(SuiteId{0x009c}) == &kRsaAes128GcmSha256);
  CHECK(policy::compat.suite(SuiteId{0x003c}) == &kRsaAes128CbcSha256);
  // The mandatory one (RFC 5246 §9).
  CHECK(policy::compat.suite(SuiteId{0x002f}) == &kRsaAes128CbcSha);
}

TEST_CASE("policies: what is for old peers only says why, and modern has none of it", "[tls]") {
  for (const tls12::Suite* suite : policy::compat.suites) {
    INFO(suite->name);
    const bool weak = !suite->key_exchange->ephemeral || suite->key_exchange->finite_field ||
                      suite->cipher->block_size > 1 || suite->cipher->mac_size < 16;
    CHECK(suite->legacy.empty() == !weak);
    CHECK((!weak || policy::modern.suite(suite->id) == nullptr));
  }
}

TEST_CASE("policies: psk has keys from outside alone, and no other policy has them", "[tls]") {
  for (const tls12::Suite* suite : policy::psk.suites) {
    INFO(suite->name);
    CHECK(suite->key_exchange->by_psk());
    CHECK(suite->key_exchange->add_psk != nullptr);
    CHECK(suite->cipher->block_size == 1);
    CHECK(suite->legacy.empty() == (suite->key_exchange->ephemeral && !suite->key_exchange->finite_field));
  }
  for (const Policy* policy : {&policy::modern, &policy::strict, &policy::compat, &policy::tls12}) {
    for (const tls12::Suite* suite : policy->suites) {
      CHECK_FALSE(suite->key_exchange->by_psk());
      CHECK(suite->key_exchange->add_psk == nullptr);
    }
    CHECK_FALSE(policy->psk_without_key_exchange);
  }
  CHECK_FALSE(policy::psk.psk_without_key_exchange);
}

TEST_CASE("policies: rows are found by number, and nothing else is", "[tls]") {
  for (const Policy* policy : {&policy::modern, &policy::strict, &policy::compat}) {
    std::set<unsigned> suites, groups, schemes;
    for (unsigned id = 0; id < 65536; ++id) {
      const auto value = static_cast<std::uint16_t>(id);
      if (const tls12::Suite* suite = policy->suite(SuiteId{value})) {
        CHECK(static_cast<unsigned>(suite->id) == id);
        suites.insert(id);
      }
      if (const Group* group = policy->group(GroupId{value})) {
        CHECK(static_cast<unsigned>(group->id) == id);
        CHECK(group->name == name(group->id));
        groups.insert(id);
      }
      if (const Scheme* scheme = policy->scheme(SchemeId{value})) {
        CHECK(static_cast<unsigned>(scheme->id) == id);
        CHECK(scheme->name == name(scheme->id));
        schemes.insert(id);
      }
    }
    CHECK(suites.size() == policy->suites.size());
    CHECK(groups == (policy == &policy::compat
                         ? std::set<unsigned>{23, 24, 25, 29, 30, 256, 257, 258, 4587, 4588, 4589}
                         : std::set<unsigned>{23, 24, 25, 29, 4588}));
    CHECK(policy->tls13_suite(SuiteId{0x1301}) == &kAes128GcmSha256);
    CHECK(policy->tls13_suite(SuiteId{0xc02b}) == nullptr);
    std::set<unsigned> wanted{0x0401, 0x0403, 0x0501, 0x0503, 0x0601, 0x0603, 0x0804, 0x0805, 0x0806, 0x0807};
    if (policy == &policy::compat) {
      wanted.insert({0x0809, 0x080a, 0x080b});
    }
    CHECK(schemes == wanted);
  }
}

TEST_CASE("H03 schemes: no SHA-1 and no MD5 in any policy", "[tls]") {
  for (const Policy* policy : {&policy::modern, &policy::strict, &policy::compat}) {
    for (const Scheme* scheme : policy->schemes) {
      const crypto::HashAlgorithm* const hash = scheme->algorithm->hash;
      CHECK((hash == nullptr ? scheme == &kEd25519 : hash->digest_size >= 32));
    }
  }
}

TEST_CASE("suites: number, hash and record cipher as the RFCs have them", "[tls]") {
  struct Row {
    unsigned id;
    const char* name;
    std::size_t hash_size, key_size, mac_key_size;
    Authentication authentication;
  };
  const Row rows[] = {
      {0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 32, 16, 0, Authentication::ecdsa},
      {0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 48, 32, 0, Authentication::ecdsa},
      {0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 32, 16, 0, Authentication::rsa},
      {0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 48, 32, 0, Authentication::rsa},
      {0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 32, 32, 0, Authentication::rsa},
      {0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", 32, 32, 0, Authentication::ecdsa},
      {0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", 32, 16, 0, Authentication::rsa},
      {0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", 32, 16, 0, Authentication::ecdsa},
      {0xc0ad, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", 32, 32, 0, Authentication::ecdsa},
      {0xc0ae, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", 32, 16, 0, Authentication::ecdsa},
      {0xc0af, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8", 32, 32, 0, Authentication::ecdsa},
      {0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", 32, 16, 20, Authentication::ecdsa},
      {0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", 32, 32, 20, Authentication::ecdsa},
      {0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", 32, 16, 32, Authentication::ecdsa},
      {0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", 48, 32, 48, Authentication::ecdsa},
      {0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", 32, 16, 20, Authentication::rsa},
      {0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", 32, 32, 20, Authentication::rsa},
      {0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", 32, 16, 32, Authentication::rsa},
      {0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", 48, 32, 48, Authentication::rsa},
      {0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 32, 16, 0, Authentication::rsa},
      {0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", 48, 32, 0, Authentication::rsa},
      {0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 32, 32, 0, Authentication::rsa},
      {0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", 32, 16, 20, Authentication::rsa},
      {0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", 32, 32, 20, Authentication::rsa},
      {0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", 32, 16, 32, Authentication::rsa},
      {0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", 32, 32, 32, Authentication::rsa},
      {0xc09e, "TLS_DHE_RSA_WITH_AES_128_CCM", 32, 16, 0, Authentication::rsa},
      {0xc09f, "TLS_DHE_RSA_WITH_AES_256_CCM", 32, 32, 0, Authentication::rsa},
      {0xc0a2, "TLS_DHE_RSA_WITH_AES_128_CCM_8", 32, 16, 0, Authentication::rsa},
      {0xc0a3, "TLS_DHE_RSA_WITH_AES_256_CCM_8", 32, 32, 0, Authentication::rsa},
      {0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384", 48, 32, 0, Authentication::rsa},
      {0xc09c, "TLS_RSA_WITH_AES_128_CCM", 32, 16, 0, Authentication::rsa},
      {0xc09d, "TLS_RSA_WITH_AES_256_CCM", 32, 32, 0, Authentication::rsa},
      {0xc0a0, "TLS_RSA_WITH_AES_128_CCM_8", 32, 16, 0, Authentication::rsa},
      {0xc0a1, "TLS_RSA_WITH_AES_256_CCM_8", 32, 32, 0, Authentication::rsa},
      {0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA", 32, 16, 20, Authentication::rsa},
      {0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", 32, 32, 20, Authentication::rsa},
      {0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256", 32, 16, 32, Authentication::rsa},
      {0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256", 32, 32, 32, Authentication::rsa},
      {0xd001, "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256", 32, 16, 0, Authentication::psk},
      {0xd002, "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384", 48, 32, 0, Authentication::psk},
      {0xccac, "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256", 32, 32, 0, Authentication::psk},
      {0x00aa, "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256", 32, 16, 0, Authentication::psk},
      {0x00ab, "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384", 48, 32, 0, Authentication::psk},
      {0xccad, "TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256", 32, 32, 0, Authentication::psk},
      {0x00a8, "TLS_PSK_WITH_AES_128_GCM_SHA256", 32, 16, 0, Authentication::psk},
      {0x00a9, "TLS_PSK_WITH_AES_256_GCM_SHA384", 48, 32, 0, Authentication::psk},
      {0xccab, "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256", 32, 32, 0, Authentication::psk},
      {0xc035, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA", 32, 16, 20, Authentication::psk},
      {0xc036, "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA", 32, 32, 20, Authentication::psk},
      {0x008c, "TLS_PSK_WITH_AES_128_CBC_SHA", 32, 16, 20, Authentication::psk},
      {0x008d, "TLS_PSK_WITH_AES_256_CBC_SHA", 32, 32, 20, Authentication::psk},
  };
  CHECK(std::size(rows) == policy::compat.suites.size() + policy::psk.suites.size() + 4);
  for (const Row& row : rows) {
    INFO(row.name);
    const SuiteId id{static_cast<std::uint16_t>(row.id)};
    const tls12::Suite* suite = policy::compat.suite(id);
    suite = suite != nullptr ? suite : policy::psk.suite(id);
    for (const tls12::Suite* each :
         {&kEcdhePskAes128CbcSha, &kEcdhePskAes256CbcSha, &kPskAes128CbcSha, &kPskAes256CbcSha}) {
      suite = each->id == id ? each : suite;
    }
    REQUIRE(suite != nullptr);
    CHECK(suite->name == row.name);
    CHECK(suite->hash->digest_size == row.hash_size);
    CHECK(suite->cipher->key_size == row.key_size);
    CHECK(suite->cipher->mac_key_size == row.mac_key_size);
    CHECK(suite->key_exchange->authentication == row.authentication);
    // encrypt_then_mac has a meaning for CBC only (RFC 7366 §3), and does not change the cutting of the key
    // block.
    const RecordCipher* variant = suite->cipher->encrypt_then_mac;
    CHECK((variant != nullptr) == (suite->cipher->block_size > 1));
    if (variant != nullptr) {
      CHECK(variant->mac_key_size == suite->cipher->mac_key_size);
      CHECK(variant->key_size == suite->cipher->key_size);
      CHECK(variant->fixed_iv_size == suite->cipher->fixed_iv_size);
      CHECK(variant->encrypt_then_mac == nullptr);
    }
  }
}

// The groups of the policies, and those that no policy names.
static std::vector<const Group*> every_group() {
  std::vector<const Group*> groups(policy::modern.groups.begin(), policy::modern.groups.end());
  groups.insert(groups.end(), {&kFfdhe2048, &kFfdhe3072, &kFfdhe4096});
  return groups;
}

TEST_CASE("groups: two sides agree on a secret, and on another one the next time", "[tls]") {
  crypto::DeterministicRandom generator(std::uint64_t{1});
  for (const Group* group : every_group()) {
    INFO(group->name);
    CHECK(group->start_share_size <= kMaxShareSize);
    CHECK(group->response_share_size <= kMaxShareSize);
    CHECK(group->secret_size <= kMaxSharedSecretSize);
    std::set<std::string> seen;
    for (int i = 0; i < 5; ++i) {
      Buffer key(group->private_size), first(group->secret_size), second(group->secret_size);
      Buffer share(group->start_share_size), response(group->response_share_size);
      REQUIRE(group->start(generator.random(), key, share).ok());
      REQUIRE(group->respond(generator.random(), share, response, second).ok());
      REQUIRE(group->finish(key, response, first).ok());
      CHECK_BYTES(first, second);
      CHECK(seen.insert(hex(first)).second);
    }
  }
}

TEST_CASE("groups: what is written has the sizes of the row, or nothing is", "[tls]") {
  crypto::DeterministicRandom generator(std::uint64_t{3});
  for (const Group* group : every_group()) {
    INFO(group->name);
    Buffer key(group->private_size), secret(group->secret_size);
    Buffer share(group->start_share_size), response(group->response_share_size);
    REQUIRE(group->start(generator.random(), key, share).ok());
    const auto longer = [](Buffer buffer) {
      buffer.push_back(0);
      return buffer;
    };
    Buffer long_key = longer(key), long_share = longer(share), long_secret = longer(secret);
    for (const auto& result :
         {group->start(generator.random(), long_key, share),
          group->start(generator.random(), key, long_share),
          group->respond(generator.random(), share, long_share, secret),
          group->respond(generator.random(), share, response, long_secret),
          group->finish(long_key, share, secret), group->finish(key, share, long_secret)}) {
      CHECK(result.error() == ErrorCode::invalid_argument);
    }
  }
}

TEST_CASE("H17 E01 groups: shares of another size, off the curve or of small order are refused", "[tls]") {
  crypto::DeterministicRandom generator(std::uint64_t{2});
  for (const Group* group : every_group()) {
    INFO(group->name);
    if (group->part != nullptr) {
      continue;  // two groups side by side: see below
    }
    Buffer key(group->private_size), secret(group->secret_size), share(group->start_share_size);
    Buffer response(group->response_share_size);
    REQUIRE(group->start(generator.random(), key, share).ok());
    const auto check_refused = [&](const Buffer& bad) {
      const auto finished = group->finish(key, bad, secret);
      REQUIRE(!finished.ok());
      CHECK(alert_of(finished.error().code) == Alert::illegal_parameter);
      const auto responded = group->respond(generator.random(), bad, response, secret);
      REQUIRE(!responded.ok());
      CHECK(responded.error() == finished.error().code);
      CHECK_BYTES(secret, Buffer(group->secret_size));
    };
    for (std::size_t size = 0; size < share.size() + 3; ++size) {
      if (size != share.size()) {
        Buffer other(size);
        copy_bytes(other, Bytes(share).first(size < share.size() ? size : share.size()));
        check_refused(other);
      }
    }
    // Zeros: a point of small order on X25519, and not an element of the other groups.
    check_refused(Buffer(share.size()));
    if (group->response_share_size == group->secret_size && group != &kX25519) {
      check_refused(Buffer(share.size(), 0xff));
    } else if (group != &kX25519) {
      share.back() ^= 1;
      CHECK(group->finish(key, share, secret).error() == ErrorCode::point_not_on_curve);
    }
  }
}

TEST_CASE("H17 groups: a hybrid agrees, holds its part, and refuses shares that either half refuses",
          "[tls]") {
  crypto::DeterministicRandom generator(std::uint64_t{4});
  for (const Group* group : {&kX25519MlKem768, &kSecp256r1MlKem768, &kSecp384r1MlKem1024}) {
    INFO(group->name);
    CHECK(group->name == name(group->id));
    Buffer key(group->private_size), secret(group->secret_size), other(group->secret_size);
    Buffer share(group->start_share_size), response(group->response_share_size);
    CHECK(share.size() <= kMaxShareSize);
    REQUIRE(group->start(generator.random(), key, share).ok());
    REQUIRE(group->respond(generator.random(), share, response, secret).ok());
    REQUIRE(group->finish(key, response, other).ok());
    CHECK_BYTES(secret, other);
    // Its part by itself, from the same key and share.
    const Group& part = *group->part;
    const Bytes part_share = Bytes(share).subspan(group->part_share_at, part.start_share_size);
    Buffer part_response(part.response_share_size), one(part.secret_size), two(part.secret_size);
    REQUIRE(part.respond(generator.random(), part_share, part_response, one).ok());
    REQUIRE(
        part.finish(Bytes(key).subspan(group->part_private_at, part.private_size), part_response, two).ok());
    CHECK_BYTES(one, two);
    const auto illegal = [](const Result<void>& result) {
      REQUIRE(!result.ok());
      CHECK(alert_of(result.error().code) == Alert::illegal_parameter);
    };
    for (const std::size_t size : {std::size_t{0}, std::size_t{32}, share.size() - 1, share.size() + 1}) {
      Buffer bad = share;
      bad.resize(size);
      illegal(group->respond(generator.random(), bad, response, secret));
      bad.resize(size == share.size() + 1 ? response.size() + 1 : size == 0 ? 0 : response.size() - 1);
      illegal(group->finish(key, bad, secret));
    }
    // The curve's part zero, or ML-KEM's key not reduced.
    Buffer bad = share;
    std::fill_n(bad.begin() + static_cast<std::ptrdiff_t>(group->part_share_at), part.start_share_size, 0);
    illegal(group->respond(generator.random(), bad, response, secret));
    bad = share;
    const std::size_t kem_at = group->part_share_at == 0 ? part.start_share_size : 0;
    bad[kem_at] = bad[kem_at + 1] = 0xff;
    illegal(group->respond(generator.random(), bad, response, secret));
  }
}

TEST_CASE("H17 groups: ML-KEM alone agrees, and refuses shares of another size and keys that are not reduced",
          "[tls]") {
  crypto::DeterministicRandom generator(std::uint64_t{5});
  for (const Group* group : {&kMlKem512, &kMlKem768, &kMlKem1024}) {
    INFO(group->name);
    CHECK(group->name == name(group->id));
    CHECK(group->part == nullptr);
    Buffer key(group->private_size), secret(group->secret_size), other(group->secret_size);
    Buffer share(group->start_share_size), response(group->response_share_size);
    CHECK(share.size() <= kMaxShareSize);
    REQUIRE(group->start(generator.random(), key, share).ok());
    REQUIRE(group->respond(generator.random(), share, response, secret).ok());
    REQUIRE(group->finish(key, response, other).ok());
    CHECK_BYTES(secret, other);
    const auto illegal = [](const Result<void>& result) {
      REQUIRE(!result.ok());
      CHECK(alert_of(result.error().code) == Alert::illegal_parameter);
    };
    for (const std::size_t size : {std::size_t{0}, share.size() - 1, share.size() + 1}) {
      Buffer bad = share;
      bad.resize(size);
      illegal(group->respond(generator.random(), bad, response, secret));
    }
    for (const std::size_t size : {std::size_t{0}, response.size() - 1, response.size() + 1}) {
      Buffer bad = response;
      bad.resize(size);
      illegal(group->finish(key, bad, secret));
    }
    Buffer bad = share;
    bad[0] = bad[1] = 0xff;
    illegal(group->respond(generator.random(), bad, response, secret));
    // Room of another size is a mistake of the caller.
    Buffer small(secret.size() - 1);
    CHECK(group->respond(generator.random(), share, response, small).error() == ErrorCode::invalid_argument);
    CHECK(group->finish(key, response, small).error() == ErrorCode::invalid_argument);
    CHECK(group->start(generator.random(), small, share).error() == ErrorCode::invalid_argument);
  }
}

TEST_CASE("names: every number that has a name here, and unknown for the rest", "[tls]") {
  CHECK(name(ContentType::handshake) == "handshake");
  CHECK(name(ProtocolVersion::tls12) == "TLS 1.2");
  CHECK(name(HandshakeType::client_key_exchange) == "ClientKeyExchange");
  CHECK(name(ExtensionType::renegotiation_info) == "renegotiation_info");
  CHECK(name(ExtensionType::encrypt_then_mac) == "encrypt_then_mac");
  CHECK(name(GroupId::x25519) == "x25519");
  CHECK(name(SchemeId{0x0804}) == "rsa_pss_rsae_sha256");
  for (const Scheme* scheme : {&kEd448, &kMlDsa44, &kMlDsa65, &kMlDsa87}) {
    CHECK(name(scheme->id) == scheme->name);
    CHECK(scheme->in_tls13);
  }
  CHECK(kEd448.id == SchemeId{0x0808});
  CHECK(kMlDsa44.id == SchemeId{0x0904});
  CHECK(kMlDsa65.id == SchemeId{0x0905});
  CHECK(kMlDsa87.id == SchemeId{0x0906});
  CHECK(name(Alert::close_notify) == "close_notify");
  CHECK(name(SecretKind::client_random) == "client_random");
  CHECK(name(SecretKind::server_verify_data) == "server_verify_data");
  CHECK(name(SecretKind{99}) == "unknown");
  CHECK(name(ExtensionType{0x0a0a}) == "unknown");
  CHECK(name(GroupId{0x0a0a}) == "unknown");
  CHECK(name(HandshakeType{99}) == "unknown");
  // Every alert of our errors has a name.
  for (const ErrorRow& row : kErrorTable) {
    CHECK(name(row.alert) != "unknown");
  }
}
