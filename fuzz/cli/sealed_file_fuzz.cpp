// SPDX-License-Identifier: Apache-2.0
// Sealed files of the tool: what opens is what was sealed, chunk by chunk, whatever happens to the file
//
// The input: cipher, size of the text, how it is read, and edits of the sealed file; or, with the top bit of
// the first byte, a file as it is.
#include "files/sealed_file.hpp"

#include "failure/failure.hpp"
#include "support/check.hpp"
#include "support/choices.hpp"

#include <algorithm>

using namespace ashlar;
using namespace ashlar::cli;
namespace sealed = ashlar::cli::sealed_file;
using fuzz::Choices;
using Buffer = std::vector<std::uint8_t>;

namespace {

constexpr std::size_t kHeader = 68;
constexpr std::size_t kSealedChunk = sealed::kChunk + sealed::kTag;

sealed::KeySource key_source() {
  sealed::KeySource source;
  source.key.emplace(Buffer(sealed::kKeySize, 7));
  return source;
}

sealed::Reader reader_of(const Buffer& data, std::size_t step) {
  return [&data, step](const std::function<void(Bytes)>& take) {
    for (Bytes rest(data); !rest.empty();) {
      const std::size_t count = std::min(step, rest.size());
      take(rest.first(count));
      rest = rest.subspan(count);
    }
  };
}

// What comes out, and whether all of it did.
struct Opened {
  Buffer text;
  bool whole = false;
};
Opened open(const Buffer& file, std::size_t step) {
  Opened opened;
  try {
    sealed::open(
        [](bool passphrase) {
          if (passphrase) {
            throw Failure("nobody has one here");  // deriving from it takes a third of a second
          }
          return key_source();
        },
        "file", reader_of(file, step),
        [&](Bytes piece) { opened.text.insert(opened.text.end(), piece.begin(), piece.end()); });
    opened.whole = true;
  } catch (const Failure&) {
  }
  return opened;
}

void edit(Buffer& file, Choices& in) {
  const std::size_t what = in.below(6);
  const std::size_t where = static_cast<std::size_t>(in.number(3)) % file.size();
  const std::size_t chunks = (file.size() - std::min(kHeader, file.size())) / kSealedChunk;
  const auto chunk_at = [&](std::size_t number) {
    return static_cast<std::ptrdiff_t>(kHeader + number * kSealedChunk);
  };
  switch (what) {
    case 0:
      file[where] = static_cast<std::uint8_t>(file[where] ^ (1u << (in.byte() & 7)));
      break;
    case 1:
      file.resize(where);
      break;
    case 2:
      file.push_back(in.byte());
      break;
    case 3:  // the first two chunks, in the other order
      if (chunks >= 2) {
        std::swap_ranges(file.begin() + chunk_at(0), file.begin() + chunk_at(1), file.begin() + chunk_at(1));
      }
      break;
    case 4:  // the first chunk left out
      if (chunks >= 1) {
        file.erase(file.begin() + chunk_at(0), file.begin() + chunk_at(1));
      }
      break;
    default:  // cut between chunks
      file.resize(std::min(file.size(), static_cast<std::size_t>(chunk_at(where % 3))));
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 512) {
    return -1;
  }
  Choices in(data, size);
  const std::uint8_t how = in.byte();
  if ((how & 0x80) != 0) {
    const Bytes rest = in.rest();
    const Opened opened = open({rest.begin(), rest.end()}, 1u + (how & 0x7f));
    FUZZ_CHECK(!opened.whole && opened.text.empty());  // nobody here knows how to make one by hand
    fuzz::accepted("no sealed file");
    return 0;
  }
  // Sizes around the ends of chunks.
  const std::size_t text_size =
      (how >> 1 & 3u) * sealed::kChunk + in.byte() - std::min<std::size_t>((how >> 1 & 3u), 1) * 128;
  Buffer text(text_size);
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
  }
  Buffer file;
  sealed::seal((how & 1) != 0 ? sealed::Cipher::aes_256_gcm : sealed::Cipher::chacha20_poly1305, key_source(),
               "file", reader_of(text, 1 + 257u * in.byte()),
               [&](Bytes piece) { file.insert(file.end(), piece.begin(), piece.end()); });
  const std::size_t chunks = text.empty() ? 1 : (text.size() + sealed::kChunk - 1) / sealed::kChunk;
  FUZZ_CHECK(file.size() == kHeader + text.size() + chunks * sealed::kTag);
  const Buffer untouched = file;
  const std::size_t step = 1 + 509u * in.byte();
  while (!in.empty() && !file.empty()) {
    edit(file, in);
  }
  const Opened opened = open(file, step);
  FUZZ_CHECK(opened.whole == (file == untouched));
  FUZZ_CHECK(!opened.whole || opened.text == text);
  // And else whole chunks of it from its start, if any.
  FUZZ_CHECK(opened.text.size() <= text.size() &&
             std::equal(opened.text.begin(), opened.text.end(), text.begin()));
  FUZZ_CHECK(opened.whole || opened.text.size() % sealed::kChunk == 0);
  fuzz::accepted(opened.whole ? "opens, bytes" : "refused after bytes", opened.text.size());
  return 0;
}
