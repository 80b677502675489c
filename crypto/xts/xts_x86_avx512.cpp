// SPDX-License-Identifier: Apache-2.0
// XTS with VAES on zmm registers, four blocks in each, eight at once (xts_x86.hpp says how). From step to
// step a tweak moves by x^32, four bytes. Registers: eight of text, eight of tweaks, a round key, the
// polynomial. Bound at one vaesenc per cycle: ten rounds x 8 = 80 cycles for 512 bytes, 0.156 cycles per byte
// for AES-128, 0.219 for AES-256; the two additions of text and tweak, three operands at once, and the four
// operations on a tweak go to the other port. The last blocks are under a mask.
#include "cpu/x86.hpp"

#define ASHLAR_XTS_TARGET "avx512f,avx512bw,vaes,vpclmulqdq,aes,pclmul"
#include "xts/xts_x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::xts {
namespace {

// The most stack that crypt takes.
constexpr std::size_t kStack = 768;

struct Zmm {
  using Vec = __m512i;
  static constexpr std::size_t kBlocks = 4;

  // A mask of the halves of the first of four blocks.
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static __mmask8 first_blocks(std::size_t blocks) {
    return static_cast<__mmask8>(0xff >> (8 - 2 * blocks));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec load(const std::uint8_t* p) {
    return _mm512_loadu_si512(p);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static void store(std::uint8_t* p, Vec v) {
    _mm512_storeu_si512(p, v);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec load_part(const std::uint8_t* p, std::size_t blocks) {
    return _mm512_maskz_loadu_epi64(first_blocks(blocks), p);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static void store_part(std::uint8_t* p, Vec v, std::size_t blocks) {
    _mm512_mask_storeu_epi64(p, first_blocks(blocks), v);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec broadcast(__m128i v) {
    return _mm512_broadcast_i32x4(v);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static __m128i first(Vec v) { return _mm512_castsi512_si128(v); }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static Vec round_key(const std::uint8_t* keys, std::uint32_t r) {
    return broadcast(aes::round_key(keys, r));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec add(Vec a, Vec b) { return _mm512_xor_si512(a, b); }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec add3(Vec a, Vec b, Vec c) {
    return _mm512_ternarylogic_epi64(a, b, c, 0x96);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec encrypt(Vec b, Vec k) {
    return _mm512_aesenc_epi128(b, k);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec decrypt(Vec b, Vec k) {
    return _mm512_aesdec_epi128(b, k);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec encrypt_last(Vec b, Vec k) {
    return _mm512_aesenclast_epi128(b, k);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec decrypt_last(Vec b, Vec k) {
    return _mm512_aesdeclast_epi128(b, k);
  }
  // Each half shifted up by n bits in the first block, n + 1 in the next and so on; and the bits shifted out.
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec bits(int n, int step) {
    return _mm512_set_epi64(n + 3 * step, n + 3 * step, n + 2 * step, n + 2 * step, n + step, n + step, n, n);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec bits_up(Vec v, int n) {
    return _mm512_sllv_epi64(v, bits(n, 1));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec bits_out(Vec v, int n) {
    return _mm512_srlv_epi64(v, bits(64 - n, -1));
  }
  // Whole blocks shifted by N bytes.
  template <int N>
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static Vec bytes_up(Vec v) {
    return _mm512_bslli_epi128(v, N);
  }
  template <int N>
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static Vec bytes_down(Vec v) {
    return _mm512_bsrli_epi128(v, N);
  }
  // The lower half (0) or the upper one (1) of each block times the polynomial.
  template <int Half>
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static Vec fold(Vec v) {
    return _mm512_clmulepi64_epi128(v, broadcast(_mm_set_epi64x(0, kPolynomial)), Half);
  }
};

// A data unit. Nothing is left in the registers.
template <Direction direction>
ASHLAR_TARGET(ASHLAR_XTS_TARGET)
void crypt(const XtsSchedules& schedules, XtsTweak tweak, const std::uint8_t* in, std::uint8_t* out,
           std::size_t size) {
  run<direction, Zmm>(schedules, tweak, in, out, size);
  clear_vectors_avx512();
}

}  // namespace

void Avx512::encrypt(const XtsSchedules& schedules, XtsTweak tweak, const std::uint8_t* in, std::uint8_t* out,
                     std::size_t size) {
  if (size == 16) {
    // Zen 4: 86 cycles, here 103.
    return Aesni::encrypt(schedules, tweak, in, out, size);
  }
  call_and_wipe_avx<kStack>(crypt<Direction::encrypt>, schedules, tweak, in, out, size);
}

void Avx512::decrypt(const XtsSchedules& schedules, XtsTweak tweak, const std::uint8_t* in, std::uint8_t* out,
                     std::size_t size) {
  if (size == 16) {
    // Zen 4: 86 cycles, here 103.
    return Aesni::decrypt(schedules, tweak, in, out, size);
  }
  call_and_wipe_avx<kStack>(crypt<Direction::decrypt>, schedules, tweak, in, out, size);
}

}  // namespace ashlar::crypto::xts

#endif
