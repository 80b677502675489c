// SPDX-License-Identifier: Apache-2.0
// What each handshake message decides, in a few words.
#pragma once

#include <ashlar/tls/event.hpp>

#include <string>

namespace ashlar::cli {

// What a phase of the handshake is for: "phase 1: the hellos agree on …".
const char* phase_title(tls::Phase phase, bool tls13);
std::string decision(const tls::MessageEvent& message, const tls::Negotiated& negotiated);
// What the level `records` adds: the cipher suites, signature schemes and compression methods of a hello, and
// the number of the message's type.
std::string offered(const tls::MessageEvent& message);
// "TLS 1.2 (3,3)".
std::string version_text(tls::ProtocolVersion version);
// "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", or "nothing yet".
std::string suite_text(const tls::Negotiated& negotiated);
// ", a legacy cipher suite" where the suite is for old peers only (CipherSuite::legacy), and else nothing.
std::string legacy_text(const tls::Negotiated& negotiated);

}  // namespace ashlar::cli
