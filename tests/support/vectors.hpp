// SPDX-License-Identifier: Apache-2.0
// Where the test vectors that are not part of this project lie: the folder that holds wycheproof/ and limbo/.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

namespace ashlar::test {

// The path of a vector file such as "wycheproof/aes_gcm_test.json". ASHLAR_VECTORS names the folder; where it
// is set but wrong, this throws and so fails the test. Without the variable the folder is
// ASHLAR_VECTORS_DEFAULT (set by tests/meson.build); where that is absent there is no path, and the test
// skips.
inline std::optional<std::filesystem::path> vector_file(const std::string& name) {
  const char* variable = std::getenv("ASHLAR_VECTORS");
  const std::filesystem::path folder = variable != nullptr ? variable : ASHLAR_VECTORS_DEFAULT;
  if (variable == nullptr && !std::filesystem::is_directory(folder)) {
    return std::nullopt;
  }
  const auto path = folder / name;
  if (!std::filesystem::is_regular_file(path)) {
    throw std::runtime_error(
        (variable != nullptr ? "ASHLAR_VECTORS is set, but there is no " : "there is no ") + path.string());
  }
  return path;
}

}  // namespace ashlar::test
