// SPDX-License-Identifier: Apache-2.0
// SHA-2 of several messages side by side: the tables of implementations.
#include <ashlar/crypto/hash_many.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "cpu/x86.hpp"
#include "sha2/sha2_kernels.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;
using cpu::Features;

#if ASHLAR_X86_KERNELS
constexpr Features kZmm(Feature::avx512f, Feature::avx512bw, Feature::prefers_zmm);
#endif

// With SHA-NI, short messages hashed one at a time overlap anyway, as far as a CPU looks ahead.
constexpr HashManyKernel kKernels256[] = {
#if ASHLAR_X86_KERNELS
    {"avx512-x16", kZmm, 16, 11, sha2::compress_256_avx512_16},
    {"sha-ni-x2", Features(Feature::sha_ni, Feature::ssse3, Feature::sse41), 2, 2, sha2::compress_256_shani_2,
     256},
    {"avx2-x8", Features(Feature::avx2), 8, 3, sha2::compress_256_avx2_8},
#endif
    kOneAtATime,
};
constexpr HashManyKernel kKernels512[] = {
#if ASHLAR_X86_KERNELS
    {"avx512-x8", kZmm, 8, 3, sha2::compress_512_avx512_8},
    {"avx2-x4", Features(Feature::avx2), 4, 3, sha2::compress_512_avx2_4},
#endif
    kOneAtATime,
};

}  // namespace

constexpr HashMany kSha224Many = {&kSha224, kKernels256};
constexpr HashMany kSha256Many = {&kSha256, kKernels256};
constexpr HashMany kSha384Many = {&kSha384, kKernels512};
constexpr HashMany kSha512Many = {&kSha512, kKernels512};
constexpr HashMany kSha512_224Many = {&kSha512_224, kKernels512};
constexpr HashMany kSha512_256Many = {&kSha512_256, kKernels512};

}  // namespace ashlar::crypto
