// SPDX-License-Identifier: Apache-2.0
#include <ashlar/x509/certificate.hpp>

#include <chrono>

#include "catch.hpp"
#include "support/certificates.hpp"
#include "support/describe.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;
using asn1::DerWriter;

namespace {

Error parse_error(const Buffer& der) {
  auto certificate = Certificate::parse(der);
  return certificate ? Error{ErrorCode{}} : certificate.error();
}
Error parse_error(const CertificateSpec& spec) {
  return parse_error(make(spec));
}

// The signature method of a certificate, or its error.
std::string method_text(const CertificateSpec& spec) {
  const Buffer der = make(spec);
  const auto certificate = Certificate::parse(der);
  REQUIRE(certificate);
  const auto method = certificate->signature_method(kAllKeys);
  if (!method) {
    return sentence(method.error());
  }
  return std::string(*method ? (*method)->algorithm->name : "none");
}

CertificateSpec spec_with(std::vector<ExtensionSpec> extensions) {
  CertificateSpec spec;
  spec.extensions = std::move(extensions);
  return spec;
}

ExtensionSpec many_names(std::size_t count) {
  return {oids::kSubjectAltName, false, der([&](DerWriter& w) {
            const auto list = w.sequence();
            for (std::size_t i = 0; i < count; i++) {
              w.element(asn1::context(2), bytes_of("a.example"));
            }
          })};
}

// A certificate with every extension that is read.
Buffer full() {
  CertificateSpec spec = spec_with({
      basic_constraints(true, 3),
      key_usage({KeyUsage::key_cert_sign, KeyUsage::crl_sign}),
      extended_key_usage({oids::kServerAuth, oids::kClientAuth}),
      alt_names({dns("example.com"), dns("*.example.org"), ip("c0000201"),
                 ip("20010db8000000000000000000000001"), email("a@example.com"), uri("https://example.com/x"),
                 directory(name_of("inner"))}),
      name_constraints({dns("example.com")}, {ip("0a000000ff000000")}),
      extension(oids::kSubjectKeyIdentifier, "04020102"),
      extension(oids::kAuthorityKeyIdentifier, "300480020304"),
      extension(oids::kCertificatePolicies, "30093007060567810c0101"),
      extension(oids::kAuthorityInfoAccess, "301a301806082b06010505073001860c687474703a2f2f612e622f6f"),
  });
  return make(spec);
}

}  // namespace

TEST_CASE("certificate: its fields are views into its DER", "[x509]") {
  const Buffer der_bytes = full();
  auto parsed = Certificate::parse(der_bytes);
  INFO(sentence_of(parsed));
  REQUIRE(parsed);
  const Certificate& c = *parsed;
  CHECK(c.version() == 3);
  CHECK_BYTES(c.serial(), unhex("01"));
  CHECK_BYTES(c.issuer(), name_of("root"));
  CHECK_BYTES(c.subject(), name_of("leaf"));
  CHECK(!c.is_self_issued());
  CHECK(c.validity().not_before == at_time("200101000000Z"));
  CHECK(c.validity().not_after == at_time("400101000000Z"));
  CHECK(c.public_key(kAllKeys)->equals(p256_key(1).public_key()));
  CHECK((*c.signature_method(kAllKeys))->algorithm == &kEcdsaSha256);
  CHECK(c.basic_constraints().is_ca);
  CHECK(c.basic_constraints().path_length == 3u);
  CHECK(c.allows(KeyUsage::key_cert_sign));
  CHECK(!c.allows(KeyUsage::digital_signature));
  CHECK(c.allows_purpose(oids::kServerAuth, false));
  CHECK(!c.allows_purpose(oids::kAnyExtendedKeyUsage, false));
  CHECK_BYTES(c.subject_key_identifier(), unhex("0102"));
  CHECK_BYTES(c.authority_key_identifier(), unhex("0304"));
  CHECK(c.unknown_critical_extension().empty());
  CHECK(c.deviations().empty());
  CHECK(c.extensions().size() == 9);
  std::string names;
  for (auto list = c.subject_alt_names(); auto name = list.next();) {
    names += std::to_string(static_cast<int>(name->type)) + " ";
  }
  CHECK(names == "2 2 7 7 1 6 4 ");
  const Bytes message[] = {c.tbs_certificate()};
  CHECK(p256_key(2).public_key().verify(**c.signature_method(kAllKeys), message, c.signature()));
}

TEST_CASE("A15 certificate: put together from its parts it is the same", "[x509]") {
  const Buffer der_bytes = full();
  auto parsed = Certificate::parse(der_bytes);
  REQUIRE(parsed);
  const Certificate& c = *parsed;
  const Buffer again = der([&](DerWriter& w) {
    const auto outer = w.sequence();
    {
      const auto tbs = w.sequence();
      {
        const auto version = w.scope(asn1::context_constructed(0));
        w.small_integer(c.version() - 1u);
      }
      w.element(asn1::Tag::integer, c.serial());
      w.raw(c.signature_algorithm_identifier());
      w.raw(c.issuer());
      {
        const auto validity = w.sequence();
        w.time(c.validity().not_before);
        w.time(c.validity().not_after);
      }
      w.raw(c.subject());
      w.raw(c.spki());
      const auto field = w.scope(asn1::context_constructed(3));
      const auto list = w.sequence();
      for (const Extension& extension : c.extensions()) {
        const auto entry = w.sequence();
        w.oid(extension.oid);
        if (extension.critical) {
          w.boolean(true);
        }
        w.octet_string(extension.value);
      }
    }
    w.raw(c.signature_algorithm_identifier());
    w.bit_string(c.signature());
  });
  CHECK_BYTES(again, der_bytes);
}

TEST_CASE("certificate: every truncation is an error, every flipped bit an answer", "[x509]") {
  const Buffer der_bytes = full();
  for (std::size_t size = 0; size < der_bytes.size(); size++) {
    // In separate memory, so that a sanitizer sees a read beyond the end.
    const Buffer cut(der_bytes.begin(), der_bytes.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(!Certificate::parse(cut));
  }
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < 8 * der_bytes.size(); bit++) {
    Buffer flipped = der_bytes;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1u << (bit % 8)));
    auto parsed = Certificate::parse(flipped);
    refused += parsed ? 0u : 1u;
  }
  CHECK(refused > der_bytes.size());
}

TEST_CASE("certificate: errors say where, what and which clause", "[x509]") {
  CertificateSpec spec = spec_with({extension(oids::kSubjectAltName, "3006870401020304")});
  CHECK(parse_error(spec) == ErrorCode{});
  spec.extensions = {extension(oids::kSubjectAltName, "30058703010203")};
  const std::string said = sentence(parse_error(spec));
  INFO(said);
  CHECK(said.find("tbsCertificate.extensions.subjectAltName: an IP address does not have 4 or 16 bytes") ==
        0);
  CHECK(said.find(" (at byte ") != std::string::npos);
  CHECK(said.find("[RFC 5280 §4.2.1.6]") != std::string::npos);

  spec = CertificateSpec();
  spec.validity = der([](DerWriter& w) {
    const auto fields = w.sequence();
    w.element(asn1::Tag::utc_time, bytes_of("209901000000Z"));
    w.element(asn1::Tag::utc_time, bytes_of("400101000000Z"));
  });
  CHECK(sentence(parse_error(spec)).find("tbsCertificate.validity.notBefore: a time is not ") == 0);
}

TEST_CASE("A11 certificate: nothing may follow", "[x509]") {
  Buffer trailing = full();
  trailing.push_back(0);
  CHECK(parse_error(trailing) == ErrorCode::trailing_data);
  CertificateSpec spec;
  spec.extra_tbs = unhex("0500");
  CHECK(parse_error(spec) == ErrorCode::trailing_data);
  CHECK(parse_error(spec_with({extension(oids::kBasicConstraints,
                                         "30060101ff020100"
                                         "00",
                                         true)})) == ErrorCode::trailing_data);
}

TEST_CASE("certificate: versions have the fields they have", "[x509]") {
  CertificateSpec spec;
  spec.version = {};
  CHECK(parse_error(spec) == ErrorCode{});
  spec.version = 1;
  CHECK(parse_error(spec) == ErrorCode{});
  spec.extra_tbs = unhex("81020001");
  CHECK(parse_error(spec) == ErrorCode{});
  spec.version = {};
  CHECK(parse_error(spec) == ErrorCode::version_lacks_field);
  spec = spec_with({basic_constraints(true)});
  spec.version = 1;
  CHECK(parse_error(spec) == ErrorCode::version_lacks_field);
  spec = CertificateSpec();
  spec.version = 3;
  CHECK(parse_error(spec) == ErrorCode::bad_certificate_version);
}

TEST_CASE("X14 certificate: inner and outer algorithms are the same, with exact parameters", "[x509]") {
  CertificateSpec spec;
  spec.outer_algorithm = unhex("300a06082a8648ce3d040303");
  CHECK(parse_error(spec) == ErrorCode::signature_algorithms_differ);
  // Only the verifier knows which algorithms exist.
  const auto both = [&](std::string_view hex) {
    spec.inner_algorithm = spec.outer_algorithm = unhex(hex);
    return method_text(spec);
  };
  const auto bad = [](const std::string& said) {
    return said.find("signatureAlgorithm: the parameters") == 0;
  };
  CHECK(both("300a06082a8648ce3d040302") == "ecdsa-with-SHA256");
  CHECK(both("300c06082a8648ce3d0403020500") == "ecdsa-with-SHA256");
  CHECK(bad(both("300d06082a8648ce3d040302040100")));
  CHECK(both("300d06092a864886f70d01010b0500") == "sha256WithRSAEncryption");
  // RFC 4055 §5: absent parameters MUST be accepted.
  CHECK(both("300b06092a864886f70d01010b") == "sha256WithRSAEncryption");
  CHECK(both("300b06092a864886f70d01010c") == "sha384WithRSAEncryption");
  CHECK(bad(both("300e06092a864886f70d01010b040100")));
  CHECK(both("300d06092a864886f70d0101050500") == "none");
}

TEST_CASE("X14 certificate: RSASSA-PSS with one hash, a salt of any size, and nothing else", "[x509]") {
  const auto algorithm = [](std::string_view hash, std::string_view mask_hash, std::uint32_t salt,
                            std::string_view trailer = "") {
    CertificateSpec spec;
    spec.inner_algorithm = spec.outer_algorithm = der([&](DerWriter& w) {
      const auto identifier = w.sequence();
      w.oid(oids::kRsaPss);
      const auto parameters = w.sequence();
      {
        const auto field = w.scope(asn1::context_constructed(0));
        w.raw(unhex(hash));
      }
      {
        const auto field = w.scope(asn1::context_constructed(1));
        const auto mask = w.sequence();
        w.oid(oids::kMgf1);
        w.raw(unhex(mask_hash));
      }
      {
        const auto field = w.scope(asn1::context_constructed(2));
        w.small_integer(salt);
      }
      w.raw(unhex(trailer));
    });
    return method_text(spec);
  };
  const std::string sha256 = "300d06096086480165030402010500", bare = "300b0609608648016503040201";
  const std::string sha384 = "300d06096086480165030402020500", sha1 = "300906052b0e03021a0500";
  CHECK(algorithm(sha256, sha256, 32) == "rsassaPss-SHA256");
  CHECK(algorithm(bare, bare, 32) == "rsassaPss-SHA256");
  CHECK(algorithm(sha384, sha384, 48) == "rsassaPss-SHA384");
  CHECK(algorithm(sha256, sha256, 0) == "rsassaPss-SHA256");
  CHECK(algorithm(sha256, sha256, 222) == "rsassaPss-SHA256");
  CHECK(algorithm(sha1, sha1, 20) == "none");
  // 20 and 1 are the defaults, which DER leaves out.
  CHECK(algorithm(sha256, sha256, 20) == "rsassaPss-SHA256");
  CHECK(algorithm(sha256, sha256, 32, "a303020101") == "rsassaPss-SHA256");
  for (const auto& bad :
       {algorithm(sha256, sha384, 32), algorithm(sha256, sha256, 1025),
        algorithm(sha256, sha256, 32, "a303020102"), algorithm(sha256, sha256, 32, "a3030201010500")}) {
    INFO(bad);
    CHECK(bad.find("signatureAlgorithm: ") == 0);
  }
}

TEST_CASE("X13 certificate: no extension twice, unknown critical ones are told", "[x509]") {
  CHECK(parse_error(spec_with({basic_constraints(true), basic_constraints(true)})) ==
        ErrorCode::duplicate_certificate_extension);
  const asn1::Oid unknown = asn1::oid("1.3.6.1.4.1.99999.1");
  CHECK(parse_error(spec_with({extension(unknown, "00"), extension(unknown, "01")})) ==
        ErrorCode::duplicate_certificate_extension);
  const Buffer critical = make(spec_with({extension(unknown, "00", true)}));
  CHECK_BYTES(Certificate::parse(critical)->unknown_critical_extension(), unknown.bytes());
  const Buffer harmless = make(spec_with({extension(unknown, "00")}));
  CHECK(Certificate::parse(harmless)->unknown_critical_extension().empty());

  std::vector<ExtensionSpec> many;
  for (std::uint8_t i = 0; i < 33; i++) {
    asn1::Oid oid = unknown;
    oid.storage[oid.size - 1] = i;
    many.push_back({oid, false, {}});
  }
  CHECK(parse_error(spec_with(many)) == ErrorCode::too_many_certificate_extensions);
  many.pop_back();
  CHECK(parse_error(spec_with(many)) == ErrorCode{});
}

TEST_CASE("X13 certificate: a critical extension that is not processed is told", "[x509]") {
  for (const auto& [oid, hex] :
       {std::pair(oids::kIssuerAltName, "3003820161"), std::pair(asn1::oid("1.3.6.1.4.1.99999.3"), "0500")}) {
    const Buffer critical = make(spec_with({extension(oid, hex, true)}));
    const auto parsed = Certificate::parse(critical);
    INFO(sentence_of(parsed));
    REQUIRE(parsed);
    CHECK_BYTES(parsed->unknown_critical_extension(), oid.bytes());
  }
}

TEST_CASE("X10 certificate: malformed basicConstraints are refused", "[x509]") {
  for (const char* bad : {"", "0101ff", "30030101fe", "300402020000", "3003020180", "30060201000101ff",
                          "30030401ff", "308000", "3007020500ffffffff00"}) {
    INFO(bad);
    CHECK(!Certificate::parse(make(spec_with({extension(oids::kBasicConstraints, bad, true)}))));
  }
}

TEST_CASE("A09 certificate: keyUsage is a BIT STRING in DER", "[x509]") {
  CHECK(parse_error(spec_with({extension(oids::kKeyUsage, "03020780")})) == ErrorCode{});
  CHECK(parse_error(spec_with({extension(oids::kKeyUsage, "03020781")})) == ErrorCode::der_bad_bit_string);
  const Buffer decipher = make(spec_with({extension(oids::kKeyUsage, "0303070080")}));
  CHECK(Certificate::parse(decipher)->allows(KeyUsage::decipher_only));
}

TEST_CASE("X18 certificate: alternative names have the form of their type", "[x509]") {
  const auto read = [](std::string_view hex) {
    return parse_error(spec_with({extension(oids::kSubjectAltName, hex)}));
  };
  // Control characters, and most of all a zero byte, are in no name.
  CHECK(read("30038201ff") == ErrorCode{});
  CHECK(read("300382017f") == ErrorCode::bad_general_name);
  CHECK(read("300582036100"
             "62") == ErrorCode::bad_general_name);
  CHECK(read("300382010a") == ErrorCode::bad_general_name);
  CHECK(read("3003a20161") == ErrorCode::bad_general_name);
  CHECK(read("30030c0161") == ErrorCode::bad_general_name);
  CHECK(read("3003890161") == ErrorCode::bad_general_name);
  CHECK(read("3006870401020304") == ErrorCode{});
  CHECK(read("30078705"
             "0102030405") == ErrorCode::bad_ip_address);
  CHECK(read("30028700") == ErrorCode::bad_ip_address);
  CHECK(read("3005a4030c0161") == ErrorCode::der_unexpected_tag);
  CHECK(read("3004a4023000") == ErrorCode{});
  CHECK(read("3003880180") == ErrorCode::der_bad_oid);
  CHECK(read("3009a00706022a03a0010c") == ErrorCode::truncated);
  CHECK(read("300ba00906022a03a0030c0161") == ErrorCode{});
  CHECK(parse_error(spec_with({many_names(1024)})) == ErrorCode{});
  CHECK(parse_error(spec_with({many_names(1025)})) == ErrorCode::too_many_names);
}

TEST_CASE("A06 certificate: a serial number has one encoding", "[x509]") {
  CertificateSpec spec;
  spec.serial = unhex("0001");
  CHECK(parse_error(spec) == ErrorCode::der_integer_not_minimal);
  spec.serial = {};
  CHECK(parse_error(spec) == ErrorCode::der_integer_empty);
}

TEST_CASE("X09 A13 certificate: names keep their structure and characters", "[x509]") {
  const auto subject = [](Buffer name) {
    CertificateSpec spec;
    spec.subject = std::move(name);
    return parse_error(spec);
  };
  CHECK(subject(name_of(std::string_view("a\0b", 3))) == ErrorCode::der_bad_string);
  CHECK(subject(unhex("30023100")) == ErrorCode::der_empty);
  CHECK(subject(name_of("\x12\x34\x56", asn1::Tag::bmp_string)) == ErrorCode::der_bad_string);
}

TEST_CASE("X04 certificate: name constraints are well-formed", "[x509]") {
  const auto read = [](std::string_view hex) {
    return parse_error(spec_with({extension(oids::kNameConstraints, hex, true)}));
  };
  CHECK(read("3000") == ErrorCode::bad_name_constraints);
  CHECK(read("3002a000") == ErrorCode::der_empty);
  CHECK(read("3007a00530038201"
             "61") == ErrorCode{});
  CHECK(read("300aa0083006820161810100") == ErrorCode::bad_name_constraints);
  CHECK(read("300aa0083006820161800101") == ErrorCode::bad_name_constraints);
  CHECK(read("300ea00c300a87080a000000ff000000") == ErrorCode{});
  CHECK(read("300ea00c300a87080a000000ff00ff00") == ErrorCode::bad_ip_address);
  CHECK(read("300aa008300687040a000000") == ErrorCode::bad_ip_address);
  CHECK(parse_error(spec_with({name_constraints({dns(".")}, {})})) == ErrorCode::bad_name_constraints);
  CHECK(parse_error(spec_with({name_constraints({dns("..example.com")}, {})})) ==
        ErrorCode::bad_name_constraints);
  CHECK(parse_error(spec_with({name_constraints({dns("example.com.")}, {})})) ==
        ErrorCode::bad_name_constraints);
  CHECK(parse_error(spec_with({name_constraints({dns("z\xc3\xbcrich.example")}, {})})) ==
        ErrorCode::bad_general_name);
  CHECK(parse_error(spec_with({name_constraints({dns("*.example.com")}, {})})) ==
        ErrorCode::bad_name_constraints);
  CHECK(parse_error(spec_with({name_constraints({email(".example.com")}, {})})) == ErrorCode{});
  CHECK(parse_error(spec_with({name_constraints({email("a@b@c")}, {})})) == ErrorCode::bad_name_constraints);
}

TEST_CASE("A05 certificate: 64 KiB at most, in linear time", "[x509]") {
  const Buffer large =
      make(spec_with({many_names(1024), extension(asn1::oid("1.2.3.4"), std::string(90000, '0'))}));
  REQUIRE(large.size() < kMaxCertificateSize);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; i++) {
    CHECK(Certificate::parse(large));
  }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(500));
  const Buffer larger = make(spec_with({extension(asn1::oid("1.2.3.4"), std::string(140000, '0'))}));
  CHECK(parse_error(larger) == ErrorCode::certificate_too_large);
}
