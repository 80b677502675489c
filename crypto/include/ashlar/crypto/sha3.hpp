// SPDX-License-Identifier: Apache-2.0
// SHA-3 and SHAKE (FIPS 202). Constant time in the data.
#pragma once

#include <ashlar/crypto/hash.hpp>

namespace ashlar::crypto {

extern const HashAlgorithm kSha3_224;  // FIPS 202 §6.1
extern const HashAlgorithm kSha3_256;  // FIPS 202 §6.1
extern const HashAlgorithm kSha3_384;  // FIPS 202 §6.1
extern const HashAlgorithm kSha3_512;  // FIPS 202 §6.1

// Keccak-f[1600] on 25 lanes of 64 bits: one implementation each.
struct KeccakKernel {
  std::string_view name;
  cpu::Features required;
  void (*permute)(std::uint64_t lanes[25]);
};
std::span<const KeccakKernel> keccak_kernels();  // all implementations, best first

// SHAKE128 and SHAKE256 (FIPS 202 §6.2): absorb any number of bytes, then squeeze any number. The state is
// wiped when the object dies.
class Shake {
 public:
  // security: 128 or 256, in bits; anything else is taken as 256.
  explicit Shake(unsigned security, const KeccakKernel* kernel = nullptr);
  Shake(const Shake&) = default;
  Shake& operator=(const Shake&) = default;
  ~Shake();

  // Absorbs data. To call it after the first squeeze is a mistake of the program, which stops.
  Shake& update(Bytes data);
  // The next out.size() bytes of output.
  void squeeze(MutBytes out);

 private:
  const KeccakKernel* kernel_;
  std::size_t rate_;
  std::size_t at_ = 0;
  bool squeezing_ = false;
  alignas(64) std::uint64_t lanes_[25] = {};
};

}  // namespace ashlar::crypto
