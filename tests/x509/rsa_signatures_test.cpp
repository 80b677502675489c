// SPDX-License-Identifier: Apache-2.0
// Certificates with RSA signatures in all existing forms: how they are read, and that they verify.
#include <ashlar/asn1/pem.hpp>
#include <ashlar/x509/certificate.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"
#include "support/describe.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using ashlar::test::Buffer;

namespace {

// The issuers, RSA-2048.
constexpr std::string_view kAbsentIssuer =
    "-----BEGIN CERTIFICATE-----\n"
    "MIICDTCCAbKgAwIBAgIJEMrAJ6iqk0uaMAoGCCqGSM49BAMCMBMxETAPBgNVBAMM\n"
    "CEJ1ZyBSb290MB4XDTI0MDEwMTAwMDAwMFoXDTQwMDEwMTAwMDAwMFowFDESMBAG\n"
    "A1UEAwwJQnVnIEludGVyMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n"
    "2fkUvFPSdUoFRFbLC+41sxv691NJ0/KBaYf5lt1SFLx0PVlA2Nn0D7V0M/XYjTd9\n"
    "J6Qm+lk1cZ6bxzeBmNdbsC2qOliwxB5DSTOHmsgiYa2Tc3UU5RmPo/20DRuw6ymX\n"
    "ZoRymZNi7bf6p3lQQwYYYS46QKAAqtm3B0g4Wz2TXpnYnfRUQDZK56aIWrn1+055\n"
    "5c9Z/qHkPf8KqP7CimpQ55BiGUpdheKIIhjszw+jA9lMm4zGS60vuuuTSFjW7i6A\n"
    "TjiuRzZV+lDi9r1Pt7TlE0DcQdJZQrYfsiM0diXoVV0QvPbuzz2mdx0IycpZ88/s\n"
    "fAoVvyItcLDnu+TrpQJ4jwIDAQABoyMwITAPBgNVHRMBAf8EBTADAQH/MA4GA1Ud\n"
    "DwEB/wQEAwIBBjAKBggqhkjOPQQDAgNJADBGAiEA138ZNCLMd69BxpFeIB1UrPc/\n"
    "bqd+HEh7RQp6cUFUpd4CIQD4Sm+X6ASCX4Uuzd189SWJpuL6dQKRQRJGxx0Owy8r\n"
    "SQ==\n"
    "-----END CERTIFICATE-----\n";

constexpr std::string_view kPssIssuer =
    "-----BEGIN CERTIFICATE-----\n"
    "MIICCzCCAbKgAwIBAgIJEIDtrFG/Ox6mMAoGCCqGSM49BAMCMBMxETAPBgNVBAMM\n"
    "CEJ1ZyBSb290MB4XDTI0MDEwMTAwMDAwMFoXDTQwMDEwMTAwMDAwMFowFDESMBAG\n"
    "A1UEAwwJQnVnIEludGVyMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n"
    "2fkUvFPSdUoFRFbLC+41sxv691NJ0/KBaYf5lt1SFLx0PVlA2Nn0D7V0M/XYjTd9\n"
    "J6Qm+lk1cZ6bxzeBmNdbsC2qOliwxB5DSTOHmsgiYa2Tc3UU5RmPo/20DRuw6ymX\n"
    "ZoRymZNi7bf6p3lQQwYYYS46QKAAqtm3B0g4Wz2TXpnYnfRUQDZK56aIWrn1+055\n"
    "5c9Z/qHkPf8KqP7CimpQ55BiGUpdheKIIhjszw+jA9lMm4zGS60vuuuTSFjW7i6A\n"
    "TjiuRzZV+lDi9r1Pt7TlE0DcQdJZQrYfsiM0diXoVV0QvPbuzz2mdx0IycpZ88/s\n"
    "fAoVvyItcLDnu+TrpQJ4jwIDAQABoyMwITAPBgNVHRMBAf8EBTADAQH/MA4GA1Ud\n"
    "DwEB/wQEAwIBBjAKBggqhkjOPQQDAgNHADBEAiAw5icPHbjWRzSJ1XLtv+QopJD/\n"
    "SIoA1Mmw8FpnOkBjHQIgHmJpPq9+E4GphJDDLdfferT0RiTJA6bxTJC3akMY3Kk=\n"
    "-----END CERTIFICATE-----\n";

// sha256WithRSAEncryption without the NULL.
constexpr std::string_view kAbsentParameters =
    "-----BEGIN CERTIFICATE-----\n"
    "MIICEzCB/qADAgECAgkQGUAuCREbeawwCwYJKoZIhvcNAQELMBQxEjAQBgNVBAMM\n"
    "CUJ1ZyBJbnRlcjAeFw0yNDAxMDEwMDAwMDBaFw00MDAxMDEwMDAwMDBaMA8xDTAL\n"
    "BgNVBAMMBGxlYWYwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQQxnVW7fK49GaY\n"
    "5szaC8fKWMsy/DUw1JiXjszlpFglauWJJiz+PscZ+rWiK6vp2pde4sOWJ79oGyDF\n"
    "9IefvkvDoz0wOzAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEw\n"
    "FAYDVR0RBA0wC4IJYS5leGFtcGxlMAsGCSqGSIb3DQEBCwOCAQEAewUwTVa/rUXx\n"
    "u5Z4uBoFJr4Ar5d7D4qxqLpfpNNB0B02+6Qp4hK8dj402WRZ8m13GjJ64ifYzs0G\n"
    "eH/dbZQlyePf4hUXw66PPCihDQSQWd1totepShLpREkzgACcH7LuOZv00utYowHT\n"
    "mYP5nS8aDOCHODf2O84ONlXPq/J3Mc3eUXroIDl3kRLwKSbs2JduYRpnPAF3fsbO\n"
    "zuQQoIjEjCrGpQrTnNfFBGotSC7GY/pRPOzNvgPlO5Lq99JRRgPlk85Awv/5eIhC\n"
    "NyomEYamxETUCmSQYoCK0D6887HeEakDbl7mS8coaLr2ClhnIDMss/mDC9HMoUmP\n"
    "voSj2GfADw==\n"
    "-----END CERTIFICATE-----\n";

// RSASSA-PSS with SHA-256 and a salt of 222 bytes, the longest that fits, which OpenSSL uses by default.
constexpr std::string_view kPssSalt222 =
    "-----BEGIN CERTIFICATE-----\n"
    "MIICgjCCATWgAwIBAgIJECxMNFW6yth2MEIGCSqGSIb3DQEBCjA1oA8wDQYJYIZI\n"
    "AWUDBAIBBQChHDAaBgkqhkiG9w0BAQgwDQYJYIZIAWUDBAIBBQCiBAICAN4wFDES\n"
    "MBAGA1UEAwwJQnVnIEludGVyMB4XDTI0MDEwMTAwMDAwMFoXDTQwMDEwMTAwMDAw\n"
    "MFowDzENMAsGA1UEAwwEbGVhZjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBDG\n"
    "dVbt8rj0ZpjmzNoLx8pYyzL8NTDUmJeOzOWkWCVq5YkmLP4+xxn6taIrq+nal17i\n"
    "w5Ynv2gbIMX0h5++S8OjPTA7MA4GA1UdDwEB/wQEAwIHgDATBgNVHSUEDDAKBggr\n"
    "BgEFBQcDATAUBgNVHREEDTALgglhLmV4YW1wbGUwQgYJKoZIhvcNAQEKMDWgDzAN\n"
    "BglghkgBZQMEAgEFAKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgEFAKIEAgIA\n"
    "3gOCAQEAKkl/+GMeWT9HyLpOOLdKC2RzrmOX9ss3LRpPMdESxnDlfq/uJoVf8jKu\n"
    "odpKmD1k/x8kDHOYNvM2KB/nZgQU7WUL2O1gdmpu/DPPStqKlcfmsadsFckN3i0X\n"
    "MEMZ9DnH5K4nHujz23g8GH6EijnVJMbBgLGmTsJCXlKrOwP3ugKNsxEL1tSKK0Ky\n"
    "/QL/U4xPJQcNX78V0uMzQNwnEhbEMpAqwB3+cDey9vxiwg9dyx7hCsu/Wo5WXOmn\n"
    "Quv060Jb4HqF9TtPmAA+LxUzf9y1LPetCUe0W7xvIEjJyIwqPHqdkLU9HzoU09iY\n"
    "84+g+ztFnCPzn7PuDITLi6R528gJ4w==\n"
    "-----END CERTIFICATE-----\n";

Buffer der_of(std::string_view pem) {
  Buffer der(pem.size());
  const auto block = asn1::PemReader(pem).next(der);
  REQUIRE(block);
  der.resize(block->der.size());
  return der;
}

struct Read {
  Read(std::string_view pem, std::string_view issuer_pem) : der(der_of(pem)), issuer(der_of(issuer_pem)) {}
  Certificate certificate() const { return *Certificate::parse(der); }
  SignatureMethod method() const { return **certificate().signature_method(kAllKeys); }
  Result<void> verify(const SignatureMethod& with) const {
    const Bytes message[] = {certificate().tbs_certificate()};
    return Certificate::parse(issuer)->public_key(kAllKeys)->verify(with, message, certificate().signature());
  }
  Buffer der, issuer;
};

}  // namespace

TEST_CASE("X14 RSA signatures: absent parameters are read as NULL (RFC 4055 §5)", "[x509]") {
  const Read read(kAbsentParameters, kAbsentIssuer);
  CHECK(read.method().algorithm == &kRsaPkcs1Sha256);
  CHECK(read.verify(read.method()));
  CHECK(read.verify(kRsaPkcs1Sha384).error() == ErrorCode::bad_signature);
}

TEST_CASE("X14 RSA signatures: RSASSA-PSS has the salt that its parameters say, and no other", "[x509]") {
  const Read read(kPssSalt222, kPssIssuer);
  SignatureMethod method = read.method();
  CHECK(method.algorithm == &kRsaPssSha256);
  CHECK(method.salt_size == 222);
  CHECK(read.verify(method));
  for (const std::size_t other : {std::size_t{0}, std::size_t{20}, std::size_t{32}, std::size_t{221},
                                  std::size_t{223}, std::size_t{1024}}) {
    method.salt_size = other;
    CHECK(read.verify(method).error() == ErrorCode::bad_signature);
  }
  // A row only: the salt is as long as the digest. TLS allows nothing else.
  CHECK(read.verify(kRsaPssSha256).error() == ErrorCode::bad_signature);
}
