// SPDX-License-Identifier: Apache-2.0
// The handshake messages, hashed as they pass. Nothing is buffered: as long as it is open which hash will be
// asked for, all that may be are computed side by side, and the others stop when the choice is made. A hash
// that cannot be asked for is not computed: the SHA-512 of a hello costs as much as a key expansion.
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

  // Begins with this hash, and with those of the schemes: what a CertificateVerify may ask for.
  Result<void> start(const crypto::HashAlgorithm& hash, std::span<const Scheme* const> schemes);
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
