// SPDX-License-Identifier: Apache-2.0
// Examples for each row of kDeviationTable: what is read and noted, and where it is accepted.
#include <ashlar/x509/verify.hpp>

#include "catch.hpp"
#include "support/certificates.hpp"
#include "support/describe.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;
using asn1::DerWriter;
using asn1::Tag;

namespace {

// Replaces the extension of this kind, or adds it.
void put(CertificateSpec& spec, ExtensionSpec wanted) {
  for (ExtensionSpec& present : spec.extensions) {
    if (equal_public(present.oid, wanted.oid)) {
      present = std::move(wanted);
      return;
    }
  }
  spec.extensions.push_back(std::move(wanted));
}

Buffer validity(Tag tag, std::string_view not_before) {
  return der([&](DerWriter& w) {
    const auto fields = w.sequence();
    w.element(tag, bytes_of(not_before));
    w.time(at_time("400101000000Z"));
  });
}

// A chain of three certificates, one of them changed.
struct Chain {
  CertificateSpec leaf, issuer, root;
  std::string name = "example.com";

  Chain() {
    root.subject = root.issuer = name_of("root");
    root.key = root.issuer_key = 2;
    root.extensions = {basic_constraints(true)};
    issuer.subject = name_of("issuer");
    issuer.key = 3;
    issuer.issuer_key = 2;
    issuer.extensions = {basic_constraints(true)};
    leaf.issuer_key = 3;
    leaf.extensions = {alt_names({dns("example.com")})};
  }

  // "ok", or the error's name.
  std::string verdict(bool strict) const {
    CertificateSpec below = leaf, middle = issuer;
    if (issuer_is_copied) {
      below.issuer = issuer.subject;
      middle.issuer = root.subject;
    }
    const Buffer leaf_der = make(below), issuer_der = make(middle), root_der = make(root);
    const auto parsed_root = Certificate::parse(root_der);
    REQUIRE(parsed_root);
    TrustAnchor anchors[] = {TrustAnchor::from(*parsed_root)};
    const Bytes chain[] = {leaf_der, issuer_der};
    VerifyRequest request;
    request.chain = chain;
    request.anchors = AnchorIndex(anchors);
    request.keys = &kAllKeys;
    request.now = at_time("261121030000Z");
    request.name = name;
    request.strict = strict;
    const auto verified = name.empty() ? verify_chain_without_name(request) : verify_chain(request);
    return verified ? "ok" : std::string(error_row(verified.error().code)->name);
  }

  bool issuer_is_copied = true;
};

enum Roles : unsigned { kLeaf = 1, kIssuer = 2, kAnchor = 4, kAll = 7 };

struct Example {
  Deviation rule;
  std::string_view what;
  unsigned roles;
  std::function<void(CertificateSpec&)> change;
  // Other rules that the change breaks too, and an empty name if the change removes the name.
  std::vector<Deviation> besides = {};
  bool nameless = false;
};

ExtensionSpec policies(std::string_view hex, bool critical = false) {
  return extension(oids::kCertificatePolicies, hex, critical);
}

// One policy with one qualifier of this OID: an IA5String.
ExtensionSpec qualified(const asn1::Oid& qualifier, bool critical, Tag tag = Tag::ia5_string,
                        std::string_view text = "a") {
  return {oids::kCertificatePolicies, critical, der([&](DerWriter& w) {
            const auto list = w.sequence();
            const auto policy = w.sequence();
            w.oid(asn1::oid("2.5.29.32.0"));
            const auto qualifiers = w.sequence();
            const auto one = w.sequence();
            w.oid(qualifier);
            w.element(tag, bytes_of(text));
          })};
}

ExtensionSpec dns_constraint(std::string_view base, std::string_view rest_hex = "", bool critical = true) {
  return {oids::kNameConstraints, critical, der([&](DerWriter& w) {
            const auto constraints = w.sequence();
            const auto permitted = w.scope(asn1::context_constructed(0));
            const auto subtree = w.sequence();
            w.element(asn1::context(2), bytes_of(base));
            w.raw(unhex(rest_hex));
          })};
}

Buffer pss(std::string_view rest_hex) {
  return der([&](DerWriter& w) {
    const auto identifier = w.sequence();
    w.oid(oids::kRsaPss);
    const auto parameters = w.sequence();
    w.raw(unhex("a00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040201"));
    w.raw(unhex(rest_hex));
  });
}

const std::string kAttributeA = "300806035504030c0161", kAttributeB = "300806035504030c0162";

std::vector<Example> examples() {
  const auto sets = [](ExtensionSpec wanted) { return [=](CertificateSpec& spec) { put(spec, wanted); }; };
  const auto subject = [](Buffer name) { return [=](CertificateSpec& spec) { spec.subject = name; }; };
  const auto serial = [](std::string_view hex) {
    return [bytes = unhex(hex)](CertificateSpec& spec) { spec.serial = bytes; };
  };
  const auto san = [](std::vector<NameSpec> names) {
    return [=](CertificateSpec& spec) {
      std::vector<NameSpec> all = {dns("example.com")};
      all.insert(all.end(), names.begin(), names.end());
      put(spec, alt_names(all));
    };
  };
  using D = Deviation;
  const std::string twenty_one = "01" + std::string(40, '0');
  return {
      {D::explicit_default,
       "version 1",
       kLeaf,
       [](CertificateSpec& spec) {
         spec.version = 0;
         spec.extensions.clear();
       },
       {},
       true},
      {D::explicit_default, "critical FALSE", kAll,
       [](CertificateSpec& spec) {
         ExtensionSpec id = subject_key_identifier(Buffer{1});
         id.writes_false = true;
         put(spec, id);
       }},
      {D::explicit_default, "critical FALSE of an unknown extension", kAll,
       [](CertificateSpec& spec) {
         put(spec, {asn1::oid("1.3.6.1.4.1.99999.1"), false, {}, true});
       }},
      {D::explicit_default, "cA FALSE", kLeaf, sets(extension(oids::kBasicConstraints, "3003010100", true))},
      {D::explicit_default, "minimum 0", kIssuer | kAnchor, sets(dns_constraint("com", "800100"))},
      {D::unsorted_set, "b, a", kAll, subject(unhex("30163114" + kAttributeB + kAttributeA))},
      {D::unsorted_set, "a, a", kAll, subject(unhex("30163114" + kAttributeA + kAttributeA))},
      {D::foreign_character, "&", kAll, subject(name_of("a&b", Tag::printable_string))},
      {D::foreign_character, "*", kAll, subject(name_of("*", Tag::printable_string))},
      {D::foreign_character, "_", kAll, subject(name_of("a_b", Tag::printable_string))},
      {D::foreign_character, "@", kAll, subject(name_of("a@b", Tag::printable_string))},
      {D::foreign_character, "a letter among numbers", kAll, subject(name_of("1a", Tag::numeric_string))},
      {D::foreign_character, "a notice's", kAll,
       sets(qualified(oids::kUserNotice, false, Tag::visible_string, "\xc3\xa9"))},
      {D::foreign_character, "a critical notice's", kAll,
       sets(qualified(oids::kUserNotice, true, Tag::printable_string, "*"))},
      {D::unclear_character, "Latin-1 in a PrintableString", kAll,
       subject(name_of("\xe9", Tag::printable_string))},
      {D::unclear_character, "Latin-1 in a UTF8String", kAll, subject(name_of("\xe9"))},
      {D::unclear_character, "UTF-8 in an IA5String", kAll, subject(name_of("\xc3\xa9", Tag::ia5_string))},
      {D::unclear_character, "a newline in a PrintableString", kAll,
       subject(name_of("a\nb", Tag::printable_string))},
      {D::empty_list, "issuerAltName", kAll, sets(extension(oids::kIssuerAltName, "3000"))},
      {D::empty_list, "authorityInfoAccess", kAll, sets(extension(oids::kAuthorityInfoAccess, "3000"))},
      {D::empty_list, "certificatePolicies", kAll, sets(policies("3000"))},
      {D::empty_list, "policyQualifiers", kAll,
       sets(policies("300a3008060455"
                     "1d20003000",
                     true))},
      {D::empty_list, "subjectAltName", kLeaf, sets(extension(oids::kSubjectAltName, "3000")), {}, true},
      {D::empty_list,
       "extensions",
       kLeaf,
       [](CertificateSpec& spec) {
         spec.extensions.clear();
         spec.extra_tbs = unhex("a3023000");
       },
       {},
       true},
      {D::wrong_time_type, "2020", kAll,
       [](CertificateSpec& spec) { spec.validity = validity(Tag::generalized_time, "20200101000000Z"); }},
      {D::wrong_time_type, "1950", kAll,
       [](CertificateSpec& spec) { spec.validity = validity(Tag::generalized_time, "19500101000000Z"); }},
      {D::time_before_1950, "1949", kAll,
       [](CertificateSpec& spec) { spec.validity = validity(Tag::generalized_time, "19491231235959Z"); }},
      {D::time_before_1950, "year 0", kAll,
       [](CertificateSpec& spec) { spec.validity = validity(Tag::generalized_time, "00000101000000Z"); }},
      {D::bad_serial_number, "zero", kAll, serial("00")},
      {D::bad_serial_number, "negative", kAll, serial("ff")},
      {D::bad_serial_number, "21 bytes", kAll, serial(twenty_one)},
      {D::bad_serial_number, "20 bytes and a sign", kAll, serial("00ff" + std::string(38, 'f'))},
      {D::unique_identifier, "issuer's", kAll,
       [](CertificateSpec& spec) { spec.unique_ids = unhex("81020001"); }},
      {D::unique_identifier, "both", kAll,
       [](CertificateSpec& spec) { spec.unique_ids = unhex("8102000182020001"); }},
      {D::null_parameters, "ECDSA", kAll,
       [](CertificateSpec& spec) {
         spec.inner_algorithm = spec.outer_algorithm = unhex("300c06082a8648ce3d0403020500");
       }},
      {D::critical_by_mistake, "subjectKeyIdentifier", kAll,
       sets(extension(oids::kSubjectKeyIdentifier, "04020102", true))},
      {D::critical_by_mistake, "authorityKeyIdentifier", kAll,
       sets(extension(oids::kAuthorityKeyIdentifier, "3000", true))},
      {D::critical_by_mistake, "authorityInfoAccess", kAll,
       sets(extension(oids::kAuthorityInfoAccess, "301a301806082b06010505073001860c687474703a2f2f612e622f6f",
                      true))},
      {D::not_critical, "policyConstraints", kAll, sets(extension(oids::kPolicyConstraints, "3003800109"))},
      {D::not_critical, "inhibitAnyPolicy", kAll, sets(extension(oids::kInhibitAnyPolicy, "020100"))},
      {D::not_critical, "nameConstraints", kIssuer | kAnchor, sets(dns_constraint("com", "", false))},
      {D::not_critical, "basicConstraints of a CA", kIssuer | kAnchor,
       sets(extension(oids::kBasicConstraints, "30030101ff"))},
      {D::alt_name_not_critical, "no subject", kLeaf, subject(name_of(""))},
      {D::incomplete_authority_key_identifier, "issuer alone", kAll,
       sets(extension(oids::kAuthorityKeyIdentifier, "3008a1068204612e6578"))},
      {D::incomplete_authority_key_identifier, "serial number alone", kAll,
       sets(extension(oids::kAuthorityKeyIdentifier, "3003820101"))},
      {D::padded_key_usage, "digitalSignature", kLeaf, sets(extension(oids::kKeyUsage, "03020080", true))},
      {D::padded_key_usage, "keyCertSign", kIssuer | kAnchor,
       sets(extension(oids::kKeyUsage, "03020004", true))},
      {D::padded_key_usage, "a whole byte", kLeaf, sets(extension(oids::kKeyUsage, "0303008000", true))},
      {D::empty_key_usage, "no bits", kAll, sets(extension(oids::kKeyUsage, "030100", true))},
      {D::empty_key_usage,
       "zero bits",
       kAll,
       sets(extension(oids::kKeyUsage, "03020000", true)),
       {D::padded_key_usage}},
      {D::empty_extended_key_usage, "no purpose", kAll, sets(extension(oids::kExtendedKeyUsage, "3000"))},
      {D::ca_rights_without_ca, "keyCertSign", kLeaf,
       sets(key_usage({KeyUsage::digital_signature, KeyUsage::key_cert_sign}))},
      {D::ca_rights_without_ca, "nameConstraints", kLeaf, sets(dns_constraint("com"))},
      {D::path_length_without_ca, "no CA", kLeaf, sets(basic_constraints(false, 0))},
      {D::underscore_in_host_name, "within", kAll, san({dns("my_host.example")})},
      {D::underscore_in_host_name, "in front", kAll, san({dns("_sip._tcp.example")})},
      {D::underscore_in_host_name, "behind, and in the last label", kAll, san({dns("a_.b_")})},
      {D::underscore_in_host_name, "under a wildcard", kAll, san({dns("*.a_b.example")})},
      {D::not_a_host_name, "UTF-8", kAll, san({dns("z\xc3\xbcrich.example")})},
      {D::not_a_host_name, "Latin-1", kAll, san({dns("z\xfcrich.example")})},
      {D::not_a_host_name, "empty", kAll, san({dns("")})},
      {D::not_a_host_name, "a blank", kAll, san({dns("a b.example")})},
      {D::not_a_host_name, "an address", kAll, san({dns("192.0.2.1")})},
      {D::not_a_host_name, "a final dot", kAll, san({dns("a.example.")})},
      {D::not_a_host_name, "a wildcard with one label", kAll, san({dns("*.lan")})},
      {D::not_a_host_name, "a wildcard alone", kAll, san({dns("*")})},
      {D::not_a_host_name, "half a wildcard", kAll, san({dns("w*.a.example")})},
      {D::odd_name, "a mailbox in UTF-8", kAll, san({email("\xc3\xa9@a.example")})},
      {D::odd_name, "an empty URI", kAll, san({uri("")})},
      {D::odd_name, "an IRI for OCSP", kAll,
       sets(extension(oids::kAuthorityInfoAccess, "3010300e06082b060105050730018602c3a9"))},
      {D::leading_dot_in_constraint, ".com", kIssuer | kAnchor, sets(dns_constraint(".com"))},
      {D::duplicate_policy, "twice", kAll,
       sets(policies("3012300706056781"
                     "0c0101300706056781"
                     "0c0101"))},
      {D::unknown_policy_qualifier, "of nobody", kAll,
       sets(qualified(asn1::oid("1.3.6.1.4.1.99999.2"), true))},
      // Chosen so that no other rule applies first.
      {D::empty_issuer, "a leaf's", kLeaf, [](CertificateSpec& spec) { spec.issuer = name_of(""); }},
      {D::empty_issuer, "an issuer's", kIssuer, [](CertificateSpec& spec) { spec.issuer = name_of(""); }},
      {D::empty_ca_subject, "a leaf that is a CA", kLeaf,
       [](CertificateSpec& spec) {
         spec.subject = name_of("");
         put(spec, alt_names({dns("example.com")}, true));
         put(spec, basic_constraints(true));
       }},
  };
}

std::string expected(Accepted accepted, const DeviationRow& row, bool strict) {
  const bool refused = accepted == Accepted::never || (strict && accepted == Accepted::unless_strict);
  return refused ? std::string(error_row(row.error)->name) : "ok";
}

}  // namespace

TEST_CASE("deviations: each rule is read, noted, and accepted where its row says", "[x509]") {
  bool seen[kDeviationCount] = {};
  for (const Example& example : examples()) {
    const DeviationRow& row = row_of(example.rule);
    INFO(row.name << ": " << example.what);
    seen[static_cast<std::size_t>(example.rule)] = true;
    for (const unsigned role : {kLeaf, kIssuer, kAnchor}) {
      if ((example.roles & role) == 0) {
        continue;
      }
      Chain chain;
      chain.issuer_is_copied = example.rule != Deviation::empty_issuer;
      if (!chain.issuer_is_copied) {
        chain.leaf.issuer = chain.issuer.subject;
        chain.issuer.issuer = chain.root.subject;
      }
      CertificateSpec& changed = role == kLeaf ? chain.leaf : role == kIssuer ? chain.issuer : chain.root;
      example.change(changed);
      if (role == kAnchor) {
        changed.issuer = changed.subject;
      }
      if (example.nameless) {
        chain.name.clear();
      }
      const Buffer der_bytes = make(changed);
      const auto parsed = Certificate::parse(der_bytes);
      INFO(sentence_of(parsed));
      REQUIRE(parsed);
      CHECK(parsed->deviations().has(example.rule));
      CHECK(parsed->deviations().span().size() == 1 + example.besides.size());
      for (const Deviation other : example.besides) {
        CHECK(parsed->deviations().has(other));
      }
      const Accepted accepted = role == kLeaf ? row.leaf : role == kIssuer ? row.issuer : row.anchor;
      INFO("as " << (role == kLeaf ? "leaf" : role == kIssuer ? "issuer" : "anchor"));
      CHECK(chain.verdict(false) == expected(accepted, row, false));
      CHECK(chain.verdict(true) == expected(accepted, row, true));
    }
  }
  for (const DeviationRow& row : kDeviationTable) {
    INFO(row.name);
    CHECK(seen[static_cast<std::size_t>(row.rule)]);
  }
}

TEST_CASE("deviations: what is never accepted in an anchor is refused there, whatever else it breaks",
          "[x509]") {
  for (const bool dotted : {false, true}) {
    Chain chain;
    chain.issuer_is_copied = false;
    chain.leaf.issuer = chain.issuer.subject;
    chain.issuer.issuer = chain.root.subject;
    if (dotted) {
      put(chain.root, dns_constraint(".com"));
    }
    CHECK(chain.verdict(false) == "ok");
    CHECK(chain.verdict(true) == (dotted ? "bad_name_constraints" : "ok"));
    chain.root.issuer = name_of("");
    CHECK(chain.verdict(false) == "empty_issuer");
    CHECK(chain.verdict(true) == "empty_issuer");
  }
  CertificateSpec both;
  both.subject = name_of("");
  both.extensions = {basic_constraints(true), dns_constraint(".com")};
  const Buffer der_bytes = make(both);
  const auto parsed = Certificate::parse(der_bytes);
  REQUIRE(parsed);
  const TrustAnchor anchor = TrustAnchor::from(*parsed);
  CHECK(parsed->deviations().span()[0].rule == Deviation::leading_dot_in_constraint);
  REQUIRE(anchor.deviation());
  CHECK(anchor.deviation()->rule == Deviation::empty_ca_subject);
}

TEST_CASE("deviations: the table is in the order of the rules, and each row is whole", "[x509]") {
  for (std::size_t i = 0; i < kDeviationCount; i++) {
    const DeviationRow& row = kDeviationTable[i];
    INFO(row.name);
    CHECK(row.rule == static_cast<Deviation>(i));
    CHECK(error_row(row.error) != nullptr);
    CHECK(!row.clause.empty());
    CHECK(!row.text.empty());
    CHECK(&row_of(row.rule) == &row);
    // Anchors, which are trusted by decree, are not judged more strictly.
    CHECK(row.anchor <= row.issuer);
  }
}

TEST_CASE("deviations: the error that says so where one is refused", "[x509]") {
  const std::pair<Deviation, ErrorCode> expected[] = {
      {Deviation::explicit_default, ErrorCode::der_default_encoded},
      {Deviation::unsorted_set, ErrorCode::der_set_not_sorted},
      {Deviation::foreign_character, ErrorCode::der_bad_string},
      {Deviation::unclear_character, ErrorCode::der_bad_string},
      {Deviation::empty_list, ErrorCode::der_empty},
      {Deviation::wrong_time_type, ErrorCode::der_wrong_time_type},
      {Deviation::time_before_1950, ErrorCode::der_time_before_1950},
      {Deviation::bad_serial_number, ErrorCode::bad_serial_number},
      {Deviation::empty_issuer, ErrorCode::empty_issuer},
      {Deviation::empty_ca_subject, ErrorCode::empty_subject},
      {Deviation::unique_identifier, ErrorCode::unique_identifier},
      {Deviation::null_parameters, ErrorCode::bad_algorithm_parameters},
      {Deviation::critical_by_mistake, ErrorCode::wrong_criticality},
      {Deviation::not_critical, ErrorCode::wrong_criticality},
      {Deviation::alt_name_not_critical, ErrorCode::wrong_criticality},
      {Deviation::incomplete_authority_key_identifier, ErrorCode::bad_authority_key_identifier},
      {Deviation::padded_key_usage, ErrorCode::der_named_bits_not_minimal},
      {Deviation::empty_key_usage, ErrorCode::empty_key_usage},
      {Deviation::empty_extended_key_usage, ErrorCode::der_empty},
      {Deviation::ca_rights_without_ca, ErrorCode::ca_rights_without_ca},
      {Deviation::path_length_without_ca, ErrorCode::path_length_without_ca},
      {Deviation::underscore_in_host_name, ErrorCode::not_a_host_name},
      {Deviation::not_a_host_name, ErrorCode::not_a_host_name},
      {Deviation::odd_name, ErrorCode::bad_general_name},
      {Deviation::leading_dot_in_constraint, ErrorCode::bad_name_constraints},
      {Deviation::duplicate_policy, ErrorCode::duplicate_policy},
      {Deviation::unknown_policy_qualifier, ErrorCode::unknown_policy_qualifier},
  };
  REQUIRE(std::size(expected) == kDeviationCount);
  for (const auto& [rule, error] : expected) {
    INFO(row_of(rule).name);
    CHECK(row_of(rule).error == error);
  }
}

TEST_CASE("deviations: each is kept once, with its first place, and none is lost", "[x509]") {
  CertificateSpec spec;
  spec.serial = unhex("00");
  spec.validity = der([](DerWriter& w) {
    const auto fields = w.sequence();
    w.element(Tag::generalized_time, bytes_of("20200101000000Z"));
    w.element(Tag::generalized_time, bytes_of("20400101000000Z"));
  });
  spec.extensions = {alt_names({dns("example.com"), dns("a_b.example"), dns("")})};
  const Buffer der_bytes = make(spec);
  const auto parsed = Certificate::parse(der_bytes);
  REQUIRE(parsed);
  const auto found = parsed->deviations().span();
  REQUIRE(found.size() == 4);
  CHECK(found[0].rule == Deviation::bad_serial_number);
  CHECK(found[0].place == Place::tbs_serial);
  CHECK(der_bytes[found[0].offset] == 0x02);
  CHECK(found[1].rule == Deviation::wrong_time_type);
  CHECK(found[1].place == Place::tbs_not_before);
  CHECK(found[2].rule == Deviation::underscore_in_host_name);
  CHECK(found[2].place == Place::extension_subject_alt_name);
  CHECK(der_bytes[found[2].offset] == 'a');
  CHECK(found[3].rule == Deviation::not_a_host_name);
  Deviations all;
  for (std::size_t i = 0; i < 2 * kDeviationCount; i++) {
    all.note(static_cast<Deviation>(i % kDeviationCount), Place::tbs, static_cast<std::uint32_t>(i));
  }
  CHECK(all.span().size() == kDeviationCount);
  CHECK(all.span().back().offset == kDeviationCount - 1);
}

TEST_CASE("deviations: RSASSA-PSS's defaults written out are noted", "[x509]") {
  const auto noted = [](std::string_view rest) {
    CertificateSpec spec;
    spec.inner_algorithm = spec.outer_algorithm = pss(rest);
    const Buffer der_bytes = make(spec);
    const auto parsed = Certificate::parse(der_bytes);
    REQUIRE(parsed);
    REQUIRE(parsed->signature_method(kAllKeys));
    return parsed->deviations().has(Deviation::explicit_default);
  };
  CHECK(!noted(""));
  CHECK(!noted("a203020120"));
  CHECK(noted("a203020114"));
  CHECK(noted("a203020120a303020101"));
}

TEST_CASE("deviations: what is ambiguous or unsafe is an error, not a deviation", "[x509]") {
  struct Row {
    std::string_view what;
    ErrorCode error;
    std::function<void(CertificateSpec&)> change;
  };
  const auto sets = [](ExtensionSpec wanted) { return [=](CertificateSpec& spec) { put(spec, wanted); }; };
  const Row rows[] = {
      {"a zero byte in a name", ErrorCode::der_bad_string,
       [](CertificateSpec& spec) { spec.subject = name_of(std::string_view("a\0b", 3)); }},
      {"a zero byte in a dNSName", ErrorCode::bad_general_name,
       sets(alt_names({dns(std::string_view("a.example\0.b.example", 20))}))},
      {"a newline in a dNSName", ErrorCode::bad_general_name, sets(alt_names({dns("a\n.example")}))},
      {"an RDN without attributes", ErrorCode::der_empty,
       [](CertificateSpec& spec) { spec.subject = unhex("30023100"); }},
      {"a wildcard in a constraint", ErrorCode::bad_name_constraints, sets(dns_constraint("*.example"))},
      {"a constraint that is a dot", ErrorCode::bad_name_constraints, sets(dns_constraint("."))},
      {"a minimum", ErrorCode::bad_name_constraints, sets(dns_constraint("com", "800101"))},
      {"a maximum", ErrorCode::bad_name_constraints, sets(dns_constraint("com", "810100"))},
      {"constraints on nothing", ErrorCode::bad_name_constraints,
       sets(extension(oids::kNameConstraints, "3000", true))},
      {"a list of no subtrees", ErrorCode::der_empty,
       sets(extension(oids::kNameConstraints, "3002a000", true))},
      {"BOOLEAN 1", ErrorCode::der_bad_boolean, sets(extension(oids::kBasicConstraints, "3003010101", true))},
      {"a negative path length", ErrorCode::der_integer_negative,
       sets(extension(oids::kBasicConstraints, "30060101ff0201ff", true))},
      {"an address of five bytes", ErrorCode::bad_ip_address, sets(alt_names({ip("0102030405")}))},
      {"an extension twice", ErrorCode::duplicate_certificate_extension,
       [](CertificateSpec& spec) { spec.extensions.push_back(spec.extensions[0]); }},
      {"version 4", ErrorCode::bad_certificate_version, [](CertificateSpec& spec) { spec.version = 3; }},
      {"extensions in version 2", ErrorCode::version_lacks_field,
       [](CertificateSpec& spec) { spec.version = 1; }},
      {"unique identifiers in version 1", ErrorCode::version_lacks_field,
       [](CertificateSpec& spec) {
         spec.version.reset();
         spec.extensions.clear();
         spec.unique_ids = unhex("81020001");
       }},
      {"two algorithms", ErrorCode::signature_algorithms_differ,
       [](CertificateSpec& spec) { spec.outer_algorithm = unhex("300c06082a8648ce3d0403020500"); }},
      {"a serial number in two bytes", ErrorCode::der_integer_not_minimal,
       [](CertificateSpec& spec) { spec.serial = unhex("0001"); }},
      {"a time without seconds", ErrorCode::der_bad_time,
       [](CertificateSpec& spec) { spec.validity = validity(Tag::utc_time, "2001010000Z"); }},
      {"a time with an offset", ErrorCode::der_bad_time,
       [](CertificateSpec& spec) { spec.validity = validity(Tag::utc_time, "200101000000+0000"); }},
      {"a time with a fraction", ErrorCode::der_bad_time,
       [](CertificateSpec& spec) { spec.validity = validity(Tag::generalized_time, "20500101000000.5Z"); }},
      {"something behind an extension's value", ErrorCode::trailing_data,
       sets(extension(oids::kBasicConstraints, "30000500", true))},
      {"something behind the last field", ErrorCode::trailing_data,
       [](CertificateSpec& spec) { spec.extra_tbs = unhex("0500"); }},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    Chain chain;
    row.change(chain.leaf);
    const Buffer der_bytes = make(chain.leaf);
    const auto parsed = Certificate::parse(der_bytes);
    REQUIRE(!parsed);
    CHECK(parsed.error() == row.error);
    CHECK(alert_of(parsed.error()) == Alert::bad_certificate);
  }
}

TEST_CASE("X04 deviations: a constraint with a leading dot holds what has more labels", "[x509]") {
  const auto verdict = [](std::vector<NameSpec> permitted, std::vector<NameSpec> excluded,
                          std::string_view name, bool strict = false) {
    Chain chain;
    chain.name.clear();
    put(chain.issuer, name_constraints(permitted, excluded));
    put(chain.leaf, alt_names({dns(name)}));
    return chain.verdict(strict);
  };
  const std::string no = "name_constraint_violated";
  CHECK(verdict({dns(".b.example")}, {}, "a.b.example") == "ok");
  CHECK(verdict({dns(".b.example")}, {}, "x.a.B.example") == "ok");
  CHECK(verdict({dns(".b.example")}, {}, "b.example") == no);
  CHECK(verdict({dns(".b.example")}, {}, "ab.example") == no);
  CHECK(verdict({dns(".b.example")}, {}, "*.b.example") == "ok");
  CHECK(verdict({dns(".c.b.example")}, {}, "*.b.example") == no);
  CHECK(verdict({dns(".b.example")}, {}, "a.b.example", true) == "bad_name_constraints");
  CHECK(verdict({}, {dns(".b.example")}, "a.b.example") == no);
  CHECK(verdict({}, {dns(".b.example")}, "b.example") == "ok");
  CHECK(verdict({}, {dns(".b.example")}, "*.b.example") == no);
  // "*.b.example" can match "c.b.example", which is not excluded, but nothing below it.
  CHECK(verdict({}, {dns(".c.b.example")}, "*.b.example") == "ok");
  CHECK(verdict({}, {dns("c.b.example")}, "*.b.example") == no);
  // A malformed name is inside no permitted subtree, and every exclusion excludes it.
  CHECK(verdict({dns(".b.example")}, {}, "z\xc3\xbc.b.example") == no);
  CHECK(verdict({}, {dns("c.example")}, "z\xc3\xbc.b.example") == no);
  // Underscores are normal characters.
  CHECK(verdict({dns("a_b.example")}, {}, "x.a_b.example") == "ok");
  CHECK(verdict({}, {dns("a_b.example")}, "_.A_B.example") == no);
}

TEST_CASE("X09 deviations: an RDN in another order does not leave an excluded subtree", "[x509]") {
  const std::string sorted = "30163114" + kAttributeA + kAttributeB;
  const std::string unsorted = "30163114" + kAttributeB + kAttributeA;
  for (const std::string& subject : {sorted, unsorted}) {
    Chain chain;
    chain.leaf.subject = unhex(subject);
    put(chain.issuer, name_constraints({}, {directory(unhex(sorted))}));
    CHECK(chain.verdict(false) == "name_constraint_violated");
    put(chain.issuer, name_constraints({directory(unhex(sorted))}, {}));
    CHECK(chain.verdict(false) == "ok");
  }
}

TEST_CASE("X12 deviations: an extendedKeyUsage without a purpose allows none", "[x509]") {
  CertificateSpec spec;
  spec.extensions = {extension(oids::kExtendedKeyUsage, "3000")};
  const Buffer der_bytes = make(spec);
  const auto parsed = Certificate::parse(der_bytes);
  REQUIRE(parsed);
  CHECK(parsed->has_extended_key_usage());
  CHECK(!parsed->allows_purpose(oids::kServerAuth, true));
}

TEST_CASE("deviations: a policy qualifier binds where the extension is critical", "[x509]") {
  for (const asn1::Oid& known : {oids::kCpsPointer, oids::kUserNotice}) {
    Chain chain;
    put(chain.leaf, qualified(known, true));
    CHECK(chain.verdict(true) == "ok");
  }
  Chain chain;
  put(chain.leaf, qualified(asn1::oid("1.3.6.1.4.1.99999.2"), false));
  CHECK(chain.verdict(true) == "ok");
}

TEST_CASE("X13 deviations: a critical extension that is not processed is named", "[x509]") {
  Chain chain;
  put(chain.issuer, extension(oids::kIssuerAltName, "3003820161", true));
  CHECK(chain.verdict(false) == "unknown_critical_extension");
  const Buffer leaf_der = make(chain.leaf);
  CertificateSpec issuer = chain.issuer;
  issuer.issuer = chain.root.subject;
  CertificateSpec leaf = chain.leaf;
  leaf.issuer = issuer.subject;
  const Buffer ders[] = {make(leaf), make(issuer)}, root_der = make(chain.root);
  TrustAnchor anchors[] = {TrustAnchor::from(*Certificate::parse(root_der))};
  const Bytes views[] = {ders[0], ders[1]};
  VerifyRequest request;
  request.chain = views;
  request.anchors = AnchorIndex(anchors);
  request.keys = &kAllKeys;
  request.now = at_time("261121030000Z");
  const std::string said = sentence(verify_chain_without_name(request).error());
  CHECK(said.find("tbsCertificate.extensions.issuerAltName: a critical extension is not understood "
                  "(certificate 1 of the chain)") == 0);
}
