// SPDX-License-Identifier: Apache-2.0
// What `explain` says of a cipher suite.
#pragma once

#include <string>

namespace ashlar::cli {

// Tells of the suite with this name of IANA's, or with this number such as 0x0005. False if there is none.
bool explain_suite(const std::string& what);

}  // namespace ashlar::cli
