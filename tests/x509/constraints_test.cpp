// SPDX-License-Identifier: Apache-2.0
// Name constraints on a path: whom they bind, and what they hold.
#include "catch.hpp"
#include "x509/chain_scene.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;

TEST_CASE("X04 X05 verify: name constraints bind every certificate below", "[x509]") {
  const auto verdict = [](const std::vector<NameSpec>& permitted, const std::vector<NameSpec>& excluded,
                          const std::vector<NameSpec>& names) {
    CertificateSpec leaf = leaf_spec("a", 3);
    leaf.extensions = {alt_names(names)};
    Scene scene({leaf, ca_spec("a", 3, "root", 2, {name_constraints(permitted, excluded)})});
    scene.name.clear();
    const std::string in_chain = scene.verdict();
    // An anchor's constraints bind in the same way.
    leaf.issuer = name_of("root");
    leaf.issuer_key = 2;
    Scene anchored({leaf}, {root_spec({name_constraints(permitted, excluded)})});
    anchored.name.clear();
    CHECK((anchored.verdict() == "ok 0") == (in_chain == "ok 0 1"));
    return in_chain == "ok 0 1" ? 1 : in_chain == "name_constraint_violated 0" ? 0 : -1;
  };
  // DNS: the name itself and the names below it, ignoring letter case.
  CHECK(verdict({dns("example.com")}, {}, {dns("example.com")}) == 1);
  CHECK(verdict({dns("example.com")}, {}, {dns("WWW.Example.COM")}) == 1);
  CHECK(verdict({dns("example.com")}, {}, {dns("notexample.com")}) == 0);
  CHECK(verdict({dns("example.com")}, {}, {dns("example.com"), dns("example.org")}) == 0);
  CHECK(verdict({dns("")}, {}, {dns("example.com")}) == 1);
  CHECK(verdict({}, {dns("")}, {dns("example.com")}) == 0);
  CHECK(verdict({}, {dns("EXAMPLE.com")}, {dns("a.b.example.COM")}) == 0);
  CHECK(verdict({}, {dns("example.com")}, {dns("example.org")}) == 1);
  CHECK(verdict({dns("example.com")}, {dns("bad.example.com")}, {dns("x.bad.example.com")}) == 0);
  // A wildcard stands for all names that it can match.
  CHECK(verdict({}, {dns("x.example.com")}, {dns("*.example.com")}) == 0);
  CHECK(verdict({}, {dns("x.y.example.com")}, {dns("*.example.com")}) == 1);
  CHECK(verdict({dns("x.example.com")}, {}, {dns("*.example.com")}) == 0);
  CHECK(verdict({dns("example.com")}, {}, {dns("*.example.com")}) == 1);
  // Names of other forms, and malformed names.
  CHECK(verdict({dns("example.com")}, {}, {ip("c0000201")}) == 1);
  CHECK(verdict({dns("example.com")}, {}, {dns("foo_bar.example.com")}) == 1);
  CHECK(verdict({dns("example.com")}, {}, {dns("foo bar.example.com")}) == 0);
  CHECK(verdict({}, {dns("example.com")}, {dns("foo bar.example.org")}) == 0);
  // IP: address and mask of one family.
  CHECK(verdict({ip("0a000000ff000000")}, {}, {ip("0a010203")}) == 1);
  CHECK(verdict({ip("0a000000ff000000")}, {}, {ip("0b010203")}) == 0);
  CHECK(verdict({ip("0a000000ff000000")}, {}, {ip("0a010203000000000000000000000000")}) == 0);
  CHECK(verdict({}, {ip("0a000000ff000000")}, {ip("0a010203")}) == 0);
  CHECK(verdict({}, {ip("0000000000000000")}, {ip("0a010203")}) == 0);
  CHECK(verdict({ip("20010db8000000000000000000000000ffffffff000000000000000000000000")}, {},
                {ip("20010db8000000000000000000000001")}) == 1);
  // All of one family is nothing of the other.
  const std::string all_of_ipv6(64, '0');
  CHECK(verdict({}, {ip(all_of_ipv6)}, {ip("0a010203")}) == 1);
  CHECK(verdict({ip(all_of_ipv6)}, {}, {ip("0a010203")}) == 0);
  CHECK(verdict({}, {ip("0000000000000000")}, {ip(std::string(32, '0'))}) == 1);
  // Email: mailbox, host, domain.
  CHECK(verdict({email("a@example.com")}, {}, {email("a@EXAMPLE.com")}) == 1);
  CHECK(verdict({email("a@example.com")}, {}, {email("A@example.com")}) == 0);
  CHECK(verdict({email("example.com")}, {}, {email("b@example.com")}) == 1);
  CHECK(verdict({email("example.com")}, {}, {email("b@x.example.com")}) == 0);
  CHECK(verdict({email(".example.com")}, {}, {email("b@x.example.com")}) == 1);
  CHECK(verdict({email(".example.com")}, {}, {email("b@example.com")}) == 0);
  CHECK(verdict({}, {email("example.com")}, {email("not a mailbox")}) == 0);
  CHECK(verdict({email("example.com")}, {}, {email("a@b@example.com")}) == 0);
  // URI: the host of the authority.
  CHECK(verdict({uri("example.com")}, {}, {uri("https://u:p@example.com:8443/x?y#z")}) == 1);
  CHECK(verdict({uri("example.com")}, {}, {uri("https://www.example.com/")}) == 0);
  CHECK(verdict({uri(".example.com")}, {}, {uri("https://www.example.com/")}) == 1);
  CHECK(verdict({uri("example.com")}, {}, {uri("https://evil.test/@example.com")}) == 0);
  CHECK(verdict({uri("example.com")}, {}, {uri("https://192.0.2.1/")}) == 0);
  CHECK(verdict({}, {uri("example.com")}, {uri("urn:isbn:1")}) == 0);
  // The last @ ends the user's part, and a ? or # the authority.
  CHECK(verdict({uri("example.com")}, {}, {uri("https://a@evil.test@example.com/")}) == 1);
  CHECK(verdict({uri("example.com")}, {}, {uri("https://example.com@evil.test/")}) == 0);
  CHECK(verdict({uri("example.com")}, {}, {uri("https://evil.test#@example.com")}) == 0);
  CHECK(verdict({uri("example.com")}, {}, {uri("https://evil.test?@example.com")}) == 0);
  // Directory names: the subject, and those in the list.
  CHECK(verdict({directory(name_of("leaf"))}, {}, {dns("a.example")}) == 1);
  CHECK(verdict({directory(name_of("LEAF "))}, {}, {dns("a.example")}) == 1);
  CHECK(verdict({directory(name_of("leaf", asn1::Tag::printable_string))}, {}, {dns("a.example")}) == 1);
  CHECK(verdict({directory(name_of("other"))}, {}, {dns("a.example")}) == 0);
  CHECK(verdict({}, {directory(name_of("Leaf"))}, {dns("a.example")}) == 0);
  CHECK(verdict({directory(name_of("leaf"))}, {}, {directory(name_of("other"))}) == 0);
  CHECK(verdict({}, {directory(name_of("other"))}, {directory(name_of("OTHER"))}) == 0);
  // Forms that are not evaluated: refused if a certificate has such a name.
  const NameSpec other{GeneralName::Type::other, unhex("06022a03a0030c0161")};
  CHECK(verdict({}, {other}, {other}) == 0);
  CHECK(verdict({other}, {}, {other}) == 0);
  CHECK(verdict({}, {other}, {dns("a.example")}) == 1);
}

TEST_CASE("X04 verify: constraints bind intermediates too, but not the self-issued ones", "[x509]") {
  const auto a = ca_spec("a", 3, "root", 2, {name_constraints({dns("example.com")}, {})});
  const auto b = [](std::string_view name) { return ca_spec("b", 4, "a", 3, {alt_names({dns(name)})}); };
  CHECK(Scene({leaf_spec("b", 4), b("ca.example.com"), a}).verdict() == "ok 0 1 2");
  CHECK(Scene({leaf_spec("b", 4), b("ca.example.org"), a}).verdict() == "name_constraint_violated 1");
  CertificateSpec rolled = ca_spec("a", 5, "a", 3, {alt_names({dns("ca.example.org")})});
  CHECK(Scene({leaf_spec("a", 5), rolled, a}).verdict() == "ok 0 1 2");
  // The addresses of old subjects.
  CertificateSpec mail = leaf_spec("a", 3);
  mail.subject = der([](asn1::DerWriter& w) {
    const auto name = w.sequence();
    const auto rdn = w.set();
    const auto attribute = w.sequence();
    w.oid(oids::kEmailAddress);
    w.element(asn1::Tag::ia5_string, bytes_of("x@example.org"));
  });
  const auto mail_ca = ca_spec("a", 3, "root", 2, {name_constraints({}, {email("example.org")})});
  CHECK(Scene({mail, mail_ca}).verdict() == "name_constraint_violated 0");
}

TEST_CASE("X04 X10 verify: self-issued intermediates do not count, a self-issued leaf does", "[x509]") {
  // A key that was rolled over twelve times, between four others.
  std::vector<CertificateSpec> chain = {leaf_spec("a", 42)};
  for (std::uint64_t key = 42; key > 30; key--) {
    chain.push_back(ca_spec("a", key, "a", key - 1));
  }
  chain.push_back(ca_spec("a", 30, "root", 2, {}, 0));
  CHECK(Scene(chain).verdict() == "ok 0 1 2 3 4 5 6 7 8 9 10 11 12 13");
  Scene limited(chain);
  limited.max_intermediates = 1;
  CHECK(limited.verdict() == "ok 0 1 2 3 4 5 6 7 8 9 10 11 12 13");
  // A root's new key under its old one, above an intermediate that counts.
  Scene above({leaf_spec("a", 3), ca_spec("a", 3, "root", 5), ca_spec("root", 5, "root", 2)});
  above.max_intermediates = 1;
  CHECK(above.verdict() == "ok 0 1 2");
  // Constraints bind the leaf even if it has its issuer's name.
  const auto a = ca_spec("a", 3, "root", 2, {name_constraints({dns("example.org")}, {})});
  CertificateSpec leaf = leaf_spec("a", 3);
  leaf.subject = name_of("a");
  CHECK(Scene({leaf, a}).verdict() == "name_constraint_violated 0");
  CHECK(Scene({leaf, ca_spec("a", 3, "root", 2)}, {root_spec({name_constraints({dns("example.org")}, {})})})
            .verdict() == "name_constraint_violated 0");
}

TEST_CASE("X18 names: a directoryName is one Name and no more", "[x509]") {
  CertificateSpec leaf = leaf_spec();
  leaf.extensions = {alt_names({dns("example.com"), directory(name_of("somebody"))})};
  CHECK(Scene({leaf}).verdict() == "ok 0");
  Buffer longer = name_of("somebody");
  longer.insert(longer.end(), {0x05, 0x00});
  leaf.extensions = {alt_names({dns("example.com"), directory(longer)})};
  CHECK(Scene({leaf}).verdict().find("trailing_data") == 0);
}
