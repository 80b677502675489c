// SPDX-License-Identifier: Apache-2.0
// Every root that Debian ships is read, with the same result as openssl.
#include <ashlar/asn1/pem.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/certificate.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "support/bytes.hpp"
#include "support/command.hpp"
#include "support/describe.hpp"
#include "support/skip.hpp"

using namespace ashlar;
using namespace ashlar::x509;

namespace {

const std::filesystem::path kRoots = "/usr/share/ca-certificates/mozilla";

std::string upper_hex(Bytes bytes, std::string_view separator) {
  std::string out;
  for (const std::uint8_t b : bytes) {
    if (!out.empty()) {
      out += separator;
    }
    for (const char c : test::hex(Bytes(&b, 1))) {
      out += static_cast<char>(std::toupper(c));
    }
  }
  return out;
}

// The lines that `openssl x509 -serial -subject -fingerprint -sha256` prints.
std::string as_openssl(const Certificate& certificate) {
  Bytes serial = certificate.serial();
  if (serial.size() > 1 && serial[0] == 0) {
    serial = serial.subspan(1);
  }
  char subject[1000];
  const auto digest = crypto::digest(crypto::kSha256, certificate.der());
  return "serial=" + upper_hex(serial, "") +
         "\nsubject=" + std::string(format_name(certificate.subject(), subject)) +
         "\nsha256 Fingerprint=" + upper_hex(digest.bytes(), ":") + "\n";
}

}  // namespace

TEST_CASE("certificate: every root of Debian's ca-certificates is read as openssl reads it", "[x509]") {
  if (!std::filesystem::exists(kRoots)) {
    SKIP_CASE("ca-certificates is not installed");
  }
  const bool compare = test::has_program("openssl");
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRoots)) {
    INFO(entry.path());
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    const std::string pem = text.str();
    test::Buffer der(pem.size());
    auto block = asn1::PemReader(pem).next(der);
    REQUIRE(block);
    auto certificate = Certificate::parse(block->der);
    if (!certificate) {
      FAIL_CHECK(test::sentence(certificate.error()));
      continue;
    }
    count++;
    if (compare) {
      const std::string theirs = test::output_of(
          "openssl x509 -in '" + entry.path().string() +
          "' -noout -serial -subject -nameopt sep_comma_plus_space,utf8,sname,esc_2253,use_quote"
          " -fingerprint -sha256");
      CHECK(as_openssl(*certificate) == theirs);
    }
  }
  CHECK(count > 100);
  if (!compare) {
    SKIP_CASE("openssl is not installed: read, but not compared");
  }
}
