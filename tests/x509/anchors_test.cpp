// SPDX-License-Identifier: Apache-2.0
// Trust anchors: what becomes one, which of several ends a path, and when a leaf is its own.
#include <algorithm>
#include <random>

#include "catch.hpp"
#include "support/describe.hpp"
#include "x509/chain_scene.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;

TEST_CASE("verify: a self-signed certificate is trusted when it is an anchor", "[x509]") {
  CertificateSpec own = leaf_spec();
  own.subject = own.issuer;
  own.key = 2;
  CHECK(Scene({own}, {own}).verdict() == "ok 0");
  CHECK(Scene({own}, {}).verdict() == "unknown_issuer 0");
}

TEST_CASE("X01 verify: two roots of one name, and cross-signed ones", "[x509]") {
  const auto other_root = ca_spec("root", 5, "root", 5);
  CHECK(Scene({leaf_spec("root", 5)}, {root_spec(), other_root}).verdict() == "ok 0");
  // The new root, cross-signed by the old one; only the old one is trusted.
  const auto cross = ca_spec("new root", 6, "root", 2);
  const auto new_root = ca_spec("new root", 6, "new root", 6);
  CHECK(Scene({leaf_spec("new root", 6), new_root, cross}).verdict() == "ok 0 2");
  CHECK(Scene({leaf_spec("new root", 6), new_root, cross}, {new_root}).verdict() == "ok 0");
  // Two intermediates have one name; the second has the right key.
  CHECK(Scene({leaf_spec("a", 3), ca_spec("a", 4, "root", 2), ca_spec("a", 3, "root", 2)}).verdict() ==
        "ok 0 2");
  // The first leads nowhere.
  CHECK(Scene({leaf_spec("a", 3), ca_spec("a", 3, "nowhere", 5), ca_spec("a", 3, "root", 2)}).verdict() ==
        "ok 0 2");
}

TEST_CASE("X04 anchor: what is malformed is no anchor", "[x509]") {
  const Buffer der = make(root_spec({name_constraints({dns("example.com")}, {})}));
  const Certificate root = *Certificate::parse(der);
  const TrustAnchor::Parts good = {root.subject(), root.spki(), root.name_constraints()};
  CHECK(TrustAnchor::create(good));
  // Cut short, or with a byte more, at every length.
  Buffer longer;
  for (Bytes TrustAnchor::Parts::*const part :
       {&TrustAnchor::Parts::subject, &TrustAnchor::Parts::spki, &TrustAnchor::Parts::name_constraints}) {
    TrustAnchor::Parts bad = good;
    const bool optional = part == &TrustAnchor::Parts::name_constraints;
    for (std::size_t size = 0; size < (good.*part).size(); size++) {
      bad.*part = (good.*part).first(size);
      CHECK(TrustAnchor::create(bad).ok() == (optional && size == 0));
    }
    longer = buffer_of(good.*part);
    longer.push_back(0);
    bad.*part = longer;
    CHECK_FALSE(TrustAnchor::create(bad));
  }
  TrustAnchor::Parts bad = good;
  const Buffer empty = unhex("3000");
  bad.subject = empty;
  CHECK(TrustAnchor::create(bad).error() == ErrorCode::empty_issuer);
  bad.subject = good.subject;
  bad.name_constraints = empty;
  CHECK(TrustAnchor::create(bad).error() == ErrorCode::bad_name_constraints);
  CHECK(TrustAnchor::create(bad).error().place == Place::extension_name_constraints);
}

TEST_CASE("anchors: an index finds those of a name, in one order", "[x509]") {
  std::vector<Buffer> ders;
  for (std::uint64_t i = 0; i < 40; i++) {
    ders.push_back(make(ca_spec("root " + std::to_string(i / 2), 100 + i, "root", 2)));
  }
  std::vector<TrustAnchor> anchors, reversed;
  for (std::size_t i = 0; i < ders.size(); i++) {
    anchors.push_back(TrustAnchor::from(*Certificate::parse(ders[i])));
    reversed.push_back(TrustAnchor::from(*Certificate::parse(ders[ders.size() - 1 - i])));
  }
  const AnchorIndex index(anchors), other(reversed);
  for (std::size_t i = 0; i < ders.size(); i++) {
    CHECK_BYTES(index.all()[i].certificate(), other.all()[i].certificate());
    const auto found = index.named(TrustAnchor::from(*Certificate::parse(ders[i])).subject_digest());
    REQUIRE(found.size() == 2);
    CHECK((equal_public(found[0].certificate(), ders[i]) || equal_public(found[1].certificate(), ders[i])));
  }
  CHECK(index.named({}).empty());
  CHECK(AnchorIndex().named({}).empty());
}

TEST_CASE("anchors: of one name and key they stand in one order as well, however they came", "[x509]") {
  const Buffer plain = make(root_spec()), constrained = make(root_spec({name_constraints({dns("a")}, {})}));
  const Certificate first = *Certificate::parse(plain), second = *Certificate::parse(constrained);
  const TrustAnchor::Parts whole = {first.subject(), first.spki(), {}, {}, first.validity()};
  std::vector<TrustAnchor::Parts> parts(6, whole);
  parts[1].name_constraints = second.name_constraints();
  parts[2].path_length = 0;
  parts[3].validity = {};
  parts[4].validity->not_before.seconds++;
  parts[5].validity->not_after.seconds++;
  std::vector<TrustAnchor> anchors = {TrustAnchor::from(first), TrustAnchor::from(second)};
  for (const TrustAnchor::Parts& each : parts) {
    anchors.push_back(*TrustAnchor::create(each));
  }
  const auto line = [](const TrustAnchor& anchor) {
    return hex(anchor.certificate()) + ' ' + hex(anchor.name_constraints()) + ' ' +
           std::to_string(anchor.path_length() ? *anchor.path_length() + 1 : 0) + ' ' +
           (anchor.validity() ? std::to_string(anchor.validity()->not_before.seconds) + ' ' +
                                    std::to_string(anchor.validity()->not_after.seconds)
                              : "");
  };
  std::mt19937_64 engine(3);
  std::vector<std::string> expected;
  for (int i = 0; i < 20; i++) {
    std::shuffle(anchors.begin(), anchors.end(), engine);
    std::vector<TrustAnchor> sorted = anchors;
    std::vector<std::string> found;
    for (const TrustAnchor& each : AnchorIndex(sorted).all()) {
      found.push_back(line(each));
    }
    expected = i == 0 ? found : expected;
    CHECK(found == expected);
  }
}

TEST_CASE("X01 verify: a leaf is an anchor where the caller says so, and only that very certificate",
          "[x509]") {
  Scene scene({leaf_spec("nobody", 9)}, {leaf_spec("nobody", 9)});
  CHECK(scene.verdict() == "unknown_issuer 0");
  scene.leaf_may_be_anchor = true;
  CHECK(scene.verdict() == "ok 0");
  // Its signature is not checked; its times, usages and names are.
  scene.chain[0].back() ^= 1;
  CHECK(scene.verdict() == "unknown_issuer 0");
  scene.roots[0].back() ^= 1;
  CHECK(scene.verdict() == "ok 0");
  scene.name = "example.org";
  CHECK(scene.verdict() == "name_mismatch 0");
  scene.name = "example.com";
  scene.now = at_time("410121030000Z");
  CHECK(scene.verdict() == "certificate_expired 0");
  scene.now = at_time("261121030000Z");
  scene.purpose = Purpose::client_auth;
  scene.name.clear();
  CHECK(scene.verdict() == "ok 0");
  CertificateSpec server_only = leaf_spec("nobody", 9);
  server_only.extensions.push_back(extended_key_usage({oids::kServerAuth}));
  Scene for_servers({server_only}, {server_only});
  for_servers.leaf_may_be_anchor = true;
  CHECK(for_servers.verdict() == "ok 0");
  for_servers.purpose = Purpose::client_auth;
  CHECK(for_servers.verdict() == "wrong_extended_key_usage 0");
  // Another certificate with the same name and key is a different one.
  CertificateSpec other = leaf_spec("nobody", 9);
  other.serial = {0x02};
  Scene twin({other}, {leaf_spec("nobody", 9)});
  twin.leaf_may_be_anchor = true;
  CHECK(twin.verdict() == "unknown_issuer 0");
  // A leaf that is an anchor issues nothing, whether it signed itself or not.
  CertificateSpec own = leaf_spec("leaf", 1);
  own.extensions.push_back(basic_constraints(false));
  CertificateSpec child = leaf_spec("leaf", 1);
  child.subject = name_of("child");
  CHECK(Scene({own}, {own}).verdict() == "ok 0");
  CHECK(Scene({child}, {own}).verdict() == "anchor_not_a_ca 0");
  CertificateSpec old = own;
  old.version.reset();
  old.extensions.clear();
  CHECK(Scene({child}, {old}).verdict() == "ok 0");
  // It issues nothing. What it signed is not trusted, because no CA of an anchor's name signed it.
  CertificateSpec pinned = leaf_spec("nobody", 9);
  pinned.key = 3;
  CertificateSpec below = leaf_spec("leaf", 3);
  below.subject = name_of("below");
  Scene under({below, pinned}, {root_spec()});
  under.leaf_may_be_anchor = true;
  CHECK(under.verdict() == "not_a_ca 1");
  // An anchor made from another certificate of the chain than the leaf does not end the path.
  Scene second({leaf_spec("a", 3), leaf_spec("nobody", 9)}, {leaf_spec("nobody", 9)});
  second.leaf_may_be_anchor = true;
  CHECK(second.verdict() == "unknown_issuer 0");
  // What is trusted by decree may deviate as much as roots may.
  CertificateSpec odd = leaf_spec("nobody", 9);
  odd.serial = {0x00};
  Scene deviating({odd}, {odd});
  CHECK(deviating.verdict().find("bad_serial_number") == 0);
  deviating.leaf_may_be_anchor = true;
  CHECK(deviating.verdict() == "ok 0");
  // The report tells the path.
  PathReport report;
  scene.report = &report;
  CHECK(scene.verdict() == "ok 0");
  REQUIRE(report.steps().size() == 2);
  CHECK(report.steps()[1].kind == PathStep::Kind::anchor);
}
