// SPDX-License-Identifier: Apache-2.0
// What a mistyped word may have meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ashlar::cli {

// The word of `all` that differs from `word` by the fewest letters put in, left out or changed, at most two;
// or the only one that begins so. Empty if there is none.
std::string nearest(std::string_view word, const std::vector<std::string>& all);

}  // namespace ashlar::cli
