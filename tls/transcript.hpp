// SPDX-License-Identifier: Apache-2.0
// The handshake messages, hashed as they pass. Nothing is buffered: as long as it is open which hash will be
// asked for, all that may be are computed side by side, and the others stop when the choice is made.
#pragma once

#include <ashlar/crypto/hash.hpp>
#include <ashlar/tls/policy.hpp>

#include <optional>

namespace ashlar::tls {

class Transcript {
 public:
  Transcript();
  Transcript(Transcript&& other) noexcept;
  Transcript& operator=(Transcript&& other) noexcept;
  ~Transcript();

  // The hashes of the policy's suites (PRF) and schemes (CertificateVerify).
  Result<void> start(const Policy& policy);
  // Drops all but this one: what is left once no CertificateVerify can come.
  void keep_only(const crypto::HashAlgorithm& hash);
  void add(Bytes message);
  // Puts a message_hash message in the place of all messages so far (RFC 8446 §4.4.1).
  void replace_by_hash();
  // Of all messages so far. internal_mistake if `hash` is not one that is still computed.
  Result<crypto::Digest> digest(const crypto::HashAlgorithm& hash) const;

 private:
  static constexpr std::size_t kMaxHashes = 4;
  Result<void> open(const crypto::HashAlgorithm& hash);

  std::optional<crypto::Hash> hashes_[kMaxHashes];
};

}  // namespace ashlar::tls
