// SPDX-License-Identifier: Apache-2.0
// What each handshake message decides, in a few words.
#pragma once

#include <ashlar/tls/event.hpp>

#include <string>

namespace ashlar::cli {

std::string decision(const tls::MessageEvent& message, const tls::Negotiated& negotiated);
// The cipher suites and signature schemes that a ClientHello offers, by name; empty for other messages.
std::string offered(const tls::MessageEvent& message);
// "TLS 1.2 (3,3)".
std::string version_text(tls::ProtocolVersion version);
// "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", or "nothing yet".
std::string suite_text(const tls::Negotiated& negotiated);
// ", a legacy cipher suite" where the suite is for old peers only (CipherSuite::legacy), and else nothing.
std::string legacy_text(const tls::Negotiated& negotiated);

}  // namespace ashlar::cli
