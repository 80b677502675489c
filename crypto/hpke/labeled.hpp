// SPDX-License-Identifier: Apache-2.0
// LabeledExtract and LabeledExpand (RFC 9180 §4).
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/hkdf.hpp>

namespace ashlar::crypto::hpke {

inline constexpr std::string_view kVersion = "HPKE-v1";

inline Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// A pseudorandom key.
using Prk = SecretBuffer<kMaxDigestSize>;

inline void labeled_extract(Prk& prk, const HashAlgorithm& hash, Bytes suite, Bytes salt,
                            std::string_view label, Bytes input_key) {
  const Bytes parts[] = {bytes_of(kVersion), suite, bytes_of(label), input_key};
  prk.resize(hash.digest_size);
  (void)HmacKey(hash, salt).mac(parts, prk.reveal_mut());
}

inline Result<void> labeled_expand(const HashAlgorithm& hash, const Prk& prk, Bytes suite,
                                   std::string_view label, std::span<const Bytes> info, MutBytes out) {
  if (out.size() > 0xffff) {
    return Error{ErrorCode::length_overflow, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  const std::uint8_t size[2] = {static_cast<std::uint8_t>(out.size() >> 8),
                                static_cast<std::uint8_t>(out.size())};
  Bytes parts[8] = {size, bytes_of(kVersion), suite, bytes_of(label)};
  std::size_t count = 4;
  for (const Bytes part : info) {
    parts[count++] = part;
  }
  return hkdf_expand(HmacKey(hash, prk.reveal()), std::span(parts, count), out);
}

}  // namespace ashlar::crypto::hpke
