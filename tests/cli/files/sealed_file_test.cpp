// SPDX-License-Identifier: Apache-2.0
// The format of enc and dec: sealed data comes back for any division into pieces, and every change is
// reported.
#include "files/sealed_file.hpp"

#include "catch.hpp"
#include "cli/tool.hpp"
#include "failure/failure.hpp"

#include <algorithm>

using namespace ashlar;
using namespace ashlar::cli;
using ashlar::test::has;

namespace {

using Buffer = std::vector<std::uint8_t>;

constexpr std::size_t kHeader = 68;
constexpr std::size_t kSealedChunk = sealed_file::kChunk + sealed_file::kTag;

Buffer noise(std::size_t size, std::uint32_t seed = 1) {
  Buffer out(size);
  for (std::uint8_t& byte : out) {
    seed = seed * 1664525 + 1013904223;
    byte = static_cast<std::uint8_t>(seed >> 24);
  }
  return out;
}

sealed_file::Reader in_pieces(const Buffer& data, std::size_t piece) {
  return [&data, piece](const std::function<void(Bytes)>& use) {
    for (std::size_t at = 0; at < data.size(); at += piece) {
      use(Bytes(data).subspan(at, std::min(piece, data.size() - at)));
    }
  };
}

sealed_file::KeySource key(std::uint32_t seed = 7) {
  sealed_file::KeySource source;
  source.key = FileBytes(noise(sealed_file::kKeySize, seed));
  return source;
}

Buffer seal(const Buffer& data, std::size_t piece = 1 << 16,
            sealed_file::Cipher cipher = sealed_file::Cipher::aes_256_gcm) {
  Buffer out;
  sealed_file::seal(cipher, key(), "plain", in_pieces(data, piece),
                    [&](Bytes more) { out.insert(out.end(), more.begin(), more.end()); });
  return out;
}

struct Opened {
  Buffer data;        // what was written
  std::string error;  // empty: all was well
};

Opened open(const Buffer& sealed, std::size_t piece = 1 << 16, std::uint32_t seed = 7) {
  Opened opened;
  try {
    sealed_file::open([&](bool) { return key(seed); }, "sealed", in_pieces(sealed, piece),
                      [&](Bytes more) { opened.data.insert(opened.data.end(), more.begin(), more.end()); });
  } catch (const Failure& failure) {
    opened.error = failure.what();
  }
  return opened;
}

// Chunk i of a sealed file, with its tag.
Buffer chunk(const Buffer& sealed, std::size_t i) {
  const std::size_t from = kHeader + i * kSealedChunk;
  const std::size_t to = std::min(sealed.size(), from + kSealedChunk);
  return Buffer(sealed.begin() + static_cast<std::ptrdiff_t>(from),
                sealed.begin() + static_cast<std::ptrdiff_t>(to));
}

// The header, then these chunks.
Buffer assembled(const Buffer& sealed, const std::vector<std::size_t>& chunks) {
  Buffer out(sealed.begin(), sealed.begin() + kHeader);
  for (const std::size_t i : chunks) {
    const Buffer part = chunk(sealed, i);
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

}  // namespace

TEST_CASE("sealed file: every size comes back, in whatever pieces it is read", "[cli]") {
  for (const auto cipher : {sealed_file::Cipher::aes_256_gcm, sealed_file::Cipher::chacha20_poly1305}) {
    for (const std::size_t size : {0u, 1u, 65535u, 65536u, 65537u, 131072u, 200000u}) {
      const Buffer data = noise(size);
      for (const std::size_t piece : {1000u, 65536u, 1000000u}) {
        INFO(size << " bytes in pieces of " << piece);
        const Buffer sealed = seal(data, piece, cipher);
        const std::size_t chunks =
            std::max<std::size_t>(1, (size + sealed_file::kChunk - 1) / sealed_file::kChunk);
        CHECK(sealed.size() == kHeader + size + chunks * sealed_file::kTag);
        const Opened opened = open(sealed, piece + 13);
        CHECK(opened.error.empty());
        CHECK(opened.data == data);
      }
    }
  }
}

TEST_CASE("sealed file: the header is what docs/enc-format.md says", "[cli]") {
  const Buffer sealed = seal({});
  CHECK(text_of(Bytes(sealed).first(12)) == "ashlar-enc-1");
  CHECK(sealed[12] == 1);
  CHECK(sealed[13] == 1);
  CHECK(std::all_of(sealed.begin() + 14, sealed.begin() + 20, [](std::uint8_t byte) { return byte == 0; }));
  CHECK(seal({}) != sealed);  // with its own salt
}

TEST_CASE("sealed file: a bit flipped anywhere is noticed before anything of its chunk is written", "[cli]") {
  const Buffer data = noise(150000);
  const Buffer sealed = seal(data);
  for (std::size_t at = 0; at < sealed.size(); at += at < 2 * kHeader ? 1 : 4999) {
    INFO("byte " << at);
    Buffer changed = sealed;
    changed[at] ^= static_cast<std::uint8_t>(1 << at % 8);
    const Opened opened = open(changed);
    REQUIRE(!opened.error.empty());
    const std::size_t whole = at < kHeader ? 0 : (at - kHeader) / kSealedChunk * sealed_file::kChunk;
    CHECK(opened.data.size() == whole);
    CHECK(std::equal(opened.data.begin(), opened.data.end(), data.begin()));
  }
}

TEST_CASE("sealed file: a cut is told of wherever it is made", "[cli]") {
  const Buffer sealed = seal(noise(150000));
  for (const std::size_t size : std::initializer_list<std::size_t>{
           0, 1, 67, 68, 69, 83, 84, 100, kHeader + kSealedChunk - 1, kHeader + kSealedChunk,
           kHeader + kSealedChunk + 1, kHeader + 2 * kSealedChunk, sealed.size() - 1}) {
    INFO(size << " bytes");
    const Opened opened = open(Buffer(sealed.begin(), sealed.begin() + static_cast<std::ptrdiff_t>(size)));
    CHECK(!opened.error.empty());
    CHECK(opened.data.size() <= size);
  }
  CHECK(has(open(assembled(sealed, {})).error, "cut off after 0 whole chunks"));
  CHECK(has(open(assembled(sealed, {0})).error, "cut off after 1 whole chunk,"));
  CHECK(has(open(assembled(sealed, {0, 1})).error, "cut off after 2 whole chunks"));
}

TEST_CASE("sealed file: chunks swapped, left out, repeated or added are told of", "[cli]") {
  const Buffer data = noise(3 * sealed_file::kChunk);
  const Buffer sealed = seal(data);
  REQUIRE(open(assembled(sealed, {0, 1, 2})).data == data);
  for (const auto& order : std::vector<std::vector<std::size_t>>{{1, 0, 2}, {0, 2}, {0, 0, 1, 2}, {2}}) {
    CHECK(has(open(assembled(sealed, order)).error, "not in its place"));
  }
  const Opened more = open(assembled(sealed, {0, 1, 2, 2}));
  CHECK(has(more.error, "more follows what was its last chunk, number 3"));
  Buffer longer = sealed;
  longer.push_back(0);
  CHECK(!open(longer).error.empty());
}

TEST_CASE("sealed file: a chunk of another file under the same key is refused", "[cli]") {
  const Buffer one = seal(noise(100000, 1)), other = seal(noise(100000, 2));
  Buffer mixed(one.begin(), one.begin() + kHeader);
  const Buffer first = chunk(other, 0);
  mixed.insert(mixed.end(), first.begin(), first.end());
  const Opened opened = open(mixed);
  CHECK(!opened.error.empty());
  CHECK(opened.data.empty());
}

TEST_CASE("sealed file: the wrong key is called that, before anything is opened", "[cli]") {
  const Opened opened = open(seal(noise(10)), 1 << 16, 8);
  CHECK(has(opened.error, "not the right key"));
  CHECK(opened.data.empty());
}

TEST_CASE("sealed file: a header that asks for unbounded work is refused without doing it", "[cli]") {
  Buffer sealed = seal(noise(10));
  sealed[13] = 2;  // a passphrase
  const auto ask = [](bool) {
    sealed_file::KeySource source;
    source.passphrase = FileBytes(Buffer{'x'});
    return source;
  };
  for (const auto& cost : std::vector<std::vector<std::uint8_t>>{
           {63, 8, 1}, {40, 255, 255}, {30, 8, 1}, {0, 8, 1}, {17, 0, 1}, {17, 8, 0}, {20, 255, 255}}) {
    INFO(int{cost[0]} << " " << int{cost[1]} << " " << int{cost[2]});
    std::copy(cost.begin(), cost.end(), sealed.begin() + 14);
    CHECK_THROWS_AS(sealed_file::open(ask, "sealed", in_pieces(sealed, 1000), [](Bytes) {}), Failure);
  }
}
