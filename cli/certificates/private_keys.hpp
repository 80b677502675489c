// SPDX-License-Identifier: Apache-2.0
// Private keys from files, in the clear or under a passphrase.
#pragma once

#include "files/files.hpp"

#include <ashlar/x509/encrypted_key.hpp>

#include <string>
#include <vector>

namespace ashlar::cli {

// The source of the passphrases of a command's keys. With files, each encrypted key takes the next file, in
// the order in which keys are read, and the last file serves all further keys. Without files, the terminal is
// asked.
struct KeyPassphrases {
  std::vector<std::string> files = {};
  std::size_t used = 0;  // how many were asked for
};

// A private key, PEM or DER. An encrypted key is opened: the terminal is asked up to three times, a file is
// tried once.
x509::PrivateKey load_private_key(const std::string& path, KeyPassphrases& passphrases);

// The passphrase for a new key that goes to `path`: from a file, or asked for twice.
FileBytes new_passphrase(const std::string& path, KeyPassphrases& passphrases);

}  // namespace ashlar::cli
