// SPDX-License-Identifier: Apache-2.0
// The handshake messages, hashed as they pass. Messages are not buffered. Until it is known which hash is
// needed, every hash that may be needed is computed. When the choice is made, the others stop. A hash that
// cannot be needed is not computed: the SHA-512 of a hello costs as much as a key expansion.
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

  // Starts this hash and the hashes of the schemes, because a CertificateVerify may ask for one of them.
  Result<void> start(const crypto::HashAlgorithm& hash, std::span<const Scheme* const> schemes);
  // Drops all hashes but this one, once no CertificateVerify can come any more.
  void keep_only(const crypto::HashAlgorithm& hash);
  void add(Bytes message);
  // Replaces all messages so far by a message_hash message (RFC 8446 §4.4.1).
  void replace_by_hash();
  // The digest of all messages so far. internal_mistake if `hash` is no longer computed.
  Result<crypto::Digest> digest(const crypto::HashAlgorithm& hash) const;
  // The same with these bytes after them.
  Result<crypto::Digest> digest_with(const crypto::HashAlgorithm& hash, Bytes more) const;

 private:
  static constexpr std::size_t kMaxHashes = 4;
  Result<void> open(const crypto::HashAlgorithm& hash);

  std::optional<crypto::Hash> hashes_[kMaxHashes];
};

}  // namespace ashlar::tls
