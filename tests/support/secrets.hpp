// SPDX-License-Identifier: Apache-2.0
// The forms in which secrets may be found where they should not be.
#pragma once

#include "support/bytes.hpp"

#include <algorithm>
#include <string_view>

namespace ashlar::test {

// How many 8-byte words of `secret` are anywhere in `memory`. Words with all bytes equal do not
// count.
inline std::size_t words_found(Bytes secret, Bytes memory) {
  const std::string_view left = text_of(memory);
  std::size_t found = 0;
  for (std::size_t at = 0; at + 8 <= secret.size(); at += 8) {
    const std::string_view word = text_of(secret.subspan(at, 8));
    if (word.find_first_not_of(word[0]) != std::string_view::npos &&
        left.find(word) != std::string_view::npos) {
      ++found;
    }
  }
  return found;
}

// The words of `bytes` in the other byte order.
inline Buffer reversed_words(Bytes bytes, std::size_t word) {
  Buffer out(bytes.begin(), bytes.end());
  for (std::size_t at = 0; at + word <= out.size(); at += word) {
    std::reverse(out.begin() + static_cast<std::ptrdiff_t>(at),
                 out.begin() + static_cast<std::ptrdiff_t>(at + word));
  }
  return out;
}

// Each word twice, as with the same message in neighbouring lanes.
inline Buffer doubled_words(Bytes bytes, std::size_t word) {
  Buffer out;
  for (std::size_t at = 0; at + word <= bytes.size(); at += word) {
    out.insert(out.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
               bytes.begin() + static_cast<std::ptrdiff_t>(at + word));
    out.insert(out.end(), out.end() - static_cast<std::ptrdiff_t>(word), out.end());
  }
  return out;
}

// `bytes` in every form in which a kernel handles it.
inline Buffer forms_of(Bytes bytes, std::size_t word) {
  Buffer out(bytes.begin(), bytes.end());
  for (const Buffer& form : {reversed_words(bytes, word), doubled_words(bytes, word),
                             doubled_words(reversed_words(bytes, word), word)}) {
    out.insert(out.end(), form.begin(), form.end());
  }
  return out;
}

}  // namespace ashlar::test
