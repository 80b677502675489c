// SPDX-License-Identifier: Apache-2.0
// SHA-3 of several messages side by side: the tables of implementations.
#include <ashlar/crypto/hash_many.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "sha3/keccak.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;
using cpu::Features;

template <void (*Absorb)(void*, const std::uint8_t* const*, std::size_t, std::size_t), std::size_t Rate>
void absorb_many(void* states, const std::uint8_t* const* data, std::size_t blocks) {
  Absorb(states, data, blocks, Rate / 8);
}

template <std::size_t Rate>
constexpr HashManyKernel kKernels[] = {
#if ASHLAR_X86_KERNELS
    {"avx512-x8", Features(Feature::avx512f, Feature::avx512vl, Feature::prefers_zmm), 8, 5,
     absorb_many<sha3::absorb_avx512_8, Rate>},
    {"avx512vl-x4", Features(Feature::avx512f, Feature::avx512vl), 4, 2,
     absorb_many<sha3::absorb_avx512vl_4, Rate>},
    {"avx2-x4", Features(Feature::avx2), 4, 3, absorb_many<sha3::absorb_avx2_4, Rate>},
#endif
    kOneAtATime,
};

}  // namespace

constexpr HashMany kSha3_224Many = {&kSha3_224, kKernels<144>};
constexpr HashMany kSha3_256Many = {&kSha3_256, kKernels<136>};
constexpr HashMany kSha3_384Many = {&kSha3_384, kKernels<104>};
constexpr HashMany kSha3_512Many = {&kSha3_512, kKernels<72>};

}  // namespace ashlar::crypto
