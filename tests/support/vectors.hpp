// SPDX-License-Identifier: Apache-2.0
// Where the test vectors that are not part of this project lie: the folder that holds wycheproof/ and limbo/.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ashlar::test {

// The path of a vector file such as "wycheproof/aes_gcm_test.json". ASHLAR_VECTORS names the folder; where it
// is set but wrong, this throws and so fails the test. Without the variable the folder is the one that
// tests/meson.build gives; where that is absent there is no path, and the test skips.
std::optional<std::filesystem::path> vector_file(const std::string& name);

// What such a test says.
std::string why_no_vectors();

}  // namespace ashlar::test
