// SPDX-License-Identifier: Apache-2.0
// The policy that the flags ask for.
#pragma once

#include "flags.hpp"

#include <ashlar/tls/config.hpp>

#include <string_view>

namespace bogo {

struct Rules {
  explicit Rules(const Flags& flags);
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  std::vector<const ashlar::tls::tls12::Suite*> suites;
  std::vector<const ashlar::tls::tls13::Suite*> tls13_suites;
  std::vector<const ashlar::tls::Group*> groups;
  std::vector<const ashlar::tls::Scheme*> schemes;
  std::vector<ashlar::tls::ProtocolVersion> versions;
  std::vector<const ashlar::tls::CertificateCompression*> compressions;
  ashlar::tls::Policy policy;
  bool psk_required = false;  // no certificate of a server will do

  // Application protocols, for a config.
  std::vector<std::string> protocols;
  std::vector<std::string_view> protocol_views;
};

// The schemes of these numbers; Unimplemented if Ashlar lacks one.
std::vector<const ashlar::tls::Scheme*> schemes_of(const std::vector<int>& ids);

}  // namespace bogo
