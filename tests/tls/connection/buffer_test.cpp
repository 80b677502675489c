// SPDX-License-Identifier: Apache-2.0
// Buffers wipe the written part of their memory before they give it back.
#include "buffer.hpp"

#include <cstdlib>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using ashlar::test::noise;

namespace {

// Memory that is zero at first. It counts returned bytes that are not zero.
struct ZeroMemory {
  std::size_t given_back = 0;
  std::size_t dirty = 0;

  const tls::Memory memory = {[](void*, std::size_t size) { return std::calloc(1, size); },
                              [](void* context, void* block, std::size_t size) {
                                auto& self = *static_cast<ZeroMemory*>(context);
                                ++self.given_back;
                                for (std::size_t i = 0; i < size; ++i) {
                                  self.dirty += static_cast<std::uint8_t*>(block)[i] != 0 ? 1u : 0u;
                                }
                                std::free(block);
                              },
                              this};
};

const auto kSecret = noise(300);

}  // namespace

TEST_CASE("buffer: what was written is wiped, consumed or not") {
  ZeroMemory zero;
  {
    tls::Buffer buffer(zero.memory);
    REQUIRE(buffer.append(kSecret));
    buffer.consume(kSecret.size());
    REQUIRE(buffer.append(Bytes(kSecret).first(10)));
    buffer.compact();
  }
  CHECK(zero.given_back == 1);
  CHECK(zero.dirty == 0);
}

TEST_CASE("buffer: room that was handed out counts as written until it is committed") {
  ZeroMemory zero;
  {
    tls::Buffer buffer(zero.memory);
    REQUIRE(buffer.reserve(1000));
    copy_bytes(buffer.room(), kSecret);
  }
  {
    tls::Buffer buffer(zero.memory);
    REQUIRE(buffer.reserve(1000));
    copy_bytes(buffer.room(), kSecret);
    buffer.commit(kSecret.size());
    tls::Buffer moved(zero.memory);
    moved = std::move(buffer);
  }
  CHECK(zero.given_back == 2);
  CHECK(zero.dirty == 0);
}

TEST_CASE("buffer: memory that it grows out of is wiped, and so is what clear() keeps") {
  ZeroMemory zero;
  {
    tls::Buffer buffer(zero.memory);
    REQUIRE(buffer.append(kSecret));
    REQUIRE(buffer.ensure_capacity(5000));
    CHECK(zero.given_back == 1);
    CHECK(zero.dirty == 0);
    CHECK_BYTES(buffer.bytes(), kSecret);
    buffer.clear();
    for (const std::uint8_t byte : buffer.room()) {
      zero.dirty += byte;
    }
  }
  CHECK(zero.dirty == 0);
}
