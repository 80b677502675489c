// SPDX-License-Identifier: Apache-2.0
// The implementations of fields in ec/ that this CPU can run.
#pragma once

#include "crypto/rows.hpp"
#include "ec/curves.hpp"
#include "ec/p256_field_x86_bmi2.hpp"
#include "ec/p384_field_x86_bmi2.hpp"
#include "ec/p521_field_x86_bmi2.hpp"

namespace ashlar::test {

// check.operator()<Field>(name) for each.
template <class Check>
void for_each_field(Check check) {
  using namespace ashlar::crypto;
  check.template operator()<ec::PortableField<ec::P256::Prime>>("P-256 prime, portable");
  check.template operator()<ec::PortableField<ec::P256::Order>>("P-256 order, portable");
  check.template operator()<ec::PortableField<ec::P384::Prime>>("P-384 prime, portable");
  check.template operator()<ec::PortableField<ec::P384::Order>>("P-384 order, portable");
  check.template operator()<ec::PortableField<ec::P521::Prime>>("P-521 prime, portable");
  check.template operator()<ec::PortableField<ec::P521::Order>>("P-521 order, portable");
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
  if (cpu::unmasked_features().has(cpu::Feature::bmi2)) {
    check.template operator()<ec::P256FieldBmi2>("P-256 prime, x86-bmi2");
    check.template operator()<ec::P384FieldBmi2>("P-384 prime, x86-bmi2");
    check.template operator()<ec::P521FieldBmi2>("P-521 prime, x86-bmi2");
  }
  if (cpu::unmasked_features().contains(cpu::Features(cpu::Feature::bmi2, cpu::Feature::adx))) {
    check.template operator()<ec::P256FieldAdx>("P-256 prime, x86-adx");
    check.template operator()<ec::P384FieldAdx>("P-384 prime, x86-adx");
    check.template operator()<ec::P521FieldAdx>("P-521 prime, x86-adx");
  }
#endif
}

}  // namespace ashlar::test
