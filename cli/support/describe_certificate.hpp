// SPDX-License-Identifier: Apache-2.0
// Parts of certificates as text for a person: names, serials, algorithms, all safe for a terminal.
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
// "92 days left", "expired 3 days ago", "begins in 4 days".
std::string validity_state(const x509::Validity& validity, asn1::Time now);
// Parts with commas between them.
std::string joined(const std::vector<std::string>& parts);

}  // namespace ashlar::cli
