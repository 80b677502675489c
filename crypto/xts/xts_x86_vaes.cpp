// SPDX-License-Identifier: Apache-2.0
// XTS with VAES on ymm registers, two blocks in each, eight at once (xts_x86.hpp says how). From step to step
// a tweak moves by x^16, two bytes. Bound at two vaesenc per cycle: ten rounds x 8 / 2 = 40 cycles for 256
// bytes, 0.157 cycles per byte for AES-128; if all vector operations share three ports, the seven others for
// each vector add to that.
#include "cpu/x86.hpp"

#define ASHLAR_XTS_TARGET "avx2,vaes,vpclmulqdq,aes,pclmul"
#include "xts/xts_x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::xts {
namespace {

// The most stack that crypt takes.
constexpr std::size_t kStack = 768;

struct Ymm {
  using Vec = __m256i;
  static constexpr std::size_t kBlocks = 2;

  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec load(const std::uint8_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static void store(std::uint8_t* p, Vec v) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec load_part(const std::uint8_t* p, std::size_t blocks) {
    return blocks == 2 ? load(p) : _mm256_zextsi128_si256(aes::load(p));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static void store_part(std::uint8_t* p, Vec v, std::size_t blocks) {
    if (blocks == 2) {
      store(p, v);
    } else {
      aes::store(p, first(v));
    }
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec broadcast(__m128i v) {
    return _mm256_broadcastsi128_si256(v);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static __m128i first(Vec v) { return _mm256_castsi256_si128(v); }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static Vec round_key(const std::uint8_t* keys, std::uint32_t r) {
    return broadcast(aes::round_key(keys, r));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec add(Vec a, Vec b) { return _mm256_xor_si256(a, b); }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec add3(Vec a, Vec b, Vec c) { return add(add(a, b), c); }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec encrypt(Vec b, Vec k) {
    return _mm256_aesenc_epi128(b, k);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec decrypt(Vec b, Vec k) {
    return _mm256_aesdec_epi128(b, k);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec encrypt_last(Vec b, Vec k) {
    return _mm256_aesenclast_epi128(b, k);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec decrypt_last(Vec b, Vec k) {
    return _mm256_aesdeclast_epi128(b, k);
  }
  // Each half shifted up by n bits in the first block, n + 1 in the second, and the bits shifted out.
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec bits_up(Vec v, int n) {
    return _mm256_sllv_epi64(v, _mm256_set_epi64x(n + 1, n + 1, n, n));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec bits_out(Vec v, int n) {
    return _mm256_srlv_epi64(v, _mm256_set_epi64x(63 - n, 63 - n, 64 - n, 64 - n));
  }
  // Whole blocks shifted by N bytes.
  template <int N>
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static Vec bytes_up(Vec v) {
    return _mm256_slli_si256(v, N);
  }
  template <int N>
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static Vec bytes_down(Vec v) {
    return _mm256_srli_si256(v, N);
  }
  // The lower half (0) or the upper one (1) of each block times the polynomial.
  template <int Half>
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static Vec fold(Vec v) {
    return _mm256_clmulepi64_epi128(v, broadcast(_mm_set_epi64x(0, kPolynomial)), Half);
  }
};

// A data unit. Nothing is left in the registers.
template <Direction direction>
ASHLAR_TARGET(ASHLAR_XTS_TARGET)
void crypt(const XtsSchedules& schedules, XtsTweak tweak, const std::uint8_t* in, std::uint8_t* out,
           std::size_t size) {
  run<direction, Ymm>(schedules, tweak, in, out, size);
  clear_vectors_avx();
}

}  // namespace

void Vaes::encrypt(const XtsSchedules& schedules, XtsTweak tweak, const std::uint8_t* in, std::uint8_t* out,
                   std::size_t size) {
  call_and_wipe_avx<kStack>(crypt<Direction::encrypt>, schedules, tweak, in, out, size);
}

void Vaes::decrypt(const XtsSchedules& schedules, XtsTweak tweak, const std::uint8_t* in, std::uint8_t* out,
                   std::size_t size) {
  call_and_wipe_avx<kStack>(crypt<Direction::decrypt>, schedules, tweak, in, out, size);
}

}  // namespace ashlar::crypto::xts

#endif
