// SPDX-License-Identifier: Apache-2.0
// The Montgomery ladder of RFC 7748 §5 over the field of 2^448 - 2^224 - 1.
#include <ashlar/crypto/x448.hpp>

#include "cpu/dead_stack.hpp"
#include "x448/field.hpp"

namespace ashlar::crypto {

namespace {

using x448::Element;
using x448::Field;

constexpr std::uint64_t kA24 = 39081;  // (A - 2) / 4 of the curve's coefficient A = 156326

void swap_if(ct::Mask swap, Element& a, Element& b) {
  const std::uint64_t mask = swap.bits();
  for (std::size_t i = 0; i < 8; i++) {
    const std::uint64_t difference = mask & (a.v[i] ^ b.v[i]);
    a.v[i] ^= difference;
    b.v[i] ^= difference;
  }
}

// out = the u coordinate of scalar times the point with the u coordinate `point`. The scalar is clamped.
void multiply(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point) {
  struct Work {
    std::uint8_t clamped[kX448Size];
    Element x1, x2, z2, x3, z3, a, b, c, d, e;
    x448::Number u;
  };
  // What the field leaves below this frame, which may be gone by then: the wipe is a function's last call.
  const WipeBelow<sizeof(Work) + 4096> wipe_below;
  Work s;
  std::memcpy(s.clamped, scalar, kX448Size);
  s.clamped[0] &= 252;
  s.clamped[kX448Size - 1] |= 128;
  s.x1 = Field::load(x448::load_number(point));  // canonical or not
  s.x2 = Field::kOne;
  s.z2 = Element{};
  s.x3 = s.x1;
  s.z3 = Field::kOne;
  std::uint64_t swapped = 0;
  for (std::size_t i = 448; i-- > 0;) {
    const std::uint64_t bit = (s.clamped[i >> 3] >> (i & 7)) & 1;
    const ct::Mask swap = ct::Mask::from_bit(swapped ^ bit);
    swapped = bit;
    swap_if(swap, s.x2, s.x3);
    swap_if(swap, s.z2, s.z3);
    // The names are those of RFC 7748 §5, in lower case.
    Field::add(s.a, s.x2, s.z2);
    Field::subtract(s.b, s.x2, s.z2);
    Field::add(s.c, s.x3, s.z3);
    Field::subtract(s.d, s.x3, s.z3);
    Field::multiply(s.d, s.d, s.a);  // DA
    Field::multiply(s.c, s.c, s.b);  // CB
    Field::square(s.a, s.a);         // AA
    Field::square(s.b, s.b);         // BB
    Field::add(s.x3, s.d, s.c);
    Field::square(s.x3, s.x3);
    Field::subtract(s.z3, s.d, s.c);
    Field::square(s.z3, s.z3);
    Field::multiply(s.z3, s.z3, s.x1);
    Field::multiply(s.x2, s.a, s.b);
    Field::subtract(s.e, s.a, s.b);
    Field::multiply_small(s.b, s.e, kA24);
    Field::add(s.b, s.b, s.a);
    Field::multiply(s.z2, s.e, s.b);
  }
  const ct::Mask swap = ct::Mask::from_bit(swapped);
  swap_if(swap, s.x2, s.x3);
  swap_if(swap, s.z2, s.z3);
  Field::invert(s.z2, s.z2);
  Field::multiply(s.x2, s.x2, s.z2);
  Field::reduce(s.u, s.x2);
  x448::store_number(out, s.u);
  wipe_by_call(&s, sizeof s);
}

}  // namespace

Result<X448PrivateKey> X448PrivateKey::generate(Random random) {
  Secret<kX448Size> scalar;
  ASHLAR_CHECK(random.fill(scalar.reveal_mut()));
  return X448PrivateKey(scalar.reveal());
}

void X448PrivateKey::public_key(MutBytesOf<kX448Size> out) const {
  static constexpr std::uint8_t kBase[kX448Size] = {5};
  multiply(out.data(), scalar_.reveal().data(), kBase);
  // A public key is public by its purpose.
  ct::declassify(out);
}

Result<void> X448PrivateKey::agree(BytesOf<kX448Size> peer, Secret<kX448Size>& shared) const {
  multiply(shared.reveal_mut().data(), scalar_.reveal().data(), peer.data());
  static constexpr std::uint8_t kZero[kX448Size] = {};
  // Only the peer's point decides whether the secret is zero: it is zero for every scalar or for none.
  if (ct::equal(shared.reveal(), kZero).declassify()) {
    return ErrorCode::all_zero_shared_secret;
  }
  return {};
}

}  // namespace ashlar::crypto
