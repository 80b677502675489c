// SPDX-License-Identifier: Apache-2.0
// A client's report about a connection that ended badly. The progress of the handshake usually shows why.
#pragma once

#include "failure/failure.hpp"
#include "net/driver.hpp"

#include <ashlar/tls/event.hpp>
#include <ashlar/tls/policy.hpp>

#include <string>

namespace ashlar::cli {

struct ClientEnd {
  const ConnectionEnd& end;
  const tls::Negotiated& negotiated;
  bool established;           // the handshake was done
  bool has_credential;        // a client certificate was given
  std::string policy_name;    // as the user wrote it
  const tls::Policy& policy;  // what was offered
};

// about: "HOST:PORT".
Words ending_words(const std::string& about, const ClientEnd& how);

}  // namespace ashlar::cli
