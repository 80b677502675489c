// SPDX-License-Identifier: Apache-2.0
// The certificates and keys that the flags name, pre-shared ones too.
#pragma once

#include "flags.hpp"

#include <ashlar/tls/connection.hpp>

#include <memory>
#include <optional>

namespace bogo {

class Identity {
 public:
  // If `elsewhere`, the key is outside and answers requests (Want::sign).
  Identity(const Flags& flags, bool elsewhere);

  // Null if there are none.
  const ashlar::tls::Credentials* credentials() const { return credentials_ ? &*credentials_ : nullptr; }
  const std::vector<ashlar::tls::PreSharedKey>& psks() const { return psks_; }
  // The answer of a key that is outside.
  static Octets answer(const ashlar::tls::PrivateKeyRequest& request);

 private:
  std::vector<std::unique_ptr<ashlar::x509::PrivateKey>> keys_;
  std::optional<ashlar::tls::Credentials> credentials_;
  std::vector<ashlar::tls::PreSharedKey> psks_;
};

// The certificates of a file, in DER.
std::vector<Octets> certificates_of(const std::string& path);

}  // namespace bogo
