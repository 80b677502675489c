// SPDX-License-Identifier: Apache-2.0
// What a file holds that was given for a certificate or a private key and is none, and the command that makes
// one of it.
#pragma once

#include "failure/failure.hpp"

#include <ashlar/base/bytes.hpp>

#include <string>

namespace ashlar::cli {

bool looks_like_pem(Bytes content);
// Whether there is one, sound or not, in a format that is read here.
bool holds_certificate(Bytes content);
bool holds_private_key(Bytes content);

// The words for a file without the certificate, or the private key, that was wanted of it. path: as it was
// given.
Words no_certificate(const std::string& path, Bytes content);
Words no_private_key(const std::string& path, Bytes content);

// The kinds of PEM blocks of a file that are neither certificates nor private keys; empty where there are
// none.
std::string other_blocks(Bytes content);

// Whether a file without private key holds one under a passphrase of the old kind, with headers (RFC 1421),
// which is not read.
bool has_old_encryption(std::string_view text);

// The kind of a private key in PEM or DER by the name of its algorithm or curve: "Ed25519", "secp256k1".
// Empty where there is none.
std::string key_kind_of(Bytes content);

}  // namespace ashlar::cli
