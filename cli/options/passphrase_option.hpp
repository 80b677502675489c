// SPDX-License-Identifier: Apache-2.0
// --passphrase-file, of every command that reads private keys.
#pragma once

#include "certificates/private_keys.hpp"

#include <CLI/CLI.hpp>

namespace ashlar::cli {

// about: whose passphrase it is.
inline CLI::Option* add_passphrase_file(CLI::App& command, KeyPassphrases& passphrases,
                                        const std::string& about) {
  return command
      .add_option("--passphrase-file", passphrases.files,
                  "File whose first line is the passphrase of " + about +
                      "; without it the terminal is asked where a key has one")
      ->allow_extra_args(false)
      ->type_name("FILE");
}

}  // namespace ashlar::cli
