// SPDX-License-Identifier: Apache-2.0
#include "support/vectors.hpp"

#include <cstdlib>
#include <stdexcept>

namespace ashlar::test {

std::optional<std::filesystem::path> vector_file(const std::string& name) {
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

std::string why_no_vectors() {
  return "no vectors in " ASHLAR_VECTORS_DEFAULT "; ASHLAR_VECTORS can name their folder";
}

}  // namespace ashlar::test
