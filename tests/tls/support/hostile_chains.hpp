// SPDX-License-Identifier: Apache-2.0
// Chains that cost a verifier as much as bounds allow: many candidates, large keys, long names, many
// elements. None of them is good.
#pragma once

#include "support/certificates.hpp"
#include "tls/support/cost.hpp"

#include <string>
#include <vector>

namespace ashlar::test {

// A SubjectPublicKeyInfo of an RSAPublicKey whose modulus has unknown factors.
inline Buffer rsa_spki(std::size_t bits, std::string_view exponent) {
  Buffer modulus = noise(bits / 8);
  modulus.front() |= 0x80;
  modulus.back() |= 1;
  const Buffer key = der([&](asn1::DerWriter& w) {
    const auto numbers = w.sequence();
    w.unsigned_integer(modulus);
    w.unsigned_integer(unhex(exponent));
  });
  return der([&](asn1::DerWriter& w) {
    const auto spki = w.sequence();
    w.raw(unhex("300d06092a864886f70d0101010500"));
    w.bit_string(key);
  });
}

inline CertificateSpec forged(const Buffer& subject, const Buffer& issuer, bool ca) {
  CertificateSpec spec;
  spec.subject = subject;
  spec.issuer = issuer;
  spec.extensions = {ca ? basic_constraints(true) : alt_names({dns("server.example")})};
  return spec;
}

inline std::vector<NameSpec> many_names(std::size_t count, const std::string& tail) {
  std::vector<NameSpec> names;
  for (std::size_t i = 0; i < count; i++) {
    names.push_back(dns(std::to_string(i) + tail));
  }
  return names;
}

// As many elements as fit a certificate, in an extension whose whole tree is read.
inline CertificateSpec dense(const Buffer& subject, const Buffer& issuer, bool ca) {
  CertificateSpec spec = forged(subject, issuer, ca);
  // In a qualifier of a policy, which may be anything.
  spec.extensions.push_back({x509::oids::kCertificatePolicies, false, der([](asn1::DerWriter& w) {
                               const auto policies = w.sequence();
                               const auto policy = w.sequence();
                               w.oid(asn1::oid("1.2.3"));
                               const auto qualifiers = w.sequence();
                               const auto qualifier = w.sequence();
                               w.oid(asn1::oid("1.2.4"));
                               const auto outer = w.sequence();
                               for (int i = 0; i < 31000; i++) {
                                 w.null();
                               }
                             })});
  return spec;
}

// A Name with this many parts.
inline Buffer long_name(std::size_t count) {
  return der([&](asn1::DerWriter& w) {
    const auto name = w.sequence();
    for (std::size_t i = 0; i < count; i++) {
      const auto rdn = w.set();
      const auto attribute = w.sequence();
      w.oid(x509::oids::kCommonName);
      w.element(asn1::Tag::utf8_string, bytes_of("a"));
    }
  });
}

// Seconds of reading per byte, for the slowest certificates.
inline double reading_time() {
  const Buffer certificates[] = {make(dense(name_of("leaf"), name_of("ca"), false)),
                                 make(forged(long_name(4500), name_of("ca"), false))};
  double longest = 0;
  for (const Buffer& certificate : certificates) {
    double least = 1e9;
    for (int round = 0; round < 7; ++round) {
      const double start = cpu_seconds();
      REQUIRE(x509::Certificate::parse(certificate));
      least = std::min(least, cpu_seconds() - start);
    }
    longest = std::max(longest, least / static_cast<double>(certificate.size()));
  }
  return longest;
}

// Of the algorithm of `leaf`, so that a check of the signature reaches its arithmetic.
inline Buffer sealed_like(const Buffer& leaf, CertificateSpec spec) {
  spec.inner_algorithm = spec.outer_algorithm =
      buffer_of(x509::Certificate::parse(leaf)->signature_algorithm_identifier());
  return make(spec);
}

// One that claims to be the root's, and that nobody needs.
inline Buffer unrelated_issuer(const Buffer& root, const Buffer& leaf) {
  const Buffer anchor = buffer_of(x509::Certificate::parse(root)->subject());
  return sealed_like(leaf, forged(anchor, anchor, true));
}

// Gives add(name, chain) each of them, made against who trusts this root.
template <class Add>
void for_hostile_chains(const Buffer& root_der, const Buffer& leaf_der, Add add) {
  const Buffer anchor = buffer_of(x509::Certificate::parse(root_der)->subject());
  const auto sealed = [&](const CertificateSpec& spec) { return sealed_like(leaf_der, spec); };
  std::vector<Buffer> chain = {sealed(forged(name_of("leaf"), anchor, false))};
  for (int i = 0; i < 9; i++) {
    chain.push_back(sealed(forged(anchor, anchor, true)));
    chain.back()[20] ^= static_cast<std::uint8_t>(i);
  }
  add("ten that claim to be the anchor's", chain);

  for (const std::size_t bits : {2048u, 4096u, 8192u}) {
    for (const char* exponent : {"010001", "01ffffffff"}) {
      chain.clear();
      for (int i = 0; i < 10; i++) {
        CertificateSpec spec =
            forged(name_of(std::to_string(i)), i == 9 ? anchor : name_of(std::to_string(i + 1)), i > 0);
        spec.spki = rsa_spki(bits, exponent);
        chain.push_back(sealed(spec));
      }
      add("a chain of RSA keys, " + std::to_string(bits) + " bits, exponent " + exponent, chain);
    }
  }

  chain = {sealed(forged(name_of("leaf"), name_of("ca"), false))};
  for (int i = 0; i < 9; i++) {
    CertificateSpec spec = forged(name_of("ca"), name_of("ca"), true);
    spec.key = static_cast<std::uint64_t>(i);
    chain.push_back(sealed(spec));
  }
  add("nine of one name that issued each other", chain);

  CertificateSpec named = forged(name_of("leaf"), name_of("ca"), false);
  named.extensions = {alt_names(many_names(1024, ".example"))};
  CertificateSpec constrained = forged(name_of("ca"), anchor, true);
  constrained.extensions.push_back(name_constraints({}, many_names(1024, ".test")));
  add("a thousand names under a thousand constraints", {sealed(named), sealed(constrained)});

  named.issuer = anchor;
  named.extensions = {alt_names(many_names(600, ".example"))};
  constrained = forged(anchor, anchor, true);
  constrained.extensions.push_back(alt_names(many_names(600, ".example")));
  add("ten of six hundred names each",
      {sealed(named), sealed(constrained), sealed(constrained), sealed(constrained), sealed(constrained),
       sealed(constrained), sealed(constrained), sealed(constrained), sealed(constrained),
       sealed(constrained)});

  add("two of thirty thousand elements",
      {sealed(dense(name_of("leaf"), anchor, false)), sealed(dense(anchor, anchor, true))});
  chain = {sealed(forged(long_name(2200), anchor, false)), sealed(forged(anchor, long_name(5000), true)),
           sealed(forged(anchor, long_name(2200), true))};
  add("names of thousands of parts", chain);
  chain.clear();
  for (int i = 0; i < 10; i++) {
    chain.push_back(sealed(forged(long_name(500), long_name(500), i > 0)));
  }
  add("long names that are all alike", chain);

  chain = {};
  for (int i = 0; i < 10; i++) {
    CertificateSpec spec = forged(i == 0 ? name_of("leaf") : anchor, anchor, i > 0);
    spec.extensions.push_back({asn1::oid("1.3.6.1.4.1.99999.1"), false, Buffer(12500)});
    chain.push_back(sealed(spec));
  }
  add("ten large ones that claim to be the anchor's", chain);
}

}  // namespace ashlar::test
