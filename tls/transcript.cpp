// SPDX-License-Identifier: Apache-2.0
#include "transcript.hpp"

#include "message/message.hpp"

namespace ashlar::tls {

Transcript::Transcript() = default;
Transcript::Transcript(Transcript&&) noexcept = default;
Transcript& Transcript::operator=(Transcript&&) noexcept = default;
Transcript::~Transcript() = default;

Result<void> Transcript::start(const crypto::HashAlgorithm& hash, std::span<const Scheme* const> schemes) {
  ASHLAR_CHECK(open(hash));
  for (const Scheme* scheme : schemes) {
    if (scheme->algorithm->hash != nullptr) {
      ASHLAR_CHECK(open(*scheme->algorithm->hash));
    }
  }
  return {};
}

Result<void> Transcript::open(const crypto::HashAlgorithm& hash) {
  for (auto& place : hashes_) {
    if (!place) {
      place.emplace(hash);
      return {};
    }
    if (&place->algorithm() == &hash) {
      return {};
    }
  }
  return Error{ErrorCode::capacity_exceeded, Place::none, kMaxHashes};
}

void Transcript::keep_only(const crypto::HashAlgorithm& hash) {
  for (auto& place : hashes_) {
    if (place && &place->algorithm() != &hash) {
      place.reset();
    }
  }
}

void Transcript::add(Bytes message) {
  for (auto& place : hashes_) {
    if (place) {
      place->update(message);
    }
  }
}

void Transcript::replace_by_hash() {
  constexpr std::uint8_t kMessageHash = 254;
  for (auto& place : hashes_) {
    if (place) {
      std::uint8_t message[kHandshakeHeaderSize + crypto::kMaxDigestSize] = {kMessageHash};
      const std::size_t size = place->finish(MutBytes(message).subspan(kHandshakeHeaderSize)).size();
      message[3] = static_cast<std::uint8_t>(size);
      const crypto::HashAlgorithm& hash = place->algorithm();
      place.emplace(hash);
      place->update(Bytes(message).first(kHandshakeHeaderSize + size));
    }
  }
}

Result<crypto::Digest> Transcript::digest(const crypto::HashAlgorithm& hash) const {
  return digest_with(hash, {});
}

Result<crypto::Digest> Transcript::digest_with(const crypto::HashAlgorithm& hash, Bytes more) const {
  for (const auto& place : hashes_) {
    if (place && &place->algorithm() == &hash) {
      crypto::Hash copy(*place);
      copy.update(more);
      crypto::Digest result;
      result.size = copy.finish(result.storage).size();
      return result;
    }
  }
  return ErrorCode::internal_mistake;
}

}  // namespace ashlar::tls
