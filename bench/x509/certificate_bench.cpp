// SPDX-License-Identifier: Apache-2.0
// A leaf certificate: parsed, parsed with its key, and parsed and verified against its
// CA.
#include "support/identity.hpp"
#include "support/runner.hpp"

#include <ashlar/x509/verify.hpp>

namespace ashlar::measure {

namespace {

Work verify_chain(const Identity& parties) {
  struct Chain {
    x509::Certificate ca;
    x509::TrustAnchor anchor;
    Bytes leaf;
  };
  const auto ca = must(x509::Certificate::parse(parties.ca));
  return repeat([chain = Chain{ca, x509::TrustAnchor::from(ca), parties.leaf}]() mutable {
    x509::VerifyRequest request{};
    request.keys = &x509::kAllKeys;
    request.chain = {&chain.leaf, 1};
    request.anchors = x509::AnchorIndex({&chain.anchor, 1});
    request.now = {std::time(nullptr)};
    request.name = "localhost";
    return bool(x509::verify_chain(request));
  });
}

}  // namespace

void add_x509() {
  for (const bool rsa : {false, true}) {
    const std::string kind = rsa ? ", rsa-2048" : ", p-256";
    Group("certificate parse" + kind).add("ashlar", [=] {
      return repeat([leaf = identity(rsa).leaf] { return bool(x509::Certificate::parse(leaf)); });
    });
    Group("certificate parse with key" + kind).add("ashlar", [=] {
      return repeat([leaf = identity(rsa).leaf] {
        const auto certificate = x509::Certificate::parse(leaf);
        return certificate && certificate->public_key(x509::kAllKeys);
      });
    });
    Group("chain parse and verify" + kind).add("ashlar", [=] { return verify_chain(identity(rsa)); });
  }
}

}  // namespace ashlar::measure
