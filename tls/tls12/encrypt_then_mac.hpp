// SPDX-License-Identifier: Apache-2.0
// Whether records are encrypted and then authenticated (RFC 7366). Only CBC suites can do that. All code that
// depends on it asks here.
#pragma once

#include <ashlar/tls/registry.hpp>

#include "record/protection.hpp"

namespace ashlar::tls::tls12 {

// What a server answers to an offer.
bool decide_encrypt_then_mac(const CipherSuite& suite, bool offered);
// How a client reads the answer: unsolicited_extension if the suite cannot use it (RFC 7366 §3).
Result<bool> check_encrypt_then_mac(const CipherSuite& suite, bool answered);
// The row that protects the records.
const RecordCipher& record_cipher(const CipherSuite& suite, bool encrypt_then_mac);

}  // namespace ashlar::tls::tls12
