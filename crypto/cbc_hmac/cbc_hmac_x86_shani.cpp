// SPDX-License-Identifier: Apache-2.0
// AES-CBC encryption with the AES instructions between the steps of SHA-1 or SHA-256 with the SHA extensions.
//
// Both are chains of dependent instructions, on different units. A block of SHA-256 takes 32 sha256rnds2 of 4
// cycles. The four blocks of AES-128 beside it take 4 x 10 aesenc of 3 to 4 cycles. One after the other,
// their times add up. Interleaved, only the longer one counts: for 64 bytes 128 cycles of SHA-256 (2.0 cycles
// per byte) against 120 of AES-128 where an aesenc takes 3 cycles, and 160 (2.5) where it takes 4; AES-256
// 168 and 224. A CPU looks a few hundred instructions ahead, so the rounds need to be mixed only roughly: a
// few after each four rounds of the hash. Registers of SHA-256: two of state, two of the state before, four
// of message, one for message with constants, two for the AES block and its input; round keys come from
// memory.
#define ASHLAR_SHA_TARGET "aes,sha,ssse3,sse4.1"
#include "cbc_hmac/cbc_chain_x86.hpp"
#include "sha1/sha1_shani.hpp"
#include "sha2/sha256_shani.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::cbc_hmac {
namespace {

struct Sha1 {
  static constexpr int kPieces = 5;
  using State = sha1::State;
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) static State load(const void* memory) {
    return sha1::load_state(memory);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) static void store(void* memory, State s) {
    sha1::store_state(memory, s);
  }
  template <class Between>
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
  static void absorb(State& s, const std::uint8_t* data, Between& between) {
    sha1::absorb(s, sha1::load_block(data), between);
  }
};

struct Sha256 {
  static constexpr int kPieces = 4;
  using State = sha2::State;
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) static State load(const void* memory) {
    return sha2::load_state(memory);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) static void store(void* memory, State s) {
    sha2::store_state(memory, s);
  }
  template <class Between>
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
  static void absorb(State& s, const std::uint8_t* data, Between& between) {
    sha2::absorb(s, sha2::load_block(data), between);
  }
};

}  // namespace

// Aligned to a cache line. At sixteen bytes behind one, where linking other code may place it, the pass of
// SHA-1 took 9 % more cycles.
[[gnu::aligned(64)]] ASHLAR_TARGET(ASHLAR_SHA_TARGET) void pass_sha1_shani(
    void* state, const std::uint8_t* hashed, const AesSchedule& schedule, std::uint8_t iv[16],
    const std::uint8_t* in, std::uint8_t* out, std::size_t units) {
  pass<Sha1>(state, hashed, schedule, iv, in, out, units);
  clear_vectors_sse();
}

[[gnu::aligned(64)]] ASHLAR_TARGET(ASHLAR_SHA_TARGET) void pass_sha256_shani(
    void* state, const std::uint8_t* hashed, const AesSchedule& schedule, std::uint8_t iv[16],
    const std::uint8_t* in, std::uint8_t* out, std::size_t units) {
  pass<Sha256>(state, hashed, schedule, iv, in, out, units);
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::cbc_hmac

#endif
