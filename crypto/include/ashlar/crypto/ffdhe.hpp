// SPDX-License-Identifier: Apache-2.0
// Diffie-Hellman in the groups of RFC 7919: powers of 2 modulo a safe prime. Numbers are big-endian bytes;
// public values and shared secrets are as long as the prime, with whatever zeros lead them.
#pragma once

#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/bignum.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto {

// A group: a prime p for which (p - 1) / 2 is prime too.
struct FfdheGroup {
  std::string_view name;       // as IANA's registry has it
  std::size_t size;            // bytes of the prime, of a public value and of a shared secret
  std::size_t exponent_size;   // bytes of a private exponent: as strong as the group, and no longer (§5.2)
  const std::uint64_t* prime;  // size / 8 limbs, least significant first
};
extern const FfdheGroup kFfdhe2048;  // Appendix A.1
extern const FfdheGroup kFfdhe3072;  // Appendix A.2
extern const FfdheGroup kFfdhe4096;  // Appendix A.3

inline constexpr std::size_t kFfdheMaxSize = 512;         // bytes of the largest prime
inline constexpr std::size_t kFfdheMaxExponentSize = 41;  // bytes of its exponents

// A private key: an exponent. Its operations run in constant time in it, and in the shared secret. Make a new
// one for each exchange.
class FfdhePrivateKey {
 public:
  // The exponent has the group's exponent_size bytes (else bad_key_size) and is not zero (else
  // scalar_out_of_range). kernel: a row that this CPU can run (else kernel_unavailable), or null for the
  // best.
  static Result<FfdhePrivateKey> create(const FfdheGroup& group, Bytes exponent,
                                        const BignumKernel* kernel = nullptr);
  // A random exponent whose highest bit is set.
  static Result<FfdhePrivateKey> generate(const FfdheGroup& group, Random random,
                                          const BignumKernel* kernel = nullptr);

  const FfdheGroup& group() const { return *group_; }
  Bytes reveal() const { return exponent_.reveal().first(group_->exponent_size); }

  // 2^exponent modulo p into the group's size of bytes (else invalid_argument).
  Result<void> public_value(MutBytes out) const;
  // peer^exponent modulo p into the group's size of bytes (else invalid_argument). bad_dh_public_value unless
  // the peer's value has the group's size and 1 < peer < p - 1 (§5.1).
  Result<void> agree(Bytes peer, MutBytes shared) const;

 private:
  FfdhePrivateKey() = default;
  const FfdheGroup* group_ = nullptr;
  const BignumKernel* kernel_ = nullptr;
  Secret<kFfdheMaxExponentSize> exponent_;
};

}  // namespace ashlar::crypto
