// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"
#include "compression.hpp"

#include "standards.hpp"

#include <algorithm>

namespace bogo {
namespace {

using namespace ashlar;

// `compat` contains all that Ashlar supports.
const tls::Policy& everything() {
  return tls::policy::compat;
}

template <class Row>
std::vector<const Row*> rows_of(std::span<const Row* const> all, const std::vector<int>& ids) {
  std::vector<const Row*> rows;
  for (const int id : ids) {
    const auto found = std::find_if(all.begin(), all.end(),
                                    [id](const Row* row) { return static_cast<int>(row->id) == id; });
    if (found == all.end()) {
      throw Unimplemented("number " + std::to_string(id) + " is no row of the policy");
    }
    rows.push_back(*found);
  }
  return rows;
}

// Keeps only the rows with these numbers.
template <class Row>
void keep(std::vector<const Row*>& rows, const std::vector<int>& ids) {
  std::erase_if(rows, [&](const Row* row) { return !Standard::has(ids, static_cast<int>(row->id)); });
}

// Groups that no named policy has: for flags that ask for them.
constexpr const tls::Group* kMoreGroups[] = {&tls::kMlKem1024};

std::vector<const tls::Group*> all_groups() {
  std::vector<const tls::Group*> groups(everything().groups.begin(), everything().groups.end());
  groups.insert(groups.end(), std::begin(kMoreGroups), std::end(kMoreGroups));
  return groups;
}

// Of TLS 1.2 with a pre-shared key.
constexpr const tls::tls12::Suite* kPskSuites[] = {
    &tls::kEcdhePskChaCha20Poly1305, &tls::kEcdhePskAes128CbcSha, &tls::kEcdhePskAes256CbcSha,
    &tls::kPskAes128CbcSha,          &tls::kPskAes256CbcSha,
};

// The names of cipher suites of TLS 1.2, OpenSSL's or IANA's, in order.
std::vector<const tls::tls12::Suite*> suites_of(const std::string& names) {
  std::vector<const tls::tls12::Suite*> suites;
  for (const std::string& name : split(names, ':')) {
    const auto found =
        std::find_if(everything().suites.begin(), everything().suites.end(),
                     [&](const auto* row) { return row->name == name || row->openssl_name == name; });
    if (found == everything().suites.end()) {
      throw Unimplemented("no cipher suite " + name);
    }
    suites.push_back(*found);
  }
  return suites;
}

std::vector<tls::ProtocolVersion> versions_of(const Flags& flags) {
  std::vector<tls::ProtocolVersion> versions;
  for (const tls::ProtocolVersion version : {tls::ProtocolVersion::tls13, tls::ProtocolVersion::tls12}) {
    const int number = static_cast<int>(version);
    const bool taken_out = (number == 0x0303 && flags.no_tls12) || (number == 0x0304 && flags.no_tls13);
    if (!taken_out && (flags.min_version == 0 || number >= flags.min_version) &&
        (flags.max_version == 0 || number <= flags.max_version)) {
      versions.push_back(version);
    }
  }
  if (versions.empty()) {
    throw Unimplemented("none of the versions asked for is spoken");
  }
  return versions;
}

// The content of a ProtocolNameList.
std::vector<std::string> protocols_of(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < list.size();) {
    const std::size_t size = static_cast<std::uint8_t>(list[i]);
    names.push_back(list.substr(i + 1, size));
    i += 1 + size;
  }
  return names;
}

}  // namespace

std::vector<const tls::Scheme*> schemes_of(const std::vector<int>& ids) {
  return rows_of<tls::Scheme>(everything().schemes, ids);
}

Rules::Rules(const Flags& flags)
    : suites(everything().suites.begin(), everything().suites.end()),
      tls13_suites(everything().tls13_suites.begin(), everything().tls13_suites.end()),
      groups(everything().groups.begin(), everything().groups.end()),
      schemes(everything().schemes.begin(), everything().schemes.end()),
      versions(versions_of(flags)),
      compressions(compressions_of(flags)),
      policy(everything()) {
  if (!flags.cipher.empty()) {
    suites = suites_of(flags.cipher);
  }
  if (!flags.psk.empty()) {
    suites.insert(suites.end(), std::begin(kPskSuites), std::end(kPskSuites));
  }
  const bool has_psk = std::any_of(flags.credentials.begin(), flags.credentials.end(),
                                   [](const CredentialFlags& each) { return each.is_psk; });
  psk_required = has_psk && !flags.server && !flags.verify_peer;
  if (psk_required) {
    versions = {tls::ProtocolVersion::tls13};
  }
  if (!flags.curves.empty()) {
    groups = rows_of<tls::Group>(all_groups(), flags.curves);
  }
  if (!flags.verify_prefs.empty()) {
    // One list serves to verify and to sign: a server needs one of its own to be in it.
    const auto all = schemes;
    schemes = schemes_of(flags.verify_prefs);
    for (const tls::Scheme* scheme : all) {
      if (flags.server && std::find(schemes.begin(), schemes.end(), scheme) == schemes.end() &&
          scheme->name.find("pss") != std::string_view::npos) {
        schemes.push_back(scheme);
      }
    }
  } else if (flags.credentials.size() == 1 && !flags.credentials[0].signing_prefs.empty()) {
    // A policy's order of schemes also applies to signing.
    const auto first = schemes_of(flags.credentials[0].signing_prefs);
    std::erase_if(schemes,
                  [&](const auto* row) { return std::find(first.begin(), first.end(), row) != first.end(); });
    schemes.insert(schemes.begin(), first.begin(), first.end());
  }
  for (const Standard& standard : standards()) {
    if (standard.name == flags.standard) {
      keep(suites, standard.suites);
      keep(tls13_suites, standard.suites);
      groups = all_groups();
      keep(groups, standard.groups);
      keep(schemes, standard.schemes);
      std::erase_if(versions, [&](tls::ProtocolVersion version) {
        return static_cast<int>(version) < standard.min_version;
      });
    }
  }
  policy.name = "bogo";
  policy.suites = suites;
  policy.tls13_suites = tls13_suites;
  policy.groups = groups;
  policy.schemes = schemes;
  policy.versions = versions;
  policy.certificate_compressions = compressions;

  if (!flags.server) {
    protocols = protocols_of(flags.advertise_alpn);
  } else if (flags.reject_alpn) {
    protocols = {"offered by nobody"};
  } else if (!flags.decline_alpn && !flags.select_alpn.empty()) {
    protocols = {flags.select_alpn};
  }
  protocol_views.assign(protocols.begin(), protocols.end());
}

}  // namespace bogo
