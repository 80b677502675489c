// SPDX-License-Identifier: Apache-2.0
// Name constraints: what they permit and exclude of DNS names, addresses and mailboxes, by a plain reading
//
// The script: a byte that says how many, then permitted and excluded bases and the names, each one of a list.
#include "name_constraints.hpp"

#include <algorithm>

#include "support/choices.hpp"
#include "x509/mock.hpp"

using namespace ashlar;
using fuzz::MockName;

namespace {

enum class Form { dns, ip, email };
struct Base {
  Form form;
  const char* text;  // an address: "10.0.0.0/8"
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
                           {Form::email, "who@example.com"}};
constexpr Base kNames[] = {
    {Form::dns, "example.com"},       {Form::dns, "EXAMPLE.com"},        {Form::dns, "a.example.com"},
    {Form::dns, "x.a.example.com"},   {Form::dns, "*.example.com"},      {Form::dns, "*.a.example.com"},
    {Form::dns, "notexample.com"},    {Form::dns, "example.org"},        {Form::ip, "\x0a\x01\x02\x03"},
    {Form::ip, "\x0a\x02\0\0"},       {Form::ip, "\x0b\0\0\x01"},        {Form::email, "who@example.com"},
    {Form::email, "Who@example.com"}, {Form::email, "me@a.example.com"}, {Form::email, "me@example.org"}};

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

MockName mock(const Base& base, std::size_t address_size) {
  static constexpr std::uint8_t kTags[] = {0x82, 0x87, 0x81};
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
  std::uint32_t budget = 100;
  const auto applied = x509::apply_name_constraints(above->name_constraints(), below->subject(),
                                                    below->subject_alt_names(), budget);
  FUZZ_CHECK(applied.ok() == allowed);
  // What it took is all that it needs: with one step less there is no verdict.
  if (applied && budget < 100) {
    std::uint32_t exact = 100 - budget, less = 100 - budget - 1;
    const auto again = [&](std::uint32_t& steps) {
      return x509::apply_name_constraints(above->name_constraints(), below->subject(),
                                          below->subject_alt_names(), steps);
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
