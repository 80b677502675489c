// SPDX-License-Identifier: Apache-2.0
// XTS with the AES instructions, one block per xmm register, eight at once (xts_x86.hpp says how). From step
// to step a tweak moves by x^8, one byte. Bound at two aesenc per cycle: 10 rounds x 8 / 2 = 40 cycles for
// 128 bytes, 0.31 cycles per byte for AES-128; if all vector operations share three ports, the seven others
// for each block add to that.
#include "cpu/x86.hpp"

#define ASHLAR_XTS_TARGET "aes,pclmul,ssse3,sse4.1"
#include "xts/xts_x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::xts {
namespace {

// The most stack that crypt takes.
constexpr std::size_t kStack = 512;

struct Xmm {
  using Vec = __m128i;
  static constexpr std::size_t kBlocks = 1;

  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec load(const std::uint8_t* p) { return aes::load(p); }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static void store(std::uint8_t* p, Vec v) { aes::store(p, v); }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec load_part(const std::uint8_t* p, std::size_t) {
    return aes::load(p);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static void store_part(std::uint8_t* p, Vec v, std::size_t) {
    aes::store(p, v);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec broadcast(__m128i v) { return v; }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static __m128i first(Vec v) { return v; }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static Vec round_key(const std::uint8_t* keys, std::uint32_t r) { return aes::round_key(keys, r); }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec add(Vec a, Vec b) { return _mm_xor_si128(a, b); }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec add3(Vec a, Vec b, Vec c) { return add(add(a, b), c); }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec encrypt(Vec b, Vec k) { return _mm_aesenc_si128(b, k); }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec decrypt(Vec b, Vec k) { return _mm_aesdec_si128(b, k); }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec encrypt_last(Vec b, Vec k) {
    return _mm_aesenclast_si128(b, k);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec decrypt_last(Vec b, Vec k) {
    return _mm_aesdeclast_si128(b, k);
  }
  // Each half shifted up by n bits, and the bits that this shifts out.
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec bits_up(Vec v, int n) { return _mm_slli_epi64(v, n); }
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET) static Vec bits_out(Vec v, int n) {
    return _mm_srli_epi64(v, 64 - n);
  }
  // Whole blocks shifted by N bytes.
  template <int N>
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static Vec bytes_up(Vec v) {
    return _mm_slli_si128(v, N);
  }
  template <int N>
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static Vec bytes_down(Vec v) {
    return _mm_srli_si128(v, N);
  }
  // The lower half (0) or the upper one (1) times the polynomial.
  template <int Half>
  ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
  static Vec fold(Vec v) {
    return _mm_clmulepi64_si128(v, _mm_set_epi64x(0, kPolynomial), Half);
  }
};

// A data unit. Nothing is left in the registers.
template <Direction direction>
ASHLAR_TARGET(ASHLAR_XTS_TARGET)
void crypt(const XtsSchedules& schedules, XtsTweak tweak, const std::uint8_t* in, std::uint8_t* out,
           std::size_t size) {
  run<direction, Xmm>(schedules, tweak, in, out, size);
  clear_vectors_sse();
}

}  // namespace

void Aesni::encrypt(const XtsSchedules& schedules, XtsTweak tweak, const std::uint8_t* in, std::uint8_t* out,
                    std::size_t size) {
  call_and_wipe_sse<kStack>(crypt<Direction::encrypt>, schedules, tweak, in, out, size);
}

void Aesni::decrypt(const XtsSchedules& schedules, XtsTweak tweak, const std::uint8_t* in, std::uint8_t* out,
                    std::size_t size) {
  call_and_wipe_sse<kStack>(crypt<Direction::decrypt>, schedules, tweak, in, out, size);
}

}  // namespace ashlar::crypto::xts

#endif
