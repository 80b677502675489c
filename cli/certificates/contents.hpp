// SPDX-License-Identifier: Apache-2.0
// What a file holds that was given as a certificate or a private key but is not one, and the command that
// converts it.
#pragma once

#include "failure/failure.hpp"

#include <ashlar/base/bytes.hpp>

#include <string>

namespace ashlar::cli {

bool looks_like_pem(Bytes content);
// Whether it holds one, sound or not, in a format that Ashlar reads.
bool holds_certificate(Bytes content);
bool holds_private_key(Bytes content);

// The words for a file without the wanted certificate or private key. path: as it was
// given.
Words no_certificate(const std::string& path, Bytes content);
Words no_private_key(const std::string& path, Bytes content);

// The kinds of PEM blocks of a file that are neither certificates nor private keys; empty if there are
// none.
std::string other_blocks(Bytes content);

// Whether a file without a readable private key has one in the old encrypted form with headers (RFC 1421).
// Ashlar does not read that form.
bool has_old_encryption(std::string_view text);

// The kind of a private key in PEM or DER by the name of its algorithm or curve: "Ed25519", "secp256k1".
// Empty if there is none.
std::string key_kind_of(Bytes content);

}  // namespace ashlar::cli
