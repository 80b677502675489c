// SPDX-License-Identifier: Apache-2.0
#include "options/policy_options.hpp"

#include "certificates/compressions.hpp"
#include "certificates/describe.hpp"
#include "failure/failure.hpp"
#include "options/nearest.hpp"
#include "output/terminal.hpp"
#include "starttls/dialogue.hpp"
#include "trace/trace.hpp"

#include <algorithm>

namespace ashlar::cli {

namespace {

std::string compression_names() {
  std::vector<std::string> names;
  for (const tls::CertificateCompression* const row : compressions()) {
    names.emplace_back(row->name);
  }
  return joined(names);
}

}  // namespace

void add_policy(CLI::App& command, PolicyOptions& options) {
  command
      .add_option(
          "--policy", options.name,
          "modern: TLS 1.3 and 1.2, ephemeral keys, authenticated encryption; strict: and in TLS 1.2 "
          "extended "
          "master secret; compat: in TLS 1.2 RSA key transport and AES-CBC too, for old peers; psk: in "
          "TLS "
          "1.2 pre-shared keys instead of certificates (--psk-key)")
      ->check(CLI::IsMember(std::vector<std::string>{"modern", "strict", "compat", "psk"}))
      ->each([&options](const std::string&) { options.given = true; })
      ->capture_default_str();
  command.add_option("--suites", options.suites,
                     "Only these cipher suites of the policy, in this order: NAME,… (IANA's names or "
                     "OpenSSL's); a version of "
                     "TLS of which none is named is not spoken. TLS_AES_128_CCM_SHA256 and "
                     "TLS_AES_128_CCM_8_SHA256 are spoken where they are named alone");
  command.add_option("--groups", options.groups,
                     "Only these groups for the key exchange, in this order: NAME,… such as "
                     "X25519MLKEM768,x25519,secp256r1; all that are spoken can be named");
  command.add_option(
      "--schemes", options.schemes,
      "Only these signature schemes, in this order: NAME,…; among them are some that no policy has: ed448, "
      "mldsa44, mldsa65 and mldsa87. Chains then may have keys and signatures of every kind");
  if (!compressions().empty()) {
    command.add_option(
        "--compress-certificates", options.compressions,
        "TLS 1.3: certificates compressed by one of these, in this order, where the peer takes "
        "it too: NAME,… of " +
            compression_names());
  }
  command
      .add_option("--tls", options.version,
                  "Speak this version of TLS alone; default: 1.3, and 1.2 with a peer that has nothing newer")
      ->check(CLI::IsMember(std::vector<std::string>{"1.2", "1.3"}));
}

CLI::Option* add_minimum_rsa(CLI::App& command, std::uint32_t& bits) {
  return command
      .add_option("--min-rsa", bits,
                  "Refuse chains with an RSA key of fewer bits, such as 3072; default 2048")
      ->type_name("BITS")
      ->check(CLI::Range(2048, 8192));
}

namespace {

// What no policy has, and who names it speaks.
constexpr const tls::tls13::Suite* kNamedAlone[] = {&tls::kAes128CcmSha256, &tls::kAes128Ccm8Sha256};

constexpr const tls::Group* kAllGroups[] = {
    &tls::kX25519MlKem768, &tls::kSecp256r1MlKem768, &tls::kSecp384r1MlKem1024, &tls::kX25519,
    &tls::kSecp256r1,      &tls::kSecp384r1,         &tls::kSecp521r1,          &tls::kX448,
    &tls::kFfdhe2048,      &tls::kFfdhe3072,         &tls::kFfdhe4096,          &tls::kMlKem512,
    &tls::kMlKem768,       &tls::kMlKem1024};

// The signature schemes that no policy names.
constexpr const tls::Scheme* kMoreSchemes[] = {&tls::kEd448, &tls::kMlDsa44, &tls::kMlDsa65, &tls::kMlDsa87};

// Other names of groups.
struct OtherGroup {
  std::string_view theirs, ours;
};
constexpr OtherGroup kOtherGroups[] = {
    {"P-256", "secp256r1"},      {"P256", "secp256r1"},
    {"prime256v1", "secp256r1"}, {"P-384", "secp384r1"},
    {"P384", "secp384r1"},       {"P-521", "secp521r1"},
    {"P521", "secp521r1"},       {"X25519", "x25519"},
    {"curve25519", "x25519"},    {"X25519Kyber768Draft00", "X25519MLKEM768"},
};

// A name that is none of `all`, and the one that it may have meant.
std::string found_text(std::string_view name, const std::vector<std::string>& all) {
  std::string meant = nearest(name, all);
  for (const OtherGroup& row : kOtherGroups) {
    if (row.theirs == name && std::find(all.begin(), all.end(), row.ours) != all.end()) {
      meant = row.ours;
    }
  }
  return "\"" + escape(name) + "\"" + (meant.empty() ? "" : ", which is near \"" + meant + "\"");
}

// The row of this name in one of these lists. cause: of the Failure if there is none.
template <class Row>
const Row* find_row(std::initializer_list<std::span<const Row* const>> lists, std::string_view name,
                    const char* cause) {
  std::vector<std::string> all;
  for (const std::span<const Row* const> rows : lists) {
    for (const Row* const row : rows) {
      if (row->name == name) {
        return row;
      }
      all.emplace_back(row->name);
    }
  }
  throw Failure(Words{.cause = cause,
                      .found = found_text(name, all),
                      .wanted = "one or more of " + joined(all),
                      .next = "write the name as it stands in this list"},
                ExitCode::usage);
}

const tls::Policy& named(std::string_view name) {
  for (const tls::Policy* const policy : {&tls::policy::strict, &tls::policy::compat, &tls::policy::psk}) {
    if (policy->name == name) {
      return *policy;
    }
  }
  return tls::policy::modern;
}

}  // namespace

ChosenPolicy::ChosenPolicy(const PolicyOptions& options) : policy_(named(options.name)) {
  static constexpr tls::ProtocolVersion kTls12[] = {tls::ProtocolVersion::tls12};
  static constexpr tls::ProtocolVersion kTls13[] = {tls::ProtocolVersion::tls13};
  if (!options.version.empty()) {
    policy_.versions = options.version == "1.2" ? kTls12 : kTls13;
  }
  for (const std::string_view name : split_list(options.suites)) {
    take_suite(name, options);
  }
  if (!options.suites.empty()) {
    policy_.suites = suites_;
    policy_.tls13_suites = tls13_suites_;
  }
  for (const std::string_view name : split_list(options.groups)) {
    groups_.push_back(
        find_row<tls::Group>({kAllGroups}, name, "there is no such group for the key exchange"));
  }
  if (!options.groups.empty()) {
    policy_.groups = groups_;
  }
  for (const std::string_view name : split_list(options.schemes)) {
    schemes_.push_back(find_row<tls::Scheme>({tls::policy::compat.schemes, kMoreSchemes}, name,
                                             "there is no such signature scheme here"));
  }
  if (!options.schemes.empty()) {
    policy_.schemes = schemes_;
    policy_.chain_keys = &x509::kAllKeys;
  }
  for (const std::string_view name : split_list(options.compressions)) {
    compressions_.push_back(find_row<tls::CertificateCompression>(
        {compressions()}, name, "there is no such compression of certificates here"));
  }
  policy_.certificate_compressions = compressions_;
  if (!policy_.speaks(policy_.versions[0]) && !policy_.speaks(policy_.versions.back())) {
    throw Failure(Words{.cause = "--tls and --suites leave nothing to speak",
                        .found = "--tls " + options.version + ", and suites of the other version alone",
                        .wanted = "at least one suite of TLS " + options.version,
                        .next = "leave --tls out, or name another suite: ashlar client --help"},
                  ExitCode::usage);
  }
}

void ChosenPolicy::take_suite(std::string_view name, const PolicyOptions& options) {
  std::vector<std::string> all;
  const auto find = [&](const auto& rows, auto& chosen) {
    for (const auto* const suite : rows) {
      if (suite->name == name || suite->openssl_name == name) {
        chosen.push_back(suite);
        return true;
      }
      all.emplace_back(suite->name);
    }
    return false;
  };
  if (find(policy_.tls13_suites, tls13_suites_) || find(policy_.suites, suites_) ||
      find(kNamedAlone, tls13_suites_)) {
    return;
  }
  throw Failure(
      Words{.cause = "the policy " + options.name + " has no such cipher suite",
            .found = found_text(name, all),
            .wanted = "one or more of " + joined(all),
            .next = options.name == "compat" ? "write the name as it stands in this list"
                                             : "write it as it stands in this list; more are in --policy "
                                               "compat"},
      ExitCode::usage);
}

std::vector<std::string_view> split_list(std::string_view list) {
  std::vector<std::string_view> parts;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    parts.push_back(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return parts;
}

std::vector<std::string_view> alpn_list(std::string_view list) {
  const std::vector<std::string_view> protocols = split_list(list);
  for (const std::string_view name : protocols) {
    if (name.empty() || name.size() > 255) {
      throw Failure(Words{.cause = "--alpn has a name that TLS cannot carry [RFC 7301 §3.1]",
                          .found = name.empty() ? "an empty name"
                                                : "a name of " + std::to_string(name.size()) + " bytes",
                          .wanted = "names of 1 to 255 bytes with commas between them",
                          .next = "write --alpn http/1.1, or leave it out"},
                    ExitCode::usage);
    }
  }
  return protocols;
}

void add_starttls(CLI::App& command, std::string& name, const std::string& what) {
  command.add_option("--starttls", name, what + ": " + starttls_help())
      ->check(CLI::IsMember(starttls_names()));
}

void add_trace(CLI::App& command, std::string& trace) {
  command.add_flag("--trace{messages}", trace, kTraceHelp);
}

}  // namespace ashlar::cli
