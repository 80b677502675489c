// SPDX-License-Identifier: Apache-2.0
// Which groups TLS 1.2 has.
#pragma once

#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

// Its two shares have one size: ML-KEM's groups are for TLS 1.3. Points have a length of one byte (RFC 8422
// §5.4), values of RFC 7919's groups one of two.
constexpr bool in_tls12(const Group& group) {
  return group.start_share_size == group.response_share_size &&
         (group.start_share_size <= 255 || group.finite_field != nullptr);
}

}  // namespace ashlar::tls
