// SPDX-License-Identifier: Apache-2.0
// Private keys made and written: for `key new` and `cert new`.
#pragma once

#include <ashlar/x509/keys.hpp>

#include <string>
#include <vector>

namespace ashlar::cli {

// The kinds of keys that can be made, by the names of their sizes, and as a sentence has them.
std::vector<std::string> key_names();
std::string key_list();
// A new key of one of these names, with progress on a terminal where it takes long.
x509::PrivateKey make_private_key(const std::string& name);
// Writes it as PKCS#8 PEM into a file for its owner alone (empty or "-": standard output), and says so. Under
// the passphrase, unless that is empty.
void write_private_key(const x509::PrivateKey& key, const std::string& path, bool replace, Bytes passphrase);

}  // namespace ashlar::cli
