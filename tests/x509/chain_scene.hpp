// SPDX-License-Identifier: Apache-2.0
// Chains made of specifications, under roots of their own, and what verify_chain says of them.
#pragma once

#include <ashlar/x509/verify.hpp>

#include "support/certificates.hpp"

#include <string>
#include <vector>

namespace ashlar::test {

// Keys: the leaf has number 1, roots 2, intermediates from 3 on.
inline CertificateSpec leaf_spec(std::string_view issuer = "root", std::uint64_t issuer_key = 2) {
  CertificateSpec spec;
  spec.issuer = name_of(issuer);
  spec.issuer_key = issuer_key;
  spec.extensions = {alt_names({dns("example.com")})};
  return spec;
}

inline CertificateSpec ca_spec(std::string_view subject, std::uint64_t key, std::string_view issuer,
                               std::uint64_t issuer_key, std::vector<ExtensionSpec> more = {},
                               std::optional<std::uint32_t> path_length = {}) {
  CertificateSpec spec;
  spec.subject = name_of(subject);
  spec.key = key;
  spec.issuer = name_of(issuer);
  spec.issuer_key = issuer_key;
  spec.extensions = std::move(more);
  spec.extensions.push_back(basic_constraints(true, path_length));
  return spec;
}

inline CertificateSpec root_spec(std::vector<ExtensionSpec> more = {},
                                 std::optional<std::uint32_t> path_length = {}) {
  return ca_spec("root", 2, "root", 2, std::move(more), path_length);
}

// A chain and its roots, kept alive, and the verifier's verdict.
struct Scene {
  std::vector<Buffer> chain;
  std::vector<Buffer> roots;
  asn1::Time now = at_time("261121030000Z");
  x509::Purpose purpose = x509::Purpose::server_auth;
  std::string name = "example.com";
  std::size_t max_intermediates = x509::kMaxIntermediates;
  x509::RevocationCheck revocation;
  x509::PathReport* report = nullptr;
  bool leaf_may_be_anchor = false;
  const x509::KeySet* keys = &x509::kAllKeys;

  Scene(std::vector<CertificateSpec> certificates, std::vector<CertificateSpec> trusted = {root_spec()}) {
    for (const auto& spec : certificates) {
      chain.push_back(make(spec));
    }
    for (const auto& spec : trusted) {
      roots.push_back(make(spec));
    }
  }

  template <class Then>
  auto run(Then then) const {
    std::vector<Bytes> views(chain.begin(), chain.end());
    std::vector<x509::TrustAnchor> anchors;
    for (const Buffer& root : roots) {
      anchors.push_back(x509::TrustAnchor::from(*x509::Certificate::parse(root)));
    }
    x509::VerifyRequest request;
    request.keys = keys;
    request.leaf_may_be_anchor = leaf_may_be_anchor;
    request.chain = views;
    request.anchors = x509::AnchorIndex(anchors);
    request.now = now;
    request.purpose = purpose;
    request.name = name;
    request.max_intermediates = max_intermediates;
    request.revocation = revocation;
    request.report = report;
    return then(request);
  }
  // "ok" and the path, or the error's name, with its detail.
  std::string verdict() const {
    return run([&](const x509::VerifyRequest& request) {
      const auto chain =
          name.empty() ? x509::verify_chain_without_name(request) : x509::verify_chain(request);
      if (!chain) {
        return std::string(error_row(chain.error().code)->name) + " " + std::to_string(chain.error().detail);
      }
      std::string path = "ok";
      for (const std::uint8_t index : chain->path()) {
        path += " " + std::to_string(index);
      }
      return path;
    });
  }
};

}  // namespace ashlar::test
