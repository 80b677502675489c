// SPDX-License-Identifier: Apache-2.0
// The certificates and keys that the flags name.
#pragma once

#include "flags.hpp"

#include <ashlar/tls/connection.hpp>

#include <memory>
#include <optional>

namespace bogo {

class Identity {
 public:
  // The key answers from outside (Want::sign) if `elsewhere`.
  Identity(const Flags& flags, bool elsewhere);

  // Null if there are none.
  const ashlar::tls::Credentials* credentials() const { return credentials_ ? &*credentials_ : nullptr; }
  // What a key elsewhere answers.
  static Octets answer(const ashlar::tls::PrivateKeyRequest& request);

 private:
  std::vector<std::unique_ptr<ashlar::x509::PrivateKey>> keys_;
  std::optional<ashlar::tls::Credentials> credentials_;
};

// The certificates of a file, in DER.
std::vector<Octets> certificates_of(const std::string& path);

}  // namespace bogo
