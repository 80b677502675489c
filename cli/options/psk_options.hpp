// SPDX-License-Identifier: Apache-2.0
// --psk-identity, --psk-key and what goes with them: pre-shared keys from outside.
#pragma once

#include "options/policy_options.hpp"

#include <ashlar/tls/psk.hpp>

namespace ashlar::cli {

struct PskOptions {
  std::vector<std::string> identities;
  std::vector<std::string> keys;  // hex digits, or @FILE
  bool as_is = false;
};
// Returns the option of the keys.
CLI::Option* add_psk(CLI::App& command, PskOptions& options);

// The keys that the options name. A key without a policy asks for the policy psk, which it sets. Failure if
// they are not right.
std::vector<tls::PreSharedKey> load_psks(const PskOptions& options, PolicyOptions& policy);

// An identity for people: printable, and not long.
std::string identity_text(Bytes identity);

}  // namespace ashlar::cli
