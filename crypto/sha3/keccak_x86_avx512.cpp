// SPDX-License-Identifier: Apache-2.0
// Keccak-f[1600] of one state with AVX-512: five lanes of the 25 in each of five registers.
//
// Theta needs the lanes of one column (same x) in the same slot of five registers, so that their sum is two
// vpternlog. Chi needs the lanes of one row (same y) in the same slot, so that it is five vpternlog. Between
// the two is pi, which brings lane (x, y) to (y, 2x + 3y). If lane (x, y) is in register a x + b y, modulo 5,
// in any slot, then after pi lane (X, Y) is in register (a + b) X + 3 a Y. That is again such a layout. To go
// from theta's slots to chi's and back, each register is only turned by a multiple of its number. So nothing
// moves from one register to another. The ratio of a to b takes six values in turn, and four of them suit
// both steps. Of the two others, one has columns within a register (b = 0), which are summed there by
// turning. The other has rows within a register after pi (a + b = 0), and chi turns its operands. After these
// six rounds register 2 y holds plane y, with lane x in slot 2 x, and one more permutation restores the first
// layout. The compiler computes all of this from the layout of the first round, which is that of the state in
// memory: register y, slot x.
//
// A turn (vpermq) takes three cycles. Two of them are on the way from one chi to the next: the state into
// theta's slots, and the sum of the columns to its neighbours. The turn into chi's slots is not: the state
// goes there directly from the last chi while the sum is made, and the sum is made in all five turns. That
// makes a round 12 turns, 10 rotations and 13 vpternlog on two ports, 17.5 cycles, on a chain of 13. Both
// together measure 24 cycles, the two odd rounds 30: 27 on average, 4.8 cycles per byte of SHA3-256 where the
// integer units need 33.
#include "sha3/keccak.hpp"

#if ASHLAR_X86_KERNELS

#define ASHLAR_PLANES_TARGET "avx512f,avx512bw"

namespace ashlar::crypto::sha3 {
namespace {

using Vec = __m512i;

constexpr int mod5(int n) {
  return ((n % 5) + 5) % 5;
}
// n / by modulo 5.
constexpr int over(int n, int by) {
  return mod5(n * by * by * by);
}

// The place of lane (x, y) before theta: register a x + b y, slot v x, or slot v y if the column is in one
// register.
struct Layout {
  int a, b, v;

  constexpr bool column_in_register() const { return b == 0; }
  constexpr bool row_in_register() const { return mod5(a + b) == 0; }
  // Register r is turned by this times r into chi's slots.
  constexpr int turn_to_chi() const {
    return row_in_register() ? 0 : over(v, column_in_register() ? a : a + b);
  }
  // The distance of the registers of (X + 1, Y) and (X, Y) after pi.
  constexpr int row_step() const { return mod5(a + b); }
  // After chi (X, Y) is in slot Y times this.
  constexpr int row_slot() const { return column_in_register() ? mod5(2 * v) : over(-2 * b * v, a + b); }
  // Register r is turned by this times r from there into theta's slots of the next round.
  constexpr int turn_to_theta() const { return over(row_slot(), 3 * a); }
  constexpr Layout next() const {
    const int next_a = mod5(a + b), next_b = mod5(3 * a);
    return {next_a, next_b, next_b == 0 ? row_slot() : over(-row_slot() * next_a, next_b)};
  }
};

struct Layouts {
  Layout of[6];
};
constexpr Layouts layouts() {
  Layouts out = {};
  out.of[0] = {0, 1, 1};
  for (int i = 1; i < 6; ++i) {
    out.of[i] = out.of[i - 1].next();
  }
  return out;
}
constexpr Layouts kLayouts = layouts();
static_assert(kLayouts.of[1].column_in_register() && kLayouts.of[5].row_in_register());
static_assert(kLayouts.of[5].next().b == 2 && kLayouts.of[5].v == 2);

struct alignas(64) Constants {
  std::uint64_t rho[6][5][8];  // for each round and register, in chi's slots
  std::uint64_t turn[5][8];    // slot i from slot i + n
  std::uint64_t home[5][8];    // slot i from slot 2 i + n
};
constexpr Constants constants() {
  Constants out = {};
  for (int i = 0; i < 6; ++i) {
    const Layout l = kLayouts.of[i];
    for (int r = 0; r < 5; ++r) {
      for (int slot = 0; slot < 5; ++slot) {
        const int along = over(slot, l.v);
        const int x = l.column_in_register() ? over(r, l.a) : along;
        const int y = l.column_in_register() ? along : over(r - l.a * x, l.b);
        out.rho[i][r][mod5(slot - l.turn_to_chi() * r)] = static_cast<std::uint64_t>(kRotations[x + 5 * y]);
      }
    }
  }
  for (int n = 0; n < 5; ++n) {
    for (int slot = 0; slot < 8; ++slot) {
      out.turn[n][slot] = static_cast<std::uint64_t>(slot < 5 ? mod5(slot + n) : slot);
      out.home[n][slot] = static_cast<std::uint64_t>(slot < 5 ? mod5(2 * slot + n) : slot);
    }
  }
  return out;
}
constexpr Constants kConstants = constants();

ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET) Vec load(const std::uint64_t* p) {
  return _mm512_load_si512(p);
}
ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET) Vec xor3(Vec a, Vec b, Vec c) {
  return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}
ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET) Vec turned(Vec v, int by) {
  return mod5(by) == 0 ? v : _mm512_permutexvar_epi64(load(kConstants.turn[mod5(by)]), v);
}
// Code after this also follows in the machine code: if two instructions are ready for one port, the earlier
// one goes first.
ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET) void in_order([[maybe_unused]] Vec& v) {
#if !defined(ASHLAR_EMULATED_KERNELS)
  __asm__ volatile("" : "+v"(v));
#endif
}

// The order in which theta's results allow chi's to be computed, in steps of row_step().
constexpr int kChiOrder[5] = {2, 3, 4, 1, 0};

// Theta and rho: q, in chi's slots, from p, which is in the layout of the last chi.
template <int I>
ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET)
void theta_in_register(Vec (&q)[5], const Vec (&p)[5]) {
  constexpr Layout l = kLayouts.of[I];
  Vec sum[5];
  ASHLAR_UNROLL
  for (int r = 0; r < 5; ++r) {
    sum[r] = xor3(xor3(p[r], turned(p[r], 1), turned(p[r], 2)), turned(p[r], 3), turned(p[r], 4));
  }
  ASHLAR_UNROLL
  for (int r = 0; r < 5; ++r) {
    const Vec lanes =
        xor3(turned(p[r], l.turn_to_chi() * r), sum[mod5(r - l.a)], _mm512_rol_epi64(sum[mod5(r + l.a)], 1));
    q[r] = _mm512_rolv_epi64(lanes, load(kConstants.rho[I][r]));
  }
}

template <int I>
ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET)
void theta_across(Vec (&q)[5], Vec (&p)[5]) {
  constexpr Layout l = kLayouts.of[I], before = kLayouts.of[(I + 5) % 6];
  constexpr int kToTheta = I == 0 ? 0 : before.turn_to_theta();
  Vec part[5];
  ASHLAR_UNROLL
  for (int i = 0; i < 5; ++i) {
    const int r = before.row_in_register() ? i : mod5(kChiOrder[i] * before.row_step());
    part[i] = turned(p[r], kToTheta * r);
  }
  // sum[n]: the sums of the columns, turned by n.
  Vec sum[5];
  sum[0] = xor3(xor3(part[0], part[1], part[4]), part[2], part[3]);
  constexpr int kUse[5] = {0, 1, -1, 3, 2};
  ASHLAR_UNROLL
  for (int i = 1; i < (l.row_in_register() ? 3 : 5); ++i) {
    Vec& turn = sum[mod5(kUse[i] * l.v)];
    turn = turned(sum[0], kUse[i] * l.v);
    in_order(turn);
  }
  constexpr int kStep = l.row_in_register() ? 1 : l.row_step();
  ASHLAR_UNROLL
  for (int i = 5; i > 0; --i) {
    const int r = mod5(i * kStep);
    in_order(p[r]);
    const Vec lanes =
        xor3(turned(p[r], (kToTheta + l.turn_to_chi()) * r), sum[mod5(l.turn_to_chi() * r - l.v)],
             _mm512_rol_epi64(sum[mod5(l.turn_to_chi() * r + l.v)], 1));
    q[r] = _mm512_rolv_epi64(lanes, load(kConstants.rho[I][r]));
  }
}

template <int I>
ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET)
void keccak_round(Vec (&p)[5], const std::uint64_t* constant) {
  constexpr Layout l = kLayouts.of[I];
  Vec q[5];
  if constexpr (l.column_in_register()) {
    theta_in_register<I>(q, p);
  } else {
    theta_across<I>(q, p);
  }
  constexpr int kStep = l.row_in_register() ? 1 : l.row_step();
  ASHLAR_UNROLL
  for (int i = 0; i < 5; ++i) {
    const int r = mod5(kChiOrder[i] * kStep);
    // Lane (0, 0) never moves.
    const Vec own =
        r != 0 ? q[r]
               : _mm512_mask_xor_epi64(q[0], 1, q[0], _mm512_set1_epi64(static_cast<long long>(*constant)));
    const Vec one = l.row_in_register() ? turned(q[r], l.v) : q[mod5(r + kStep)];
    const Vec two = l.row_in_register() ? turned(q[r], 2 * l.v) : q[mod5(r + 2 * kStep)];
    p[r] = _mm512_ternarylogic_epi64(own, one, two, 0xd2);
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET) void permute(Vec (&p)[5]) {
  for (const std::uint64_t* constant = kRoundConstants; constant != kRoundConstants + 24; constant += 6) {
    keccak_round<0>(p, constant);
    keccak_round<1>(p, constant + 1);
    keccak_round<2>(p, constant + 2);
    keccak_round<3>(p, constant + 3);
    keccak_round<4>(p, constant + 4);
    keccak_round<5>(p, constant + 5);
    // (x, y) is in register 2 y, in slot 2 x + y.
    const Vec away[5] = {p[0], p[2], p[4], p[1], p[3]};
    ASHLAR_UNROLL
    for (int y = 0; y < 5; ++y) {
      p[y] = _mm512_permutexvar_epi64(load(kConstants.home[y]), away[y]);
    }
  }
}

// The lanes 5 y to 5 y + 4 that are before `end`.
ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET) __mmask8 plane_mask(std::size_t end, std::size_t y) {
  return static_cast<__mmask8>(end <= 5 * y ? 0 : end >= 5 * y + 5 ? 0x1f : (1u << (end - 5 * y)) - 1);
}
// The first n bytes, n <= 40.
ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET) __mmask64 byte_mask(std::size_t n) {
  return (std::uint64_t{1} << n) - 1;
}

struct Planes {
  Vec p[5];
};

ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET) Planes load_state(const void* state) {
  Planes out;
  ASHLAR_UNROLL
  for (int y = 0; y < 5; ++y) {
    out.p[y] = _mm512_maskz_loadu_epi64(0x1f, static_cast<const std::uint64_t*>(state) + 5 * y);
  }
  return out;
}
ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET) void store_state(void* state, const Planes& planes) {
  ASHLAR_UNROLL
  for (int y = 0; y < 5; ++y) {
    _mm512_mask_storeu_epi64(static_cast<std::uint64_t*>(state) + 5 * y, 0x1f, planes.p[y]);
  }
}

// The last bytes of a message, fewer than a block, with SHA-3's domain bits and padding (FIPS 202 §6.1,
// §5.1).
ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET)
void add_last_block(Planes& planes, const std::uint8_t* data, std::size_t size, std::size_t rate) {
  const Vec domain = _mm512_set1_epi8(0x06);
  const Vec end = _mm512_set1_epi64(static_cast<long long>(0x8000000000000000));
  ASHLAR_UNROLL
  for (std::size_t y = 0; y < 5; ++y) {
    const std::size_t at = size < 40 * y ? size : 40 * y;
    const std::size_t left = size - at < 40 ? size - at : 40;
    const bool ends_here = size >= 40 * y && left < 40;
    const auto last = static_cast<__mmask8>(plane_mask(rate, y) & ~plane_mask(rate - 1, y));
    Vec plane = _mm512_maskz_loadu_epi8(byte_mask(left), data + at);
    plane = _mm512_mask_mov_epi8(plane, ends_here ? std::uint64_t{1} << left : 0, domain);
    plane = _mm512_mask_xor_epi64(plane, last, plane, end);
    planes.p[y] = _mm512_xor_si512(planes.p[y], plane);
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_PLANES_TARGET)
void add_block(Planes& planes, const std::uint8_t* data, std::size_t rate) {
  ASHLAR_UNROLL
  for (std::size_t y = 0; y < 5; ++y) {
    const Vec plane = _mm512_maskz_loadu_epi64(plane_mask(rate, y), data + 40 * y);
    planes.p[y] = _mm512_xor_si512(planes.p[y], plane);
  }
}

}  // namespace

ASHLAR_TARGET(ASHLAR_PLANES_TARGET)
void absorb_avx512(void* state, const std::uint8_t* data, std::size_t blocks, std::size_t rate) {
  Planes planes = load_state(state);
  for (; blocks != 0; --blocks, data += 8 * rate) {
    add_block(planes, data, rate);
    permute(planes.p);
  }
  store_state(state, planes);
  clear_vectors_avx512();
}

void permute_avx512(std::uint64_t lanes[25]) {
  // A block of no lanes, at any address.
  absorb_avx512(lanes, reinterpret_cast<const std::uint8_t*>(lanes), 1, 0);
}

ASHLAR_TARGET(ASHLAR_PLANES_TARGET)
void finish_avx512(const void* state, const std::uint8_t* data, std::size_t size, std::size_t rate,
                   std::uint8_t* digest, std::size_t digest_size) {
  Planes planes = load_state(state);
  for (bool done = false; !done; permute(planes.p)) {
    done = size < 8 * rate;
    if (done) {
      add_last_block(planes, data, size, rate);
    } else {
      add_block(planes, data, rate);
      data += 8 * rate;
      size -= 8 * rate;
    }
  }
  const std::size_t first = digest_size < 40 ? digest_size : 40;
  _mm512_mask_storeu_epi8(digest, byte_mask(first), planes.p[0]);
  _mm512_mask_storeu_epi8(digest + first, byte_mask(digest_size - first), planes.p[1]);
  clear_vectors_avx512();
}

}  // namespace ashlar::crypto::sha3

#endif
