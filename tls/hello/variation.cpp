// SPDX-License-Identifier: Apache-2.0
#include "hello/variation.hpp"

#include <ashlar/base/endian.hpp>

#include "extension/table.hpp"

namespace ashlar::tls {

namespace {

// One of the sixteen values 0x0a0a, 0x1a1a … 0xfafa (RFC 8701 §2).
std::uint16_t grease(std::uint8_t drawn) {
  return static_cast<std::uint16_t>(((drawn & 0xf0) | 0x0a) * 0x0101);
}

Result<void> draw_values(Variation& out, crypto::Random random) {
  std::uint8_t drawn[6];
  ASHLAR_CHECK(random.fill(drawn));
  out.suite = grease(drawn[0]);
  out.group = grease(drawn[1]);
  out.version = grease(drawn[2]);
  out.scheme = grease(drawn[3]);
  out.extensions[0] = grease(drawn[4]);
  out.extensions[1] = grease(drawn[5]);
  if (out.extensions[1] == out.extensions[0]) {  // no extension comes twice
    out.extensions[1] ^= 0x1010;
  }
  return {};
}

// pre_shared_key, the last row, stays where it must be (RFC 9846 §4.2.11).
Result<void> draw_order(Variation& out, crypto::Random random) {
  out.rows = std::size(kExtensions);
  static_assert(kExtensions[std::size(kExtensions) - 1].type == ExtensionType::pre_shared_key);
  std::uint8_t drawn[4 * std::size(kExtensions)];
  ASHLAR_CHECK(random.fill(drawn));
  for (std::size_t i = 0; i < out.rows; ++i) {
    out.order[i] = static_cast<std::uint8_t>(i);
  }
  for (std::size_t left = out.rows - 1; left > 1; --left) {
    // A bias of 2^-27 shows nobody anything.
    const auto chosen = static_cast<std::uint32_t>((std::uint64_t{load_be32(drawn + 4 * left)} * left) >> 32);
    const std::uint8_t last = out.order[left - 1];
    out.order[left - 1] = out.order[chosen];
    out.order[chosen] = last;
  }
  return {};
}

}  // namespace

Result<std::uint16_t> draw_grease(crypto::Random random) {
  std::uint8_t drawn[1];
  ASHLAR_CHECK(random.fill(drawn));
  return grease(drawn[0]);
}

Result<Variation> draw_variation(const ClientConfig& config, crypto::Random random) {
  Variation out;
  if (config.grease) {
    ASHLAR_CHECK(draw_values(out, random));
  }
  if (config.permute_extensions) {
    ASHLAR_CHECK(draw_order(out, random));
  }
  return out;
}

}  // namespace ashlar::tls
