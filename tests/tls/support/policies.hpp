// SPDX-License-Identifier: Apache-2.0
// The named policies, narrowed to TLS 1.2 for tests that are about it.
#pragma once

#include <ashlar/tls/policy.hpp>

namespace ashlar::test {

inline constexpr tls::ProtocolVersion kTls13Alone[] = {tls::ProtocolVersion::tls13};
inline constexpr tls::ProtocolVersion kTls12Alone[] = {tls::ProtocolVersion::tls12};
inline constexpr tls::ProtocolVersion kTls13Then12[] = {tls::ProtocolVersion::tls13,
                                                        tls::ProtocolVersion::tls12};

inline tls::Policy only_tls12(tls::Policy policy) {
  policy.versions = kTls12Alone;
  return policy;
}
inline const tls::Policy kTls12Modern = only_tls12(tls::policy::modern);
inline const tls::Policy kTls12Strict = only_tls12(tls::policy::strict);
inline const tls::Policy kTls12Compat = only_tls12(tls::policy::compat);

}  // namespace ashlar::test
