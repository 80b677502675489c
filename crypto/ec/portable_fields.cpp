// SPDX-License-Identifier: Apache-2.0
// The portable arithmetic of each modulus, once.
#include "ec/curves.hpp"
#include "ec/residue_core.h"
#include "ed25519/scalar.hpp"
#include "ed448/group.hpp"

namespace ashlar::crypto::ec {

template <class Modulus>
void PortableField<Modulus>::multiply(Element& out, const Element& a, const Element& b) {
  using M = Montgomery<Modulus>;
  ashlar_residue_multiply(out.v, a.v, b.v, M::kModulus.v, M::kNegativeInverse, M::kLimbs);
}
template <class Modulus>
void PortableField<Modulus>::add(Element& out, const Element& a, const Element& b) {
  using M = Montgomery<Modulus>;
  ashlar_residue_add(out.v, a.v, b.v, M::kModulus.v, M::kLimbs);
}
template <class Modulus>
void PortableField<Modulus>::subtract(Element& out, const Element& a, const Element& b) {
  using M = Montgomery<Modulus>;
  ashlar_residue_subtract(out.v, a.v, b.v, M::kModulus.v, M::kLimbs);
}
template <class Modulus>
void PortableField<Modulus>::half(Element& out, const Element& a) {
  using M = Montgomery<Modulus>;
  ashlar_residue_half(out.v, a.v, M::kModulus.v, M::kLimbs);
}

template struct PortableField<P256::Prime>;
template struct PortableField<P256::Order>;
template struct PortableField<P384::Prime>;
template struct PortableField<P384::Order>;
template struct PortableField<P521::Prime>;
template struct PortableField<P521::Order>;
template struct PortableField<ed25519::Order>;
template struct PortableField<ed448::Order>;

}  // namespace ashlar::crypto::ec
