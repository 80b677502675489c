// SPDX-License-Identifier: Apache-2.0
// The keys of key_text.hpp, ready to use.
#pragma once

#include "catch.hpp"
#include "crypto/rsa/key_text.hpp"

namespace ashlar::test {

inline crypto::RsaPrivateKey rsa_key(const RsaKeyText& text, const crypto::BignumKernel* kernel = nullptr) {
  auto key = crypto::RsaPrivateKey::create(RsaKeyBytes(text).components(), kernel);
  REQUIRE(key.ok());
  return std::move(*key);
}

}  // namespace ashlar::test
