// SPDX-License-Identifier: Apache-2.0
// Private keys from files, in the clear or under a passphrase.
#pragma once

#include "files/files.hpp"

#include <ashlar/x509/encrypted_key.hpp>

#include <string>
#include <vector>

namespace ashlar::cli {

// Where the passphrases of a command's keys come from: from files, one for each key under a passphrase in the
// order in which the keys are read, the last file for all that follow; without files from the terminal.
struct KeyPassphrases {
  std::vector<std::string> files = {};
  std::size_t used = 0;  // how many were asked for
};

// A private key, PEM or DER. Under a passphrase it is opened: the terminal is asked up to three times, a file
// is tried once.
x509::PrivateKey load_private_key(const std::string& path, KeyPassphrases& passphrases);

// The passphrase for a new key that goes to `path`: from a file, or asked for twice.
FileBytes new_passphrase(const std::string& path, KeyPassphrases& passphrases);

}  // namespace ashlar::cli
