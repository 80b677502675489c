// SPDX-License-Identifier: Apache-2.0
#include "commands/explain_suite.hpp"

#include <ashlar/tls/policy.hpp>
#include <ashlar/tls/suite_names.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace ashlar::cli {
namespace {

// Why suites are not spoken, by a part of their names. All that fit are told.
struct Reason {
  std::string_view part;
  std::string_view text;
};
constexpr Reason kRefused[] = {
    {"_NULL", "It encrypts nothing: whoever is on the way reads along."},
    {"_anon", "Nobody shows a certificate: whoever is on the way can be the other side."},
    {"EXPORT", "It was made weak for export from the USA; FREAK and Logjam broke it."},
    {"_RC4_", "RC4's key stream is biased: RFC 7465 forbids it."},
    {"_RC2_", "RC2 has blocks of 64 bits and here keys of 40."},
    {"_IDEA_", "IDEA has blocks of 64 bits: RFC 5469 has left it behind."},
    {"_3DES_", "3DES has blocks of 64 bits: after some gigabytes they repeat (Sweet32)."},
    {"_DES_", "DES has keys of 56 bits: they are found in days (RFC 5469)."},
    {"_DES40_", "Its keys have 40 bits."},
    {"_MD5", "MD5 is broken as a hash."},
    {"_DSS_",
     "DSA keys are gone from the web's certificates; RFC 9155 and FIPS 186-5 have left them behind."},
    {"TLS_DH_", "Its Diffie-Hellman key is the certificate's: no forward secrecy, and RFC 10015 forbids it."},
    {"TLS_ECDH_",
     "Its Diffie-Hellman key is the certificate's: no forward secrecy, and RFC 10015 forbids it."},
    {"_KRB5_", "Keys by Kerberos (RFC 2712) belong to ciphers that are gone."},
    {"_SRP_", "Passwords by SRP have no place here."},
    {"PSK",
     "Pre-shared keys are spoken with AES-GCM and ChaCha20-Poly1305, alone or with a fresh key exchange."},
    {"_CAMELLIA_", "Camellia is not among Ashlar's ciphers; AES is as strong, and faster."},
    {"_ARIA_", "ARIA is not among Ashlar's ciphers; AES is as strong, and faster."},
    {"_SEED_", "SEED is not among Ashlar's ciphers; AES is as strong, and faster."},
    {"_SM4_", "SM4 is not among Ashlar's ciphers."},
    {"_GOSTR", "The GOST ciphers are not among Ashlar's."},
    {"_AEGIS_", "AEGIS is not among Ashlar's ciphers."},
    {"_SCSV", "It is no cipher suite but a signal in the list: RFC 5746 §3.3, RFC 7507."},
};

// Rows that no named policy has.
const tls::CipherSuite* const kForPrograms[] = {
    &tls::kAes128CcmSha256,      &tls::kAes128Ccm8Sha256, &tls::kEcdhePskAes128CbcSha,
    &tls::kEcdhePskAes256CbcSha, &tls::kPskAes128CbcSha,  &tls::kPskAes256CbcSha,
};

// What a suite's name says, in the order of the alphabet: IANA's, OpenSSL's and GnuTLS's names of a suite
// give the same. OpenSSL leaves RSA out, and the hash behind Poly1305.
std::vector<std::string> parts_of(std::string_view name) {
  struct Other {
    std::string_view theirs, ours;
  };
  constexpr Other kOther[] = {
      {"EDH", "DHE"},  {"EECDH", "ECDHE"}, {"ADH", "ANON_DH"}, {"AECDH", "ANON_ECDH"}, {"ARCFOUR", "RC4"},
      {"SHA1", "SHA"}, {"EXP", "EXPORT"},  {"DSA", "DSS"},     {"DES40", "DES"},       {"CBC3", "3"}};
  constexpr std::string_view kUnsaid[] = {"TLS", "WITH", "CBC", "EDE", "40"};
  constexpr std::string_view kExchanges[] = {"RSA", "DHE", "DH", "ECDHE", "ECDH", "PSK", "SRP", "KRB5"};
  std::vector<std::string> parts;
  const auto has = [&parts](std::string_view part) {
    return std::find(parts.begin(), parts.end(), part) != parts.end();
  };
  std::string part;
  const auto end_part = [&] {
    for (const Other& other : kOther) {
      part = part == other.theirs ? std::string(other.ours) : part;
    }
    if (part.starts_with("ANON_")) {
      parts.emplace_back("ANON");
      part.erase(0, 5);
    }
    if (!part.empty() && std::find(std::begin(kUnsaid), std::end(kUnsaid), part) == std::end(kUnsaid)) {
      parts.push_back(part);
    }
    part.clear();
  };
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
      end_part();
      continue;
    }
    for (const std::string_view cipher : {"AES", "CAMELLIA", "ARIA", "CCM"}) {  // AES128, CCM8
      if (part == cipher && std::isdigit(static_cast<unsigned char>(c)) != 0) {
        end_part();
      }
    }
    part += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  end_part();
  std::string all;
  for (const std::string& each : parts) {
    all += (all.empty() ? "" : " ") + each;
  }
  const auto replace = [&all](std::string_view from, std::string_view to) {
    if (const std::size_t at = all.find(from); at != std::string::npos) {
      all.replace(at, from.size(), to);
    }
  };
  replace("DES 3", "3DES");
  replace("POLY1305 SHA256", "POLY1305");
  replace("RC4 128", "RC4");
  replace("SRP SHA", "SRP");
  if (std::none_of(std::begin(kExchanges), std::end(kExchanges), has)) {
    all += " RSA";
  }
  parts.clear();
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t blank = std::min(all.find(' ', at), all.size());
    parts.push_back(all.substr(at, blank - at));
    at = blank + 1;
  }
  std::sort(parts.begin(), parts.end());
  return parts;
}

// The number that the text is or names.
std::optional<std::uint16_t> number_of(const std::string& what) {
  if (what.rfind("0x", 0) == 0) {
    std::uint16_t id = 0;
    const char* const end = what.data() + what.size();
    const auto read = std::from_chars(what.data() + 2, end, id, 16);
    return read.ec == std::errc() && read.ptr == end ? std::optional(id) : std::nullopt;
  }
  const auto same = [](char a, char b) {
    return std::toupper(static_cast<unsigned char>(a)) == std::toupper(static_cast<unsigned char>(b));
  };
  for (unsigned id = 0; id <= 0xffff; ++id) {
    char room[tls::kMaxSuiteName];
    const std::string_view name = tls::iana_name(tls::SuiteId{static_cast<std::uint16_t>(id)}, room);
    if (!name.empty() && std::equal(name.begin(), name.end(), what.begin(), what.end(), same)) {
      return static_cast<std::uint16_t>(id);
    }
  }
  // No name of TLS 1.3 is left: there the key exchange is no part of the name.
  const std::vector<std::string> parts = parts_of(what);
  for (unsigned id = 0; id <= 0xffff; ++id) {
    char room[tls::kMaxSuiteName];
    const std::string_view name = tls::iana_name(tls::SuiteId{static_cast<std::uint16_t>(id)}, room);
    if (name.find("_WITH_") != std::string_view::npos && parts_of(name) == parts) {
      return static_cast<std::uint16_t>(id);
    }
  }
  return std::nullopt;
}

const tls::CipherSuite* spoken(const tls::Policy& policy, tls::SuiteId id) {
  const tls::CipherSuite* const older = policy.suite(id);
  return older != nullptr ? older : policy.tls13_suite(id);
}

void say(std::string_view text) {
  std::printf("    %.*s\n", static_cast<int>(text.size()), text.data());
}

struct Version {
  std::string_view names;
  std::string_view text;
};
// The first of the names is printed.
constexpr Version kVersions[] = {
    {"SSL 2.0|SSLv2|SSL2",
     "Not spoken: whoever is on the way can read it. RFC 6176 forbids it (error ssl2_hello)."},
    {"SSL 3.0|SSLv3|SSL3",
     "Not spoken: POODLE reads what it encrypts. RFC 7568 forbids it (error unsupported_version)."},
    {"TLS 1.0|TLSv1|TLSv1.0|TLS1",
     "Not spoken: it rests on MD5 and SHA-1. RFC 8996 forbids it (error unsupported_version)."},
    {"TLS 1.1|TLSv1.1",
     "Not spoken: it rests on MD5 and SHA-1. RFC 8996 forbids it (error unsupported_version)."},
    {"TLS 1.2|TLSv1.2", "Spoken by default, with TLS 1.3; --tls 1.2 speaks it alone."},
    {"TLS 1.3|TLSv1.3", "Spoken by default, with TLS 1.2; --tls 1.3 speaks it alone."},
    {"DTLS|DTLSv1|DTLS 1.0|DTLSv1.2|DTLS 1.2|DTLS 1.3|DTLSv1.3|QUIC",
     "Not spoken: Ashlar's TLS is for streams, such as TCP, and not for datagrams."},
};

}  // namespace

bool explain_suite(const std::string& what) {
  const auto number = number_of(what);
  if (!number) {
    return false;
  }
  char room[tls::kMaxSuiteName];
  const tls::SuiteId id{*number};
  const std::string_view name = tls::iana_name(id, room);
  if (name.empty()) {
    return false;
  }
  std::printf("cipher suite 0x%04x, %.*s\n", unsigned{*number}, static_cast<int>(name.size()), name.data());
  if (const tls::CipherSuite* const suite = spoken(tls::policy::compat, id)) {
    say(spoken(tls::policy::modern, id) != nullptr
            ? "Spoken by default."
            : "Spoken under --policy compat, for peers that have nothing else.");
    if (!suite->legacy.empty()) {
      say(suite->legacy);
    }
    return true;
  }
  if (spoken(tls::policy::psk, id) != nullptr) {
    say("Spoken under --policy psk, with a pre-shared key instead of a certificate.");
    const std::string_view legacy = spoken(tls::policy::psk, id)->legacy;
    if (!legacy.empty()) {
      say(legacy);
    }
    return true;
  }
  for (const tls::CipherSuite* const suite : kForPrograms) {
    if (suite->id == id) {
      say("Spoken by programs with a policy of their own that names it.");
      return true;
    }
  }
  say("Not spoken.");
  for (const Reason& reason : kRefused) {
    if (name.find(reason.part) != std::string_view::npos) {
      say(reason.text);
    }
  }
  return true;
}

bool explain_version(std::string_view words) {
  const auto letters = [](std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c != ' ' && c != '_' && c != '-') {
        out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      }
    }
    return out;
  };
  for (const Version& row : kVersions) {
    for (std::string_view rest = row.names; !rest.empty();) {
      const std::size_t bar = rest.find('|');
      if (letters(rest.substr(0, bar)) == letters(words)) {
        std::printf("%.*s\n", static_cast<int>(row.names.find('|')), row.names.data());
        say(row.text);
        return true;
      }
      rest.remove_prefix(bar == std::string_view::npos ? rest.size() : bar + 1);
    }
  }
  return false;
}

}  // namespace ashlar::cli
