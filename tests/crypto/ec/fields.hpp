// SPDX-License-Identifier: Apache-2.0
// The implementations of fields in ec/ that this CPU can run.
#pragma once

#include "crypto/rows.hpp"
#include "ec/curves.hpp"

namespace ashlar::test {

// check.operator()<Field>(name) for each.
template <class Check>
void for_each_field(Check check) {
  using namespace ashlar::crypto;
  check.template operator()<ec::PortableField<ec::P256::Prime>>("P-256 prime, portable");
  check.template operator()<ec::PortableField<ec::P256::Order>>("P-256 order, portable");
  check.template operator()<ec::PortableField<ec::P384::Prime>>("P-384 prime, portable");
  check.template operator()<ec::PortableField<ec::P384::Order>>("P-384 order, portable");
}

}  // namespace ashlar::test
