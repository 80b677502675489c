// SPDX-License-Identifier: Apache-2.0
// The hash functions of SHA-2 as data: initial values (FIPS 180-4 §5.3), padding (§5.1) and the tables
// of implementations.
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "cpu/dead_stack.hpp"
#include "cpu/x86.hpp"
#include "sha2/sha2_kernels.hpp"

namespace ashlar::crypto {
namespace {

constexpr std::uint32_t kInitial224[8] = {
    0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4,
};
constexpr std::uint32_t kInitial256[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};
constexpr std::uint64_t kInitial384[8] = {
    0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
    0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
};
constexpr std::uint64_t kInitial512[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};
// FIPS 180-4 §5.3.6.
constexpr std::uint64_t kInitial512_224[8] = {
    0x8c3d37c819544da2, 0x73e1996689dcd4d6, 0x1dfab7ae32ff9c82, 0x679dd514582f9fcf,
    0x0f6d2b697bd44da8, 0x77e36f7304c48942, 0x3f9d85a86a1d36c8, 0x1112e6ad91d692a1,
};
constexpr std::uint64_t kInitial512_256[8] = {
    0x22312194fc2bf72c, 0x9f555fa3c84c64c2, 0x2393b86b6f53b151, 0x963877195940eabd,
    0x96283ee2a88effe3, 0xbe5e1e2553863992, 0x2b0199fc2c85b8aa, 0x0eb72ddc81c52ca2,
};

#if ASHLAR_X86_KERNELS
constexpr cpu::Features kShaNi(cpu::Feature::sha_ni, cpu::Feature::ssse3, cpu::Feature::sse41);
constexpr cpu::Features kAvx2(cpu::Feature::avx2, cpu::Feature::bmi1, cpu::Feature::bmi2);
#endif

constexpr HashKernel kKernels256[] = {
#if ASHLAR_X86_KERNELS
    {"sha-ni", kShaNi, sha2::compress_256_shani, sha2::finish_256_shani},
    {"avx2", kAvx2, sha2::compress_256_avx2},
    {"ssse3", cpu::Features(cpu::Feature::ssse3), sha2::compress_256_ssse3},
#endif
    {"portable", cpu::Features(), sha2::compress_256_portable},
};
constexpr HashKernel kKernels512[] = {
#if ASHLAR_X86_KERNELS
    {"avx512vl",
     cpu::Features(cpu::Feature::avx512f, cpu::Feature::avx512bw, cpu::Feature::avx512vl, cpu::Feature::avx2,
                   cpu::Feature::bmi1, cpu::Feature::bmi2),
     sha2::compress_512_avx512vl, sha2::finish_512_avx512vl,
     // Vector operations take two cycles there, and a round waits for four of them: 4.9 cycles per byte,
     // avx2 3.5.
     cpu::Cores(cpu::Core::zen5)},
    {"avx2", kAvx2, sha2::compress_512_avx2},
    {"ssse3", cpu::Features(cpu::Feature::ssse3), sha2::compress_512_ssse3},
#endif
    {"portable", cpu::Features(), sha2::compress_512_portable},
};

std::span<const HashKernel> kernels_256() {
  return kKernels256;
}
std::span<const HashKernel> kernels_512() {
  return kKernels512;
}

template <class Word, const Word* Initial>
void init(void* state) {
  std::memcpy(state, Initial, 8 * sizeof(Word));
}

// A one bit, zeros, and the length in bits in the last two words of a block (FIPS 180-4 §5.1). The length of
// SHA-512 has 128 bits, of which `total` bytes fill 67.
template <class Word>
std::size_t pad(std::uint8_t* tail, std::uint64_t total) {
  constexpr std::size_t kBlock = 16 * sizeof(Word);
  const auto used = static_cast<std::size_t>(total % kBlock);
  const std::size_t end = used < kBlock - 2 * sizeof(Word) ? kBlock : 2 * kBlock;
  // A constant size, which may reach past the end: 64 bytes need no call.
  if constexpr (kBlock < 128) {
    std::memset(tail + used, 0, kBlock);
  } else {
    wipe_by_call(tail + used, kBlock);
  }
  tail[used] = 0x80;
  if constexpr (sizeof(Word) == 8) {
    store_be64(tail + end - 16, total >> 61);
  }
  store_be64(tail + end - 8, total << 3);
  return end / kBlock;
}

template <std::size_t Size>
void output_256(const void* state, std::uint8_t* digest) {
  for (std::size_t i = 0; i < Size / 4; ++i) {
    store_be32(digest + 4 * i, static_cast<const std::uint32_t*>(state)[i]);
  }
}

template <std::size_t Size>
void output_512(const void* state, std::uint8_t* digest) {
  const auto* const words = static_cast<const std::uint64_t*>(state);
  for (std::size_t i = 0; i < Size / 8; ++i) {
    store_be64(digest + 8 * i, words[i]);
  }
  if constexpr (Size % 8 != 0) {
    store_be32(digest + Size - 4, static_cast<std::uint32_t>(words[Size / 8] >> 32));
  }
}

template <const std::uint32_t* Initial, std::size_t Size>
constexpr HashAlgorithm sha256_algorithm(std::string_view name) {
  return {name,       Size, 64, 32, 4, init<std::uint32_t, Initial>, pad<std::uint32_t>, output_256<Size>,
          kernels_256};
}
template <const std::uint64_t* Initial, std::size_t Size>
constexpr HashAlgorithm sha512_algorithm(std::string_view name) {
  return {name,       Size, 128, 64, 8, init<std::uint64_t, Initial>, pad<std::uint64_t>, output_512<Size>,
          kernels_512};
}

}  // namespace

constexpr HashAlgorithm kSha224 = sha256_algorithm<kInitial224, 28>("SHA-224");
constexpr HashAlgorithm kSha256 = sha256_algorithm<kInitial256, 32>("SHA-256");
constexpr HashAlgorithm kSha384 = sha512_algorithm<kInitial384, 48>("SHA-384");
constexpr HashAlgorithm kSha512 = sha512_algorithm<kInitial512, 64>("SHA-512");
constexpr HashAlgorithm kSha512_224 = sha512_algorithm<kInitial512_224, 28>("SHA-512/224");
constexpr HashAlgorithm kSha512_256 = sha512_algorithm<kInitial512_256, 32>("SHA-512/256");

}  // namespace ashlar::crypto
