// SPDX-License-Identifier: Apache-2.0
// What a verification may cost: steps, signatures, comparisons of names, depth and stack.
#include <algorithm>
#include <random>

#include "catch.hpp"
#include "support/sanitiser.hpp"
#include "support/stack.hpp"
#include "x509/chain_scene.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;

TEST_CASE("X02 X03 verify: circles end, and work is bounded", "[x509]") {
  CHECK(Scene({leaf_spec("a", 3), ca_spec("a", 3, "b", 4), ca_spec("b", 4, "a", 3)}).verdict() ==
        "unknown_issuer 2");
  // Sixteen intermediates pass, seventeen do not.
  for (const int count : {16, 17}) {
    std::vector<CertificateSpec> chain = {leaf_spec("1", 3)};
    for (int i = 1; i <= count; i++) {
      const std::string issuer = i == count ? "root" : std::to_string(i + 1);
      const auto key = [](int number) { return static_cast<std::uint64_t>(3 + (number - 1) % 5); };
      chain.push_back(ca_spec(std::to_string(i), key(i), issuer, i == count ? 2 : key(i + 1)));
    }
    CHECK(Scene(chain).verdict() ==
          (count == 16 ? "ok 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16" : "path_too_long 17"));
    // The message contains the limit.
    CHECK(std::string(error_row(ErrorCode::path_too_long)->text).find(std::to_string(kMaxIntermediates)) !=
          std::string::npos);
  }
  // Nobody may ask for longer paths than there can be.
  std::vector<CertificateSpec> longest = {leaf_spec("0", 30)};
  for (std::uint64_t i = 0; i < 17; i++) {
    longest.push_back(
        ca_spec(std::to_string(i), 30 + i, i == 16 ? "root" : std::to_string(i + 1), i == 16 ? 2 : 31 + i));
  }
  Scene asks_for_more(longest);
  asks_for_more.max_intermediates = 100;
  CHECK(asks_for_more.verdict() == "path_too_long 17");
  Scene limited({leaf_spec("a", 3), ca_spec("a", 3, "root", 2)});
  limited.max_intermediates = 0;
  CHECK(limited.verdict() == "path_too_long 1");
  // Intermediates that issued each other in every way. There are many paths, each with other certificates.
  std::vector<CertificateSpec> web = {leaf_spec("n0", 3)};
  for (std::uint64_t i = 0; i < 7; i++) {
    for (std::uint64_t j = 0; j < 7; j++) {
      if (i != j) {
        web.push_back(ca_spec("n" + std::to_string(i), 3 + i, "n" + std::to_string(j), 3 + j));
      }
    }
  }
  CHECK(Scene(web).verdict().find("unknown_issuer") == 0);
  // Each of them is also under the root, which allows none of them on a path.
  for (std::uint64_t i = 0; i < 7; i++) {
    web.push_back(ca_spec("n" + std::to_string(i), 3 + i, "root", 2));
  }
  CHECK(Scene(web).verdict() == "ok 0 1 44");
  PathReport report;
  Scene allowed_none(web, {root_spec({}, 0)});
  allowed_none.report = &report;
  CHECK(allowed_none.verdict() == "verification_budget_exhausted 1024");
  // Each step is told, and how it ended: at an anchor, or nowhere.
  CHECK(report.steps().size() + report.left_out() <= 3 * 1024);
  std::vector<CertificateSpec> many(kMaxCandidates + 2, leaf_spec());
  CHECK(Scene(many).verdict() == "too_many_candidates 65");
  many.pop_back();
  CHECK(Scene(many).verdict() == "ok 0");
}

TEST_CASE("D01 X03 verify: bad signatures are counted, and a good one is checked once", "[x509]") {
  // Three have the issuer's name. Two of them did not sign the leaf.
  const auto a = [](std::uint64_t key) { return ca_spec("a", key, "root", 2); };
  CHECK(Scene({leaf_spec("a", 3), a(4), a(5), a(3)}).verdict() == "ok 0 3");
  // If the root vouches for sixteen of one name, all are tried, but no more than that. Key identifiers save
  // this work.
  for (const std::size_t strangers : {15u, 16u, 17u}) {
    std::vector<CertificateSpec> chain = {leaf_spec("a", 3)};
    for (std::size_t i = 0; i < strangers; i++) {
      chain.push_back(a(10 + i));
    }
    chain.push_back(a(3));
    CHECK(Scene(chain).verdict() ==
          (strangers <= 16 ? "ok 0 " + std::to_string(strangers + 1) : "verification_budget_exhausted 16"));
    chain[0].extensions.push_back(authority_key_identifier(Buffer{1, 2, 3}));
    chain.back().extensions.push_back(subject_key_identifier(Buffer{1, 2, 3}));
    PathReport report;
    Scene scene(chain);
    scene.report = &report;
    CHECK(scene.verdict() == "ok 0 " + std::to_string(strangers + 1));
    CHECK(report.steps().size() == 3);
  }
  // Certificates that nobody signed count too.
  CHECK(Scene({leaf_spec("a", 3), a(3), ca_spec("a", 4, "b", 5), ca_spec("a", 5, "b", 7),
               ca_spec("a", 6, "b", 8), ca_spec("b", 9, "root", 2)})
            .verdict() == "ok 0 1");
  CHECK(Scene({leaf_spec("a", 6), ca_spec("a", 3, "b", 5), ca_spec("a", 4, "b", 7), ca_spec("a", 6, "b", 8),
               ca_spec("b", 9, "root", 2)})
            .verdict() == "verification_budget_exhausted 2");
  // Anchors of one name with several keys, as after the renewal of a root, are all tried.
  std::vector<CertificateSpec> renewed;
  for (std::uint64_t key = 4; key < 10; key++) {
    renewed.push_back(ca_spec("root", key, "root", key));
  }
  CHECK(Scene({leaf_spec("root", 9)}, renewed).verdict() == "ok 0");
  CHECK(Scene({leaf_spec("root", 3)}, renewed).verdict() == "bad_certificate_signature 0");
  CHECK(Scene({leaf_spec("a", 3), ca_spec("a", 3, "root", 10), ca_spec("a", 3, "root", 11)}, renewed)
            .verdict() == "verification_budget_exhausted 7");
  // Every path fails because of a constraint of the root. There are many paths, and no checked signature is
  // bad.
  std::vector<CertificateSpec> web = {leaf_spec("n0", 3)};
  for (std::uint64_t i = 0; i < 3; i++) {
    web.push_back(ca_spec("n" + std::to_string(i), 3 + i, "root", 2));
    for (std::uint64_t j = 0; j < 3; j++) {
      if (i != j) {
        web.push_back(ca_spec("n" + std::to_string(i), 3 + i, "n" + std::to_string(j), 3 + j));
      }
    }
  }
  CHECK(Scene(web, {root_spec({name_constraints({}, {dns("example.com")})})}).verdict() ==
        "name_constraint_violated 0");
}

TEST_CASE("D01 verify: only an anchor, and whom it vouches for, decides what a leaf costs", "[x509]") {
  // A stranger's CA with the anchor's name: neither its key nor its constraints are used.
  std::vector<NameSpec> excluded, names = {dns("example.com")};
  for (int i = 0; i < 1024; i++) {
    excluded.push_back(dns("x" + std::to_string(i) + ".test"));
  }
  for (int i = 0; i < 1023; i++) {
    names.push_back(dns("y" + std::to_string(i) + ".test"));
  }
  CertificateSpec leaf = leaf_spec("a", 3);
  leaf.extensions = {alt_names(names)};
  CertificateSpec stranger = ca_spec("a", 3, "root", 5, {name_constraints({}, excluded)});
  CHECK(Scene({leaf, stranger}).verdict() == "bad_certificate_signature 1");
  stranger.spki = unhex("300b300506032a030403020001");
  CHECK(Scene({leaf, stranger}).verdict() == "bad_certificate_signature 1");
  // Those of the anchor itself are used.
  stranger.issuer_key = 2;
  CHECK(Scene({leaf, stranger}).verdict().find("bad_certificate_signature") == std::string::npos);
  stranger.spki.clear();
  CHECK(Scene({leaf, stranger}).verdict() == "verification_budget_exhausted 0");
  // That nobody vouches for a stranger matters more than what its certificate says.
  CHECK(Scene({leaf_spec("a", 3), ca_spec("a", 4, "root", 2),
               [] {
                 CertificateSpec spec = ca_spec("a", 3, "root", 2);
                 spec.version = 1;
                 return spec;
               }()})
            .verdict() == "bad_certificate_signature 0");
}

TEST_CASE("X04 verify: comparisons of names with constraints are counted", "[x509]") {
  std::vector<NameSpec> excluded, names;
  for (int i = 0; i < 1024; i++) {
    excluded.push_back(dns("x" + std::to_string(i) + ".test"));
    names.push_back(dns("y" + std::to_string(i) + ".test"));
  }
  CertificateSpec leaf = leaf_spec();
  leaf.extensions = {alt_names(names)};
  Scene scene({leaf}, {root_spec({name_constraints({}, excluded)})});
  scene.name.clear();
  CHECK(scene.verdict() == "verification_budget_exhausted 0");
}

TEST_CASE("X03 verify: names whose RDNs hold sets of attributes cost as many comparisons", "[x509]") {
  const auto verdict = [](std::size_t in_a_set) {
    const auto name = [&](std::size_t number) {
      return directory(der([&](asn1::DerWriter& w) {
        const auto outer = w.sequence();
        for (std::size_t i = 0; i < 16; i += in_a_set) {
          const auto rdn = w.set();
          for (std::size_t j = i; j < i + in_a_set; j++) {
            const auto attribute = w.sequence();
            w.oid(oids::kCommonName);
            w.element(asn1::Tag::utf8_string, bytes_of(std::to_string(j == 15 ? 1000 + number : 10 + j)));
          }
        }
      }));
    };
    std::vector<NameSpec> excluded, names;
    for (std::size_t i = 0; i < 100; i++) {
      excluded.push_back(name(i));
      names.push_back(name(1000 + i));
    }
    CertificateSpec leaf = leaf_spec();
    leaf.extensions = {alt_names(names)};
    Scene scene({leaf}, {root_spec({name_constraints({}, excluded)})});
    scene.name.clear();
    return scene.verdict();
  };
  CHECK(verdict(1) == "ok 0");
  CHECK(verdict(16) == "verification_budget_exhausted 0");
}

TEST_CASE("X03 verify: a mesh of 36 certificates is solved within the budget", "[x509]") {
  // Six CAs that certified each other and themselves; the leaf is of the first, the root is the last.
  const auto node = [](std::uint64_t i) { return "n" + std::to_string(i); };
  for (const bool hostile : {false, true}) {
    std::vector<CertificateSpec> mesh = {leaf_spec("n0", 3)};
    for (std::uint64_t i = 0; i < 6; i++) {
      for (std::uint64_t j = 0; j < 6; j++) {
        std::vector<ExtensionSpec> more;
        // All ways forbid the leaf's name, except one that goes through every CA.
        if (hostile && j != i + 1) {
          more.push_back(name_constraints({}, {dns("example.com")}));
        }
        mesh.push_back(ca_spec(node(i), 3 + i, node(j), 3 + j, more));
      }
    }
    const auto root = ca_spec("n5", 8, "n5", 8);
    CHECK(Scene(mesh, {root}).verdict() == (hostile ? "ok 0 2 9 16 23 30" : "ok 0 6"));
  }
}

TEST_CASE("verify: at most 64 KiB of stack", "[x509]") {
  const auto a = ca_spec("a", 3, "root", 2, {name_constraints({dns("example.com")}, {})});
  const Scene scene({leaf_spec("a", 3), a});
  scene.run([](const VerifyRequest& request) {
    const std::size_t used = stack_used([&] { CHECK(verify_chain(request)); });
    INFO(used << " bytes");
    CHECK(used < (test::kFramesHoldCopies ? 80u : 64u) * 1024);
    return 0;
  });
}

TEST_CASE("X03 verify: self-issued intermediates fill no array, however many there are", "[x509]") {
  // One name throughout: each certifies the next key of the same CA, as in a rollover. Self-issued ones count
  // only for the limit of candidates.
  for (const std::size_t count : {std::size_t{17}, kMaxCandidates}) {
    std::vector<CertificateSpec> chain = {leaf_spec("root", 3)};
    for (std::size_t i = 0; i < count; i++) {
      const std::uint64_t above = i + 1 == count ? 2 : 4 + i;
      chain.push_back(ca_spec("root", 3 + i, "root", above));
      // Key identifiers save trying one after the other.
      chain.back().extensions.push_back(subject_key_identifier(Buffer{static_cast<std::uint8_t>(3 + i)}));
      chain.back().extensions.push_back(authority_key_identifier(Buffer{static_cast<std::uint8_t>(above)}));
    }
    chain[0].extensions.push_back(authority_key_identifier(Buffer{3}));
    Scene scene(chain);
    INFO(count);
    const std::string verdict = scene.verdict();
    INFO(verdict);
    CHECK((verdict.find("ok 0 1 2 3 ") == 0 || verdict.find("verification_budget_exhausted") == 0));
  }
}
