// SPDX-License-Identifier: Apache-2.0
// Certificate policies along a path: the situations of NIST's PKITS 4.8 to 4.12, on chains made here.
#include <ashlar/x509/verify.hpp>

#include "catch.hpp"
#include "support/certificates.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;

namespace {

const asn1::Oid kAny = oids::kAnyPolicy;
const asn1::Oid kOne = asn1::oid("1.3.6.1.4.1.99999.1"), kTwo = asn1::oid("1.3.6.1.4.1.99999.2"),
                kThree = asn1::oid("1.3.6.1.4.1.99999.3");

using Oids = std::vector<asn1::Oid>;
using Mappings = std::vector<std::pair<asn1::Oid, asn1::Oid>>;

// What one certificate says of policies.
struct Says {
  Oids policies = {};
  std::optional<std::uint32_t> require_explicit = {};
  std::optional<std::uint32_t> inhibit_mapping = {};
  std::optional<std::uint32_t> inhibit_any = {};
  Mappings mappings = {};
  bool self_issued = false;  // the CA's new key under its name
};

std::vector<ExtensionSpec> extensions_of(const Says& says) {
  std::vector<ExtensionSpec> out;
  if (!says.policies.empty()) {
    out.push_back({oids::kCertificatePolicies, false, der([&](asn1::DerWriter& w) {
                     const auto list = w.sequence();
                     for (const asn1::Oid& policy : says.policies) {
                       const auto information = w.sequence();
                       w.oid(policy);
                     }
                   })});
  }
  if (says.require_explicit || says.inhibit_mapping) {
    out.push_back({oids::kPolicyConstraints, true, der([&](asn1::DerWriter& w) {
                     const auto fields = w.sequence();
                     const auto number = [&](unsigned tag, std::optional<std::uint32_t> value) {
                       if (value) {
                         const auto byte = static_cast<std::uint8_t>(*value);
                         w.element(asn1::context(tag), Bytes(&byte, 1));
                       }
                     };
                     number(0, says.require_explicit);
                     number(1, says.inhibit_mapping);
                   })});
  }
  if (says.inhibit_any) {
    out.push_back({oids::kInhibitAnyPolicy, true,
                   der([&](asn1::DerWriter& w) { w.small_integer(*says.inhibit_any); })});
  }
  if (!says.mappings.empty()) {
    out.push_back({oids::kPolicyMappings, true, der([&](asn1::DerWriter& w) {
                     const auto list = w.sequence();
                     for (const auto& [from, to] : says.mappings) {
                       const auto mapping = w.sequence();
                       w.oid(from);
                       w.oid(to);
                     }
                   })});
  }
  return out;
}

// The verdict on a path of these certificates, the one under the root first, the leaf last.
std::string verdict(const std::vector<Says>& path, const PolicyDemand& demand = {}) {
  CertificateSpec root;
  root.subject = root.issuer = name_of("root");
  root.key = root.issuer_key = 2;
  root.extensions = {basic_constraints(true)};
  std::vector<Buffer> made;
  std::string issuer = "root";
  std::uint64_t issuer_key = 2;
  for (std::size_t i = 0; i < path.size(); ++i) {
    CertificateSpec spec;
    const bool leaf = i + 1 == path.size();
    const std::string name = path[i].self_issued ? issuer : leaf ? "leaf" : "ca " + std::to_string(i);
    spec.subject = name_of(name);
    spec.key = leaf ? 1 : 3 + i;
    spec.issuer = name_of(issuer);
    spec.issuer_key = issuer_key;
    spec.extensions = extensions_of(path[i]);
    if (!leaf) {
      spec.extensions.push_back(basic_constraints(true));
    }
    made.insert(made.begin(), make(spec));
    issuer = name;
    issuer_key = spec.key;
  }
  const Buffer root_der = make(root);
  const TrustAnchor anchors[] = {TrustAnchor::from(*Certificate::parse(root_der))};
  const std::vector<Bytes> chain(made.begin(), made.end());
  std::vector<TrustAnchor> room(std::begin(anchors), std::end(anchors));
  VerifyRequest request;
  request.chain = chain;
  request.anchors = AnchorIndex(room);
  request.keys = &kAllKeys;
  request.now = at_time("261121030000Z");
  request.policies = demand;
  const auto verified = verify_chain_without_name(request);
  return verified ? "ok" : std::string(error_row(verified.error().code)->name);
}

constexpr const char* kRefused = "no_valid_policy";

asn1::Oid numbered(std::size_t number) {
  asn1::Oid policy = kOne;
  policy.storage[policy.size - 1] = static_cast<std::uint8_t>(number);
  return policy;
}

}  // namespace

TEST_CASE("policies: without a demand any path is valid, whatever its policies", "[x509]") {
  CHECK(verdict({{}, {}}) == "ok");
  CHECK(verdict({{{kOne}}, {{kTwo}}}) == "ok");
  CHECK(verdict({{}, {{kOne}}}) == "ok");
  CHECK(verdict({Says{.policies = {kOne}, .inhibit_any = 0}, {{kAny}}}) == "ok");
  CHECK(verdict({Says{.policies = {kOne}, .inhibit_mapping = 0}, {{kTwo}}}) == "ok");
}

TEST_CASE("X29 policies: requireExplicitPolicy demands one for the whole path", "[x509]") {
  const Says strict{.policies = {kOne}, .require_explicit = 0};
  CHECK(verdict({strict, {{kOne}}}) == "ok");
  CHECK(verdict({strict, {{kOne, kTwo}}}) == "ok");
  CHECK(verdict({strict, {{kTwo}}}) == kRefused);
  CHECK(verdict({strict, {}}) == kRefused);
  CHECK(verdict({strict, {}, {{kOne}}}) == kRefused);
  CHECK(verdict({strict, {{kAny}}, {{kOne}}}) == "ok");
  CHECK(verdict({strict, {{kAny}}, {{kTwo}}}) == kRefused);
  // Without a policy of its own.
  CHECK(verdict({Says{.require_explicit = 0}, {{kOne}}}) == kRefused);
  CHECK(verdict({Says{.policies = {kAny}, .require_explicit = 0}, {{kTwo}}}) == "ok");
  // In the leaf, for itself alone.
  CHECK(verdict({{{kOne}}, Says{.policies = {kTwo}, .require_explicit = 0}}) == kRefused);
  CHECK(verdict({{{kOne}}, Says{.policies = {kOne}, .require_explicit = 0}}) == "ok");
}

TEST_CASE("X29 policies: SkipCerts counts the certificates that are not self-issued", "[x509]") {
  const auto path = [](std::uint32_t skip, std::size_t between) {
    std::vector<Says> out{Says{.policies = {kOne}, .require_explicit = skip}};
    out.resize(1 + between);
    out.push_back({});
    return out;
  };
  // The counter is looked at when it is zero, and at the leaf when it is one, too.
  CHECK(verdict(path(0, 0)) == kRefused);
  CHECK(verdict(path(1, 0)) == kRefused);
  CHECK(verdict(path(2, 0)) == "ok");
  CHECK(verdict(path(2, 1)) == kRefused);
  CHECK(verdict(path(5, 4)) == kRefused);
  CHECK(verdict(path(6, 4)) == "ok");
  // A certificate that is self-issued does not count.
  const Says rollover{.self_issued = true};
  CHECK(verdict({Says{.policies = {kOne}, .require_explicit = 2}, rollover, {}}) == "ok");
  // A CA below can lower the counter, and cannot raise it.
  CHECK(verdict({Says{.require_explicit = 9}, Says{.require_explicit = 0}, {}}) == kRefused);
  CHECK(verdict({Says{.require_explicit = 0}, Says{.policies = {kOne}, .require_explicit = 9}, {{kOne}}}) ==
        kRefused);
}

TEST_CASE("X29 policies: inhibitAnyPolicy makes anyPolicy count no longer", "[x509]") {
  const auto starts = [](std::uint32_t skip) {
    return Says{.policies = {kOne}, .require_explicit = 0, .inhibit_any = skip};
  };
  CHECK(verdict({starts(0), {{kAny}}}) == kRefused);
  CHECK(verdict({starts(1), {{kAny}}}) == "ok");
  CHECK(verdict({starts(1), {{kAny}}, {{kAny}}}) == kRefused);
  CHECK(verdict({starts(0), {{kAny, kOne}}}) == "ok");
  // A self-issued CA may still name it, a self-issued leaf may not.
  CHECK(verdict({starts(0), Says{.policies = {kAny}, .self_issued = true}, {{kOne}}}) == "ok");
  CHECK(verdict({starts(0), Says{.policies = {kAny}, .self_issued = true}}) == kRefused);
}

TEST_CASE("X29 policies: a mapping names the policy of the domain below", "[x509]") {
  const auto maps = [](Mappings mappings, std::optional<std::uint32_t> inhibit = {}) {
    return Says{.policies = {kOne}, .require_explicit = 0, .inhibit_mapping = inhibit, .mappings = mappings};
  };
  CHECK(verdict({maps({{kOne, kTwo}}), {{kTwo}}}) == "ok");
  CHECK(verdict({maps({{kOne, kTwo}}), {{kOne}}}) == kRefused);
  CHECK(verdict({maps({{kOne, kTwo}, {kOne, kThree}}), {{kThree}}}) == "ok");
  // Of a policy that the certificate does not have: it changes nothing.
  CHECK(verdict({maps({{kTwo, kThree}}), {{kThree}}}) == kRefused);
  CHECK(verdict({maps({{kTwo, kThree}}), {{kOne}}}) == "ok");
  // anyPolicy stands for the one that is mapped.
  CHECK(verdict({Says{.policies = {kAny}, .require_explicit = 0, .mappings = {{kOne, kTwo}}}, {{kTwo}}}) ==
        "ok");
  // Where mapping is inhibited, what is mapped is lost.
  CHECK(verdict({Says{.policies = {kOne}, .require_explicit = 0, .inhibit_mapping = 0},
                 maps({{kOne, kTwo}}),
                 {{kTwo}}}) == kRefused);
  CHECK(verdict({Says{.policies = {kOne}, .require_explicit = 0, .inhibit_mapping = 0},
                 maps({{kOne, kTwo}}),
                 {{kOne}}}) == kRefused);
  CHECK(verdict({Says{.policies = {kOne}, .inhibit_mapping = 1}, maps({{kOne, kTwo}}), {{kTwo}}}) == "ok");
  // To and from anyPolicy nothing is mapped, whoever demands a policy.
  for (const auto& [from, to] : Mappings{{kAny, kOne}, {kOne, kAny}}) {
    CHECK(verdict({Says{.policies = {kOne}, .mappings = {{from, to}}}, {{kOne}}}) == "bad_policy_mapping");
  }
}

TEST_CASE("policies: a caller can demand one of its own", "[x509]") {
  const Bytes one[] = {kOne.bytes()}, two[] = {kTwo.bytes()};
  const PolicyDemand wants_one{.acceptable = one, .require_explicit = true};
  const PolicyDemand wants_two{.acceptable = two, .require_explicit = true};
  CHECK(verdict({{{kOne}}, {{kOne}}}, wants_one) == "ok");
  CHECK(verdict({{{kOne}}, {{kOne}}}, wants_two) == kRefused);
  CHECK(verdict({{{kOne, kTwo}}, {{kTwo}}}, wants_one) == kRefused);
  CHECK(verdict({{{kAny}}, {{kAny}}}, wants_two) == "ok");
  CHECK(verdict({{}, {}}, {.require_explicit = true}) == kRefused);
  CHECK(verdict({{{kAny}}, {{kOne}}}, {.require_explicit = true, .inhibit_any = true}) == kRefused);
  // What counts is the policy at the top, as the caller's domain knows it.
  const std::vector<Says> mapped{Says{.policies = {kOne}, .mappings = {{kOne, kTwo}}}, {{kTwo}}};
  CHECK(verdict(mapped, wants_one) == "ok");
  CHECK(verdict(mapped, wants_two) == kRefused);
  CHECK(verdict(mapped, {.acceptable = one, .require_explicit = true, .inhibit_mapping = true}) == kRefused);
  // Without require_explicit its list matters only where a CA demands a policy.
  CHECK(verdict({{{kOne}}, {{kOne}}}, {.acceptable = two}) == "ok");
  CHECK(verdict({Says{.policies = {kOne}, .require_explicit = 0}, {{kOne}}}, {.acceptable = two}) ==
        kRefused);
}

TEST_CASE("D01 policies: more than can be followed are refused, where somebody demands one", "[x509]") {
  Oids many;
  for (std::size_t i = 0; i <= kMaxPolicies; ++i) {
    many.push_back(numbered(i));
  }
  CHECK(verdict({{many}, {many}}) == "ok");
  CHECK(verdict({{many}, {many}}, {.require_explicit = true}) == "too_many_policies");
  // With a mapping too.
  const Says maps{.policies = many, .mappings = {{kOne, kTwo}}};
  CHECK(verdict({maps, {many}}) == "ok");
  CHECK(verdict({maps, {many}}, {.require_explicit = true}) == "too_many_policies");
  many.pop_back();
  CHECK(verdict({{many}, {many}}, {.require_explicit = true}) == "ok");
}

TEST_CASE("D01 policies: lists made to be compared for long use the budget up", "[x509]") {
  Oids many;
  Mappings to_one;
  for (std::size_t i = 0; i < kMaxPolicies; ++i) {
    many.push_back(numbered(i));
    to_one.emplace_back(numbered(i), kTwo);
  }
  // The policy kTwo then stands for each of the others.
  const Says top{.policies = many, .require_explicit = 0, .mappings = to_one};
  CHECK(verdict({top, {{kTwo}}, {{kTwo}}}) == "ok");
  const Says maps_often{.policies = {kTwo}, .mappings = Mappings(2000, {kTwo, kThree})};
  CHECK(verdict({top, maps_often, {{kThree}}}) == "verification_budget_exhausted");
  // Some other ones first: only these are looked through for a policy that comes twice.
  Oids named = Oids(100, kTwo);
  for (std::size_t i = 0; i < 100; ++i) {
    named[i].storage[named[i].size - 2] = static_cast<std::uint8_t>(i);
  }
  named.resize(3000, kTwo);
  CHECK(verdict({top, {named}, {{kTwo}}}) == "verification_budget_exhausted");
  CHECK(verdict({Says{.policies = many, .mappings = to_one}, maps_often, {{kThree}}}) == "ok");
}

TEST_CASE("X10 policies: malformed extensions are refused", "[x509]") {
  const auto parses = [](const asn1::Oid& oid, std::string_view hex) {
    CertificateSpec spec;
    spec.extensions = {{oid, true, unhex(hex)}};
    return Certificate::parse(make(spec)).ok();
  };
  CHECK(parses(oids::kPolicyConstraints, "3003800100"));
  CHECK(parses(oids::kPolicyConstraints, "3006800100810101"));
  for (const char* const bad : {"", "3003800180", "300402020000", "3006810101800100", "3003820100",
                                "30028000", "300780050100000000", "30038001000500"}) {
    INFO(bad);
    CHECK(!parses(oids::kPolicyConstraints, bad));
  }
  CHECK(parses(oids::kInhibitAnyPolicy, "020100"));
  for (const char* const bad : {"", "0201ff", "02020001", "020100020100", "800100"}) {
    INFO(bad);
    CHECK(!parses(oids::kInhibitAnyPolicy, bad));
  }
  CHECK(parses(oids::kPolicyMappings, "300c300a06035504030603550404"));
  for (const char* const bad :
       {"", "3007300506035504", "300f300d060355040306035504040500", "3005060355040306"}) {
    INFO(bad);
    CHECK(!parses(oids::kPolicyMappings, bad));
  }
}
