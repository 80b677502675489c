// SPDX-License-Identifier: Apache-2.0
// Why a suite is for old peers only: what CipherSuite::legacy says.
#pragma once

#include <string_view>

namespace ashlar::tls::legacy {

inline constexpr std::string_view kRsaTransport =
    "RSA key transport: whoever gets the server's key later reads what was recorded; RFC 10015 forbids it";
inline constexpr std::string_view kPlainPsk =
    "a pre-shared key without a fresh key exchange: whoever gets the key later reads what was recorded";
inline constexpr std::string_view kFiniteField =
    "finite-field Diffie-Hellman: slow for its strength; RFC 10015 forbids it, ECDHE has replaced it";
inline constexpr std::string_view kCbc =
    "CBC with HMAC: attacks on its padding have come back for twenty years; authenticated encryption has "
    "replaced it";
inline constexpr std::string_view kShortTag =
    "tags of 8 bytes: one forgery in 2^64 passes; for devices that cannot send more";

}  // namespace ashlar::tls::legacy
