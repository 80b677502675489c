// SPDX-License-Identifier: Apache-2.0
// A client of one version, as a program with sockets makes it. It is built twice, with the number of the
// version: link_test.py looks for what the other version needs.
#include <ashlar/posix.hpp>

#include <cstdio>

using namespace ashlar;

int main() {
  const tls::TrustAnchors nobody{x509::AnchorIndex()};
#if ASHLAR_TEST_VERSION == 12
  const auto config = posix::client_config(nobody.verifier(), tls::policy::tls12, tls::kTls12ClientOnly);
#else
  const auto config = posix::client_config(nobody.verifier(), tls::policy::tls13, tls::kTls13ClientOnly);
#endif
  auto client = tls::Client::create(config, "example.com");
  if (!client) {
    return 1;
  }
  std::printf("a ClientHello of %zu bytes\n", client->pending_output().size());
  return client->pending_output().empty() ? 1 : 0;
}
