// SPDX-License-Identifier: Apache-2.0
// Choosing a protocol by ALPN (RFC 7301).
#pragma once

#include <ashlar/base/bytes.hpp>

#include <string_view>

namespace ashlar::tls {

// The first of `ours` that is in the content of a ProtocolNameList; empty if none is.
std::string_view choose_protocol(std::span<const std::string_view> ours, Bytes offered);
// The config's own copy of a protocol's name, which outlives the message; empty if the config has none.
std::string_view find_protocol(std::span<const std::string_view> protocols, std::string_view protocol);

}  // namespace ashlar::tls
