// SPDX-License-Identifier: Apache-2.0
// Parts of certificates and keys as text for people: names, serials, algorithms, times. All are safe for a
// terminal.
#pragma once

#include <ashlar/x509/certificate.hpp>

#include <string>
#include <vector>

namespace ashlar::cli {

// "CN=example.com, O=Example".
std::string name_text(Bytes name);
// As openssl prints it: hex without leading zero bytes.
std::string serial_text(Bytes serial);
// A known name ("keyUsage"), else the dotted form.
std::string oid_text(Bytes oid);
// "RSA, 2048 bits, exponent 65537", or the algorithm's name for keys that Ashlar does not use.
std::string public_key_text(const x509::Certificate& certificate);
std::string signature_text(const x509::Certificate& certificate);
// "DNS example.com", "IP 127.0.0.1", …
std::vector<std::string> alt_names(const x509::Certificate& certificate);
std::vector<std::string> key_usages(const x509::Certificate& certificate);
std::vector<std::string> extended_key_usages(const x509::Certificate& certificate);
// Its policies, what it maps, and what it demands of the certificates below it.
std::vector<std::string> policies(const x509::Certificate& certificate);
// The rules that it breaks, and where: "explicit-default at tbsCertificate.extensions.basicConstraints (byte
// 250): a value equal to its DEFAULT is written out [X.690 §11.5]".
std::vector<std::string> deviations(const x509::Certificate& certificate);
// "92 days left", "expired 3 days ago", "begins in 4 days".
std::string validity_state(const x509::Validity& validity, asn1::Time now);
// The kinds of keys that Ashlar uses: "RSA, ECDSA P-256, …".
std::string key_kinds();
// "RSA, 2048 bits".
std::string key_text(const x509::PublicKey& key);
// "2026-11-21T03:00:00Z".
std::string time_text(asn1::Time time);
// "2026-11-21", "2026-11-21T03:00:00Z" (or with a blank for the T), or seconds since 1970.
asn1::Time parse_time(const std::string& text);
// SHA-256.
std::string fingerprint(Bytes data);
// Parts separated by commas.
std::string joined(const std::vector<std::string>& parts);

}  // namespace ashlar::cli
