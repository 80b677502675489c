// SPDX-License-Identifier: Apache-2.0
// SHA-1 compression with AVX2 and BMI2, for CPUs without the SHA extensions.
//
// The rounds are scalar, with rorx; the message schedule runs beside them on the vector ports, four words of
// two consecutive blocks at a time, the first block in the lower half of each ymm register, the second in the
// upper. W + K goes to memory, for the second block all at once, so that its rounds have no other work beside
// them. A last odd block goes alone. The bound is 7 to 9 instructions per round on four ports, about 2.4
// cycles per byte, and 3.3 are measured: additions take up the two ports that rotate.
#define ASHLAR_SHA1_TARGET "avx2,bmi,bmi2"
#include "sha1/sha1_rounds.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha1 {
namespace {

// Two blocks on ymm registers.
struct Two {
  static constexpr int kStride = 8;
  ASHLAR_SHA1_OPERATIONS(__m256i, _mm256, si256)
  ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET) static void store(std::uint32_t* wk, __m256i x) {
    _mm256_store_si256(reinterpret_cast<__m256i*>(wk), x);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET) static __m256i constants(const std::uint32_t* k) {
    return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(k)));
  }
};

ASHLAR_TARGET(ASHLAR_SHA1_TARGET)
void compress_pairs(void* memory, const std::uint8_t* data, std::size_t blocks) {
  auto* const state = static_cast<std::uint32_t*>(memory);
  const __m256i swap = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
  // W + K of a pair of blocks: four words of the first block, four of the second, and so on.
  alignas(32) std::uint32_t wk[2 * 80];
  const std::uint32_t* const stored = stored_at(wk);

  for (; blocks > 1; blocks -= 2, data += 128) {
    __m256i w[8];
    ASHLAR_UNROLL
    for (int g = 0; g < 4; ++g) {
      const __m128i* const low = reinterpret_cast<const __m128i*>(data) + g;
      const __m128i* const high = reinterpret_cast<const __m128i*>(data + 64) + g;
      w[g] = _mm256_shuffle_epi8(
          _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(low)), _mm_loadu_si128(high), 1),
          swap);
      store_wk<Two>(wk, w[g], g);
    }
    eighty_rounds<8>(
        state, stored, [&](int g) __attribute__((target(ASHLAR_SHA1_TARGET), always_inline)) {
          if (g < 16) {
            extend<Two>(w, g + 4);
            store_wk<Two>(wk, w[(g + 4) & 7], g + 4);
          }
        });
    eighty_rounds<8>(state, stored + 4, [](int) __attribute__((target(ASHLAR_SHA1_TARGET), always_inline)){});
  }
  if (blocks != 0) {
    Idle idle;
    compress_one(state, data, idle);
  }
  clear_vectors_avx();
}

// More stack than that function takes: W + K and what the compiler spills.
constexpr std::size_t kStack = 1664;

}  // namespace

void compress_avx2(void* state, const std::uint8_t* data, std::size_t blocks) {
  call_and_wipe<kStack>(compress_pairs, state, data, blocks);
}

}  // namespace ashlar::crypto::sha1

#endif
