// SPDX-License-Identifier: Apache-2.0
// A client with one suite, one group and one scheme, and nothing else. link_test.py checks its size, and what
// is not in it.
#include <ashlar/crypto/random.hpp>
#include <ashlar/tls/connection.hpp>

#include <cstdio>

using namespace ashlar;

namespace {

constexpr const tls::tls12::Suite* kSuites[] = {&tls::kEcdheEcdsaAes128GcmSha256};
constexpr const tls::Group* kGroups[] = {&tls::kX25519};
constexpr const tls::Scheme* kSchemes[] = {&tls::kEcdsaSecp256r1Sha256};
constexpr const x509::KeyKind* kKinds[] = {&x509::kP256};
constexpr const x509::SignatureAlgorithm* kSignatures[] = {&x509::kEcdsaSha256};
constexpr x509::KeySet kKeys = {kKinds, kSignatures};
constexpr tls::Policy kPolicy = {"one", kSuites, kGroups, kSchemes, true, &kKeys};

}  // namespace

int main() {
  const tls::TrustAnchors nobody{x509::AnchorIndex()};
  tls::ClientConfig config;
  config.policy = &kPolicy;
  config.versions = tls::kTls12ClientOnly;
  config.verifier = nobody.verifier();
  config.clock = {[](void*) { return asn1::Time{1893456000}; }, nullptr, nullptr};
  config.random = crypto::system_random();
  config.memory = tls::system_memory();
  auto client = tls::Client::create(config, "example.com");
  if (!client) {
    return 1;
  }
  std::printf("a ClientHello of %zu bytes\n", client->pending_output().size());
  return client->pending_output().empty() ? 1 : 0;
}
