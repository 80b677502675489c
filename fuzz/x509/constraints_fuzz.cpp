// SPDX-License-Identifier: Apache-2.0
// Name constraints: what they permit and exclude of DNS names, addresses, mailboxes, URIs and directory names
//
// The script: a byte that says how many, then permitted and excluded bases and the names, each one of a list.
#include "name_constraints.hpp"

#include <algorithm>

#include "support/choices.hpp"
#include "x509/mock.hpp"

using namespace ashlar;
using fuzz::MockName;

namespace {

enum class Form { dns, ip, email, uri, directory };
struct Base {
  Form form;
  const char*
      text;  // an address: its bytes and those of the mask; a directory name: "Oexample/Na", from the top
};
constexpr Base kBases[] = {{Form::dns, ""},
                           {Form::dns, "com"},
                           {Form::dns, "example.com"},
                           {Form::dns, ".example.com"},
                           {Form::dns, "a.example.com"},
                           {Form::dns, "example.org"},
                           {Form::ip, "\x0a\0\0\0\xff\0\0\0"},
                           {Form::ip, "\x0a\x01\0\0\xff\xff\0\0"},
                           {Form::ip, "\0\0\0\0\0\0\0\0"},
                           {Form::ip, "\x0a\x01\x02\x03\xff\xff\xff\xff"},
                           {Form::email, "example.com"},
                           {Form::email, ".example.com"},
                           {Form::email, "who@example.com"},
                           {Form::uri, "example.com"},
                           {Form::uri, ".example.com"},
                           {Form::directory, "Oexample"},
                           {Form::directory, "Oexample/Na"},
                           {Form::directory, "Na"}};
constexpr Base kNames[] = {{Form::dns, "example.com"},
                           {Form::dns, "EXAMPLE.com"},
                           {Form::dns, "a.example.com"},
                           {Form::dns, "x.a.example.com"},
                           {Form::dns, "*.example.com"},
                           {Form::dns, "*.a.example.com"},
                           {Form::dns, "notexample.com"},
                           {Form::dns, "example.org"},
                           {Form::ip, "\x0a\x01\x02\x03"},
                           {Form::ip, "\x0a\x02\0\0"},
                           {Form::ip, "\x0b\0\0\x01"},
                           {Form::email, "who@example.com"},
                           {Form::email, "Who@example.com"},
                           {Form::email, "me@a.example.com"},
                           {Form::email, "me@example.org"},
                           {Form::uri, "https://example.com/who"},
                           {Form::uri, "https://me@EXAMPLE.com:443?a@b"},
                           {Form::uri, "https://a.example.com#b"},
                           {Form::uri, "https://10.1.2.3/"},
                           {Form::uri, "urn:example.com"},
                           {Form::directory, "Oexample"},
                           {Form::directory, "OEXAMPLE/Na"},
                           {Form::directory, "Oexample/Nb"},
                           {Form::directory, "Na/Oexample"}};

std::string bytes_of_base(const Base& base, std::size_t address_size) {
  return base.form == Form::ip ? std::string(base.text, address_size) : std::string(base.text);
}
std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}
bool is_below(const std::string& domain, const std::string& host) {
  return domain.empty() || host == domain || host.ends_with("." + domain);
}

// The host of a URI with an authority; empty if it has none, or an address.
std::string host_of_uri(const std::string& uri) {
  const std::size_t start = uri.find("://");
  if (start == std::string::npos) {
    return {};
  }
  std::string host = uri.substr(start + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  host = host.substr(host.rfind('@') == std::string::npos ? 0 : host.rfind('@') + 1);
  host = host.substr(0, host.find(':'));
  return host.find_first_not_of("0123456789.") == std::string::npos ? std::string() : host;
}

// What cannot be judged is not permitted, and is excluded.
bool is_unknown(const Base& name) {
  return name.form == Form::uri && host_of_uri(name.text).empty();
}

// Whether a base holds a name of its form; `any`: a wildcard counts if one of its names does.
bool holds(const Base& base, const Base& name, bool any) {
  const std::string of_base = lower(bytes_of_base(base, 8)), of_name = lower(bytes_of_base(name, 4));
  if (base.form == Form::ip) {
    const std::string raw_base = bytes_of_base(base, 8), raw = bytes_of_base(name, 4);
    for (std::size_t i = 0; i < 4; ++i) {
      if (((raw[i] ^ raw_base[i]) & raw_base[4 + i]) != 0) {
        return false;
      }
    }
    return true;
  }
  if (is_unknown(name)) {
    return any;
  }
  if (base.form == Form::directory) {
    return of_name == of_base || of_name.starts_with(of_base + "/");
  }
  if (base.form == Form::uri) {
    const std::string host = host_of_uri(of_name);
    return of_base[0] == '.' ? host.ends_with(of_base) : host == of_base;
  }
  if (base.form == Form::email) {
    const std::string host = of_name.substr(of_name.find('@') + 1);
    if (of_base.find('@') != std::string::npos) {
      return std::string(base.text) == name.text;
    }
    return of_base[0] == '.' ? host.ends_with(of_base) : host == of_base;
  }
  const bool wild = of_name.starts_with("*.");
  const std::string host = wild ? of_name.substr(2) : of_name;
  const bool strictly = !of_base.empty() && of_base[0] == '.';
  const std::string domain = strictly ? of_base.substr(1) : of_base;
  if (!wild) {
    return is_below(domain, host) && !(strictly && host == domain);
  }
  // All names of the wildcard are below its parent; one of them may be the base itself.
  const std::size_t dot = domain.find('.');
  const bool one = !strictly && dot != std::string::npos && domain.substr(dot + 1) == host;
  return is_below(domain, host) || (any && one);
}

// An attribute of each letter: O, N and, in subjects, E.
fuzz::Buffer directory_name(const std::string& text) {
  fuzz::Buffer out(256);
  asn1::DerWriter w(out);
  {
    const auto name = w.sequence();
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('/', at), text.size());
      const auto rdn = w.set();
      const auto attribute = w.sequence();
      const char letter = text[at];
      w.oid(letter == 'O'   ? asn1::oid("2.5.4.10")
            : letter == 'E' ? x509::oids::kEmailAddress
                            : x509::oids::kCommonName);
      w.element(letter == 'E' ? asn1::Tag::ia5_string : asn1::Tag::utf8_string,
                bytes_of(text.substr(at + 1, end - at - 1)));
      at = end + 1;
    }
  }
  FUZZ_CHECK(w.ok());
  out.resize(w.size());
  return out;
}

MockName mock(const Base& base, std::size_t address_size) {
  static constexpr std::uint8_t kTags[] = {0x82, 0x87, 0x81, 0x86, 0xa4};
  if (base.form == Form::directory) {
    return {0xa4, directory_name(base.text)};
  }
  const std::string bytes = bytes_of_base(base, address_size);
  return {kTags[static_cast<std::size_t>(base.form)], {bytes.begin(), bytes.end()}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3 || size > 24) {
    return -1;
  }
  fuzz::Choices in(data, size);
  const std::uint8_t counts = in.byte();
  std::vector<Base> permitted, excluded, names;
  fuzz::MockCertificate issuer, leaf;
  issuer.ca = true;
  for (std::size_t i = 0; i < (counts & 3u); ++i) {
    permitted.push_back(kBases[in.below(std::size(kBases))]);
    issuer.permitted.push_back(mock(permitted.back(), 8));
  }
  for (std::size_t i = 0; i < (counts >> 2 & 3u); ++i) {
    excluded.push_back(kBases[in.below(std::size(kBases))]);
    issuer.excluded.push_back(mock(excluded.back(), 8));
  }
  for (std::size_t i = 0; i <= (counts >> 4 & 3u); ++i) {
    names.push_back(kNames[in.below(std::size(kNames))]);
    leaf.alt_names.push_back(mock(names.back(), 4));
  }
  const auto issuer_der = fuzz::make(issuer), leaf_der = fuzz::make(leaf);
  const auto above = x509::Certificate::parse(issuer_der), below = x509::Certificate::parse(leaf_der);
  FUZZ_CHECK(above && below);
  if (permitted.empty() && excluded.empty()) {
    FUZZ_CHECK(above->name_constraints().empty());
    return 0;
  }
  // The subject, if it is not empty, is a directory name, and its mail addresses are mailboxes.
  const std::string mail =
      (counts & 0x80) != 0 ? (counts & 0x40) != 0 ? "/Ewho@example.com" : "/Eme@a.example.com" : "";
  const std::string subject_text = (counts & 0x40) != 0 ? "Oexample/Na" + mail
                                   : mail.empty()       ? ""
                                                        : mail.substr(1);
  const auto subject = directory_name(subject_text);
  if (!subject_text.empty()) {
    names.push_back({Form::directory, subject_text.c_str()});
  }
  if (!mail.empty()) {
    names.push_back({Form::email, mail.c_str() + 2});
  }
  bool allowed = true;
  for (const Base& name : names) {
    const auto held = [&](bool any) {
      return [&name, any](const Base& base) { return base.form == name.form && holds(base, name, any); };
    };
    const auto same_form = [&](const Base& base) { return base.form == name.form; };
    allowed = allowed && std::none_of(excluded.begin(), excluded.end(), held(true)) &&
              (std::none_of(permitted.begin(), permitted.end(), same_form) ||
               std::any_of(permitted.begin(), permitted.end(), held(false)));
  }
  std::uint32_t budget = 200;
  const auto applied =
      x509::apply_name_constraints(above->name_constraints(), subject, below->subject_alt_names(), budget);
  FUZZ_CHECK(applied.ok() == allowed);
  // What it took is all that it needs: with one step less there is no verdict.
  if (applied && budget < 200) {
    std::uint32_t exact = 200 - budget, less = 200 - budget - 1;
    const auto again = [&](std::uint32_t& steps) {
      return x509::apply_name_constraints(above->name_constraints(), subject, below->subject_alt_names(),
                                          steps);
    };
    FUZZ_CHECK(again(exact).ok());
    const auto stopped = again(less);
    FUZZ_CHECK(!stopped && stopped.error() == ErrorCode::verification_budget_exhausted);
  }
  if (applied) {
    fuzz::accepted("allowed");
  } else {
    FUZZ_CHECK(applied.error() == ErrorCode::name_constraint_violated);
    fuzz::refused(applied.error());
  }
  return 0;
}
