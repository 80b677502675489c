// SPDX-License-Identifier: Apache-2.0
// The place of the test vectors that are not part of this project: the folder with wycheproof/ and limbo/.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ashlar::test {

// The path of a vector file such as "wycheproof/aes_gcm_test.json". ASHLAR_VECTORS names the folder. If it is
// set but wrong, this throws, and the test fails. Without the variable the folder is the one in
// tests/meson.build. If that is absent, there is no path, and the test is skipped.
std::optional<std::filesystem::path> vector_file(const std::string& name);

// The text of a skipped test.
std::string why_no_vectors();

}  // namespace ashlar::test
