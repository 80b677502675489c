// SPDX-License-Identifier: Apache-2.0
// What `explain` says of a cipher suite or of a version.
#pragma once

#include <string>
#include <string_view>

namespace ashlar::cli {

// Tells of the suite with this name of IANA's, OpenSSL's or GnuTLS's, or with this number such as 0x0005.
// False if there is none.
bool explain_suite(const std::string& what);

// Tells what became of a version of SSL or TLS. False if the words are none.
bool explain_version(std::string_view words);

}  // namespace ashlar::cli
