// SPDX-License-Identifier: Apache-2.0
// The names of all cipher suites that IANA has registered, spoken here or not, for messages and logs. A suite
// that is spoken has its name in its row (CipherSuite::name).
#pragma once

#include <span>
#include <string_view>

#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

// No name is longer, in bytes.
inline constexpr std::size_t kMaxSuiteName = 64;

// IANA's name of a suite, written to the start of `room`; empty if the registry has none for the number.
std::string_view iana_name(SuiteId suite, std::span<char, kMaxSuiteName> room);

}  // namespace ashlar::tls
