// SPDX-License-Identifier: Apache-2.0
// X25519 (RFC 7748). Constant time in the scalar.
#pragma once

#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/cpu.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto {

// One implementation of the function of RFC 7748 §5: 32 bytes each, the scalar clamped, the point's top bit
// ignored. Constant time in both.
struct X25519Kernel {
  std::string_view name;
  cpu::Features required;
  void (*multiply)(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point);
  // The same for the base point, u = 9, from a table.
  void (*multiply_base)(std::uint8_t* out, const std::uint8_t* scalar);
};

// All implementations, best first; the last is portable.
std::span<const X25519Kernel> x25519_kernels();

struct X25519Agreement;       // x25519_many.hpp
struct X25519ManyKernel;      // x25519_many.hpp
struct X25519PublicKeyBytes;  // x25519_many.hpp

class X25519PrivateKey {  // a private key of X25519 (RFC 7748 §5)
 public:
  // kernel: a row of the table that this CPU can run, or null for the best.
  static Result<X25519PrivateKey> generate(Random random, const X25519Kernel* kernel = nullptr);
  // Any 32 bytes; they are clamped when used (RFC 7748 §5).
  explicit X25519PrivateKey(BytesOf<32> scalar, const X25519Kernel* kernel = nullptr);

  void public_key(MutBytesOf<32> out) const;  // its u-coordinate
  // The shared secret with a peer's public key. Its top bit is ignored, and it need not be canonical (RFC
  // 7748 §5). all_zero_shared_secret for points of small order (§6.1).
  Result<void> agree(BytesOf<32> peer, Secret<32>& shared) const;

 private:
  friend Result<void> x25519_agree_many(std::span<X25519Agreement> agreements,
                                        const X25519ManyKernel* kernel);
  friend Result<void> x25519_public_keys_many(std::span<const X25519PublicKeyBytes> keys,
                                              const X25519ManyKernel* kernel);
  static Result<void> check(const Secret<32>& shared);

  const X25519Kernel* kernel_;
  Secret<32> scalar_;
};

}  // namespace ashlar::crypto
