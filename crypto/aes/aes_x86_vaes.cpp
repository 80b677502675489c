// SPDX-License-Identifier: Apache-2.0
// AES with VAES on ymm registers, two blocks in each.
//
// As with xmm registers, eight are in flight at once, here sixteen blocks: ten rounds x 8 / 2 per cycle = 40
// cycles for 256 bytes, 0.157 cycles per byte for AES-128. Key expansion and CBC encryption, where nothing
// runs side by side, are those of the xmm row. So is a rest below a pair of blocks. Counters are kept with
// their bytes reversed; the vector addition reaches only the lower 64 bits, so a run ends before they wrap
// and the carry is done outside.
#include "aes/aesni.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::aes {
namespace {

#define ASHLAR_VAES_TARGET "avx2,vaes,aes"

constexpr std::size_t kVectors = 8;

enum class Direction { encrypt, decrypt };

ASHLAR_TARGET_INLINE("avx2") __m256i load2(const std::uint8_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
ASHLAR_TARGET_INLINE("avx2") void store2(std::uint8_t* p, __m256i v) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v);
}
ASHLAR_TARGET_INLINE("avx2") __m256i round_key2(const std::uint8_t* keys, std::uint32_t r) {
  return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(keys) + r));
}

template <Direction direction, std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
void crypt(const AesSchedule& schedule, __m256i (&b)[N]) {
  const std::uint8_t* const keys = schedule.round_keys;
  __m256i k = round_key2(keys, 0);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = _mm256_xor_si256(b[i], k);
  }
  for (std::uint32_t r = 1; r < schedule.rounds; ++r) {
    k = round_key2(keys, r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < N; ++i) {
      b[i] = direction == Direction::encrypt ? _mm256_aesenc_epi128(b[i], k) : _mm256_aesdec_epi128(b[i], k);
    }
  }
  k = round_key2(keys, schedule.rounds);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = direction == Direction::encrypt ? _mm256_aesenclast_epi128(b[i], k)
                                           : _mm256_aesdeclast_epi128(b[i], k);
  }
}

template <Direction direction, std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
void ecb_step(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out) {
  __m256i b[N];
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = load2(in + 32 * i);
  }
  crypt<direction>(schedule, b);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    store2(out + 32 * i, b[i]);
  }
}

// Runs step(vectors, in, out) for all whole pairs of blocks, eight pairs at a time if possible. Returns the
// number of bytes done.
template <template <std::size_t> class Step, class... Context>
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
std::size_t in_steps(const std::uint8_t* in, std::uint8_t* out, std::size_t blocks, Context&... context) {
  std::size_t done = 0;
  for (; blocks >= 2 * kVectors; blocks -= 2 * kVectors, done += 32 * kVectors) {
    Step<kVectors>::run(in + done, out + done, context...);
  }
  if (blocks >= kVectors) {
    Step<kVectors / 2>::run(in + done, out + done, context...);
    blocks -= kVectors;
    done += 16 * kVectors;
  }
  for (; blocks >= 2; blocks -= 2, done += 32) {
    Step<1>::run(in + done, out + done, context...);
  }
  return done;
}

template <std::size_t N>
struct Encrypt {
  ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
  static void run(const std::uint8_t* in, std::uint8_t* out, const AesSchedule& schedule) {
    ecb_step<Direction::encrypt, N>(schedule, in, out);
  }
};

template <std::size_t N>
struct Decrypt {
  ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
  static void run(const std::uint8_t* in, std::uint8_t* out, const AesSchedule& schedule) {
    ecb_step<Direction::decrypt, N>(schedule, in, out);
  }
};

template <std::size_t N>
struct CbcDecrypt {
  ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
  static void run(const std::uint8_t* in, std::uint8_t* out, const AesSchedule& schedule, __m128i& chain) {
    __m256i b[N];
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < N; ++i) {
      b[i] = load2(in + 32 * i);
    }
    // The ciphertext before each block: one block back in memory, except for the first.
    const __m256i before_first = _mm256_inserti128_si256(_mm256_castsi128_si256(chain), load(in), 1);
    chain = load(in + 32 * N - 16);
    crypt<Direction::decrypt>(schedule, b);
    // When working in place, each ciphertext block is read again before its place is overwritten.
    ASHLAR_UNROLL
    for (std::size_t i = 1; i < N; ++i) {
      const std::size_t j = N - i;
      store2(out + 32 * j, _mm256_xor_si256(b[j], load2(in + 32 * j - 16)));
    }
    store2(out, _mm256_xor_si256(b[0], before_first));
  }
};

template <std::size_t N>
struct Ctr {
  // counters: of the first two blocks, bytes reversed.
  ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
  static void run(const std::uint8_t* in, std::uint8_t* out, const AesSchedule& schedule, __m256i& counters) {
    const __m256i reversal =
        _mm256_broadcastsi128_si256(_mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f));
    __m256i b[N];
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < N; ++i) {
      b[i] = _mm256_shuffle_epi8(counters, reversal);
      counters = _mm256_add_epi64(counters, _mm256_set_epi64x(0, 2, 0, 2));
    }
    crypt<Direction::encrypt>(schedule, b);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < N; ++i) {
      store2(out + 32 * i, _mm256_xor_si256(b[i], load2(in + 32 * i)));
    }
  }
};

}  // namespace

void Vaes::expand_encrypt(AesSchedule& schedule, Bytes key) {
  Aesni::expand_encrypt(schedule, key);
}

void Vaes::expand_decrypt(AesSchedule& schedule, Bytes key) {
  Aesni::expand_decrypt(schedule, key);
}

ASHLAR_TARGET(ASHLAR_VAES_TARGET)
void Vaes::encrypt_blocks(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out,
                          std::size_t blocks) {
  const std::size_t done = in_steps<Encrypt>(in, out, blocks, schedule);
  clear_vectors_avx();
  Aesni::encrypt_blocks(schedule, in + done, out + done, blocks % 2);
}

ASHLAR_TARGET(ASHLAR_VAES_TARGET)
void Vaes::decrypt_blocks(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out,
                          std::size_t blocks) {
  const std::size_t done = in_steps<Decrypt>(in, out, blocks, schedule);
  clear_vectors_avx();
  Aesni::decrypt_blocks(schedule, in + done, out + done, blocks % 2);
}

void Vaes::cbc_encrypt(const AesSchedule& schedule, std::uint8_t iv[16], const std::uint8_t* in,
                       std::uint8_t* out, std::size_t blocks) {
  Aesni::cbc_encrypt(schedule, iv, in, out, blocks);
}

ASHLAR_TARGET(ASHLAR_VAES_TARGET)
void Vaes::cbc_decrypt(const AesSchedule& schedule, std::uint8_t iv[16], const std::uint8_t* in,
                       std::uint8_t* out, std::size_t blocks) {
  // This few are finished sooner than wide registers are loaded and cleared.
  if (blocks <= 4) {
    return Aesni::cbc_decrypt(schedule, iv, in, out, blocks);
  }
  __m128i chain = load(iv);
  const std::size_t done = in_steps<CbcDecrypt>(in, out, blocks, schedule, chain);
  store(iv, chain);
  clear_vectors_avx();
  Aesni::cbc_decrypt(schedule, iv, in + done, out + done, blocks % 2);
}

ASHLAR_TARGET(ASHLAR_VAES_TARGET)
void Vaes::ctr(const AesSchedule& schedule, std::uint8_t counter[16], const std::uint8_t* in,
               std::uint8_t* out, std::size_t blocks) {
  while (blocks >= 2) {
    CounterRun run = counter_run(counter, blocks);
    if (run.blocks < 2) {
      Aesni::ctr(schedule, counter, in, out, 1);
    } else {
      run.blocks -= run.blocks % 2;
      __m256i counters =
          _mm256_add_epi64(_mm256_broadcastsi128_si256(first_of(run)), _mm256_set_epi64x(0, 1, 0, 0));
      in_steps<Ctr>(in, out, run.blocks, schedule, counters);
      clear_vectors_avx();
      advance(counter, run);
    }
    in += 16 * run.blocks;
    out += 16 * run.blocks;
    blocks -= run.blocks;
  }
  Aesni::ctr(schedule, counter, in, out, blocks);
}

}  // namespace ashlar::crypto::aes

#endif
