// SPDX-License-Identifier: Apache-2.0
// SHA-256 and SHA-512 compression in plain arithmetic (FIPS 180-4 §6.2.2, §6.4.2). No look-ups, no branches
// on data: constant time. One template serves both word sizes; the message schedule is kept in a ring of 16
// words, and the round loop is unrolled by 8 so that the working variables rotate by name and are never
// moved. The stack is wiped: HMAC keys and TLS secrets pass through the schedule.
#include <ashlar/base/bytes.hpp>
#include <ashlar/base/endian.hpp>

#include "cpu/dead_stack.hpp"
#include "sha2/sha2_kernels.hpp"

#include <bit>

namespace ashlar::crypto::sha2 {

alignas(64) const std::uint32_t kRound256[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

alignas(64) const std::uint64_t kRound512[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
    0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
    0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
    0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
    0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
    0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
    0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
    0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
    0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
    0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
    0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
    0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
    0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

namespace {

struct Words256 {
  using Word = std::uint32_t;
  static constexpr int kRounds = 64;
  static const Word* constants() { return kRound256; }
  static Word load(const std::uint8_t* p) { return load_be32(p); }
  static Word big0(Word x) { return std::rotr(x, 2) ^ std::rotr(x, 13) ^ std::rotr(x, 22); }
  static Word big1(Word x) { return std::rotr(x, 6) ^ std::rotr(x, 11) ^ std::rotr(x, 25); }
  static Word small0(Word x) { return std::rotr(x, 7) ^ std::rotr(x, 18) ^ (x >> 3); }
  static Word small1(Word x) { return std::rotr(x, 17) ^ std::rotr(x, 19) ^ (x >> 10); }
};

struct Words512 {
  using Word = std::uint64_t;
  static constexpr int kRounds = 80;
  static const Word* constants() { return kRound512; }
  static Word load(const std::uint8_t* p) { return load_be64(p); }
  static Word big0(Word x) { return std::rotr(x, 28) ^ std::rotr(x, 34) ^ std::rotr(x, 39); }
  static Word big1(Word x) { return std::rotr(x, 14) ^ std::rotr(x, 18) ^ std::rotr(x, 41); }
  static Word small0(Word x) { return std::rotr(x, 1) ^ std::rotr(x, 8) ^ (x >> 7); }
  static Word small1(Word x) { return std::rotr(x, 19) ^ std::rotr(x, 61) ^ (x >> 6); }
};

template <class W, class Word = typename W::Word>
inline void round(Word a, Word b, Word c, Word& d, Word e, Word f, Word g, Word& h, Word wk) {
  h += W::big1(e) + (g ^ (e & (f ^ g))) + wk;
  d += h;
  h += W::big0(a) + ((a & b) | (c & (a | b)));
}

template <class W>
void compress(typename W::Word* state, const std::uint8_t* data, std::size_t blocks) {
  using Word = typename W::Word;
  const Word* const k = W::constants();
  Word w[16];
  for (; blocks != 0; --blocks, data += 16 * sizeof(Word)) {
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < 16; ++i) {
      w[i] = W::load(data + i * sizeof(Word));
    }
    Word a = state[0], b = state[1], c = state[2], d = state[3];
    Word e = state[4], f = state[5], g = state[6], h = state[7];
    for (int r = 0; r < W::kRounds; r += 8) {
      // Half of the ring per pass: words r & 15 and up.
      Word* const now = w + (r & 15);
      Word* const other = w + (~r & 8);
      round<W>(a, b, c, d, e, f, g, h, k[r] + now[0]);
      round<W>(h, a, b, c, d, e, f, g, k[r + 1] + now[1]);
      round<W>(g, h, a, b, c, d, e, f, k[r + 2] + now[2]);
      round<W>(f, g, h, a, b, c, d, e, k[r + 3] + now[3]);
      round<W>(e, f, g, h, a, b, c, d, k[r + 4] + now[4]);
      round<W>(d, e, f, g, h, a, b, c, k[r + 5] + now[5]);
      round<W>(c, d, e, f, g, h, a, b, k[r + 6] + now[6]);
      round<W>(b, c, d, e, f, g, h, a, k[r + 7] + now[7]);
      // Word t + 16 takes the place of word t: W[t+16] = s1(W[t+14]) + W[t+9] + s0(W[t+1]) + W[t].
      ASHLAR_UNROLL
      for (int i = 0; i < 8; ++i) {
        const Word next = i < 7 ? now[i + 1] : other[0];
        const Word ninth = i < 7 ? other[i + 1] : now[0];
        const Word fourteenth = i < 2 ? other[i + 6] : now[i - 2];
        now[i] += W::small0(next) + ninth + W::small1(fourteenth);
      }
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

// More stack than either function takes.
constexpr std::size_t kStack = 512;

}  // namespace

void compress_256_portable(void* state, const std::uint8_t* data, std::size_t blocks) {
  call_and_wipe<kStack>(compress<Words256>, static_cast<std::uint32_t*>(state), data, blocks);
}

void compress_512_portable(void* state, const std::uint8_t* data, std::size_t blocks) {
  call_and_wipe<kStack>(compress<Words512>, static_cast<std::uint64_t*>(state), data, blocks);
}

}  // namespace ashlar::crypto::sha2
