// SPDX-License-Identifier: Apache-2.0
// SHA-1 as data: initial value (FIPS 180-4 §5.3.1), padding (§5.1.1) and the table of implementations.
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/hash_many.hpp>
#include <ashlar/crypto/sha1.hpp>

#include "sha1/sha1_kernels.hpp"

namespace ashlar::crypto {
namespace {

constexpr std::uint32_t kInitial[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};

constexpr HashKernel kKernels[] = {
#if ASHLAR_X86_KERNELS
    {"sha-ni", cpu::Features(cpu::Feature::sha_ni, cpu::Feature::ssse3, cpu::Feature::sse41),
     sha1::compress_shani, sha1::finish_shani},
    {"avx2", cpu::Features(cpu::Feature::avx2, cpu::Feature::bmi1, cpu::Feature::bmi2), sha1::compress_avx2},
    {"ssse3", cpu::Features(cpu::Feature::ssse3), sha1::compress_ssse3},
#endif
    {"portable", cpu::Features(), sha1::compress_portable},
};

std::span<const HashKernel> kernels() {
  return kKernels;
}

void init(void* state) {
  std::memcpy(state, kInitial, sizeof kInitial);
}

std::size_t pad(std::uint8_t* tail, std::uint64_t total) {
  const auto used = static_cast<std::size_t>(total % 64);
  const std::size_t end = used < 56 ? 64 : 128;
  // A constant size needs no call. It may reach past the end of the padding.
  std::memset(tail + used, 0, 64);
  tail[used] = 0x80;
  store_be64(tail + end - 8, total << 3);
  return end / 64;
}

void output(const void* state, std::uint8_t* digest) {
  for (std::size_t i = 0; i < 5; ++i) {
    store_be32(digest + 4 * i, static_cast<const std::uint32_t*>(state)[i]);
  }
}

}  // namespace

constexpr HashAlgorithm kSha1 = {"SHA-1", 20, 64, 20, 4, init, pad, output, kernels};
constexpr HashMany kSha1Many = {&kSha1, {&kOneAtATime, 1}};

}  // namespace ashlar::crypto
