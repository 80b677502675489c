// SPDX-License-Identifier: Apache-2.0
// A leaf certificate: parsed, parsed with its key, and verified against its CA.
#include "support/identity.hpp"
#include "support/openssl.hpp"

#include <ashlar/x509/verify.hpp>

namespace ashlar::bench {

void add_x509() {
  for (const bool rsa : {false, true}) {
    const std::string kind = rsa ? "rsa-2048" : "p-256";
    add("certificate parse/ashlar/" + kind, [=](benchmark::State& state) {
      const Identity identity = new_identity(rsa);
      measure(state, identity.leaf.size(), [&] {
        const auto certificate = x509::Certificate::parse(identity.leaf);
        benchmark::DoNotOptimize(&certificate);
      });
    });
    ADD_OPENSSL(std::string("certificate parse/"), "/" + kind, openssl::parse(state, rsa, false));
    add("certificate parse, key too/ashlar/" + kind, [=](benchmark::State& state) {
      const Identity identity = new_identity(rsa);
      measure(state, identity.leaf.size(), [&] {
        const auto key = must(x509::Certificate::parse(identity.leaf)).public_key();
        benchmark::DoNotOptimize(&key);
      });
    });
    ADD_OPENSSL(std::string("certificate parse, key too/"), "/" + kind, openssl::parse(state, rsa, true));
    add("chain verify/ashlar/" + kind, [=](benchmark::State& state) {
      const Identity identity = new_identity(rsa);
      const auto ca = must(x509::Certificate::parse(identity.ca));
      const x509::TrustAnchor anchors[] = {x509::TrustAnchor::from(ca)};
      const Bytes chain[] = {identity.leaf};
      x509::VerifyRequest request{};
      request.chain = chain;
      request.anchors = anchors;
      request.now = {std::time(nullptr)};
      request.name = "localhost";
      measure(state, 0, [&] {
        if (!x509::verify_chain(request)) {
          state.SkipWithError("refused");
        }
      });
    });
  }
}

}  // namespace ashlar::bench
