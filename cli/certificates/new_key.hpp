// SPDX-License-Identifier: Apache-2.0
// Makes and writes private keys, for `key new` and `cert new`.
#pragma once

#include <ashlar/x509/keys.hpp>

#include <string>
#include <vector>

namespace ashlar::cli {

// The kinds of keys that can be made: the names of their sizes, and a text for sentences.
std::vector<std::string> key_names();
std::string key_list();
// A new key with one of these names. Shows progress on a terminal if it takes long.
x509::PrivateKey make_private_key(const std::string& name);
// Writes it as PKCS#8 PEM into a file for its owner only (empty or "-": standard output), and says so. If the
// passphrase is not empty, the key is encrypted under it.
void write_private_key(const x509::PrivateKey& key, const std::string& path, bool replace, Bytes passphrase);

}  // namespace ashlar::cli
