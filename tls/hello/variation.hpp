// SPDX-License-Identifier: Apache-2.0
// What differs from one ClientHello to the next, so that no peer comes to rely on its form: values that mean
// nothing (GREASE, RFC 8701), and the order of the extensions.
#pragma once

#include <ashlar/tls/config.hpp>

#include "extension/set.hpp"

namespace ashlar::tls {

// A second ClientHello has the same values and the same order as the first.
struct Variation {
  // 0: none.
  std::uint16_t suite = 0;
  std::uint16_t group = 0;  // and its key share
  std::uint16_t version = 0;
  std::uint16_t scheme = 0;
  std::uint16_t extensions[2] = {};  // two that are not the same
  // Numbers of rows of the table. None: its own order.
  std::uint8_t order[kMaxExtensionRows] = {};
  std::size_t rows = 0;

  Bytes extension_order() const { return Bytes(order).first(rows); }
};

// One value that means nothing, of the sixteen for suites, groups, versions, schemes and extensions.
Result<std::uint16_t> draw_grease(crypto::Random random);

// As the config says.
Result<Variation> draw_variation(const ClientConfig& config, crypto::Random random);

}  // namespace ashlar::tls
