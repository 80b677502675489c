// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/key_wrap.hpp>

#include "catch.hpp"
#include "crypto/key_ends.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/guarded.hpp"
#include "support/registers.hpp"
#include "support/skip.hpp"
#include "support/stack.hpp"

#include <sys/mman.h>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;

namespace key_wrap_test {
namespace {

AesKeyWrapper wrapper(Bytes key, const AesKernel* row = nullptr) {
  auto made = AesKeyWrapper::create(key, row);
  REQUIRE(made.ok());
  return *std::move(made);
}

AesKeyUnwrapper unwrapper(Bytes key, const AesKernel* row = nullptr) {
  auto made = AesKeyUnwrapper::create(key, row);
  REQUIRE(made.ok());
  return *std::move(made);
}

Buffer wrap(const AesKeyWrapper& with, Bytes key, bool padded) {
  Buffer out(padded ? padded_wrapped_size(key.size()) : key.size() + kKeyWrapOverhead);
  REQUIRE((padded ? with.wrap_padded(key, out) : with.wrap(key, out)).ok());
  return out;
}

// The key, or the error.
Result<Buffer> unwrap(const AesKeyUnwrapper& with, Bytes wrapped, bool padded) {
  Buffer out(wrapped.size() - kKeyWrapOverhead, 0xee);
  if (padded) {
    ASHLAR_TRY(const MutBytes key, with.unwrap_padded(wrapped, out));
    CHECK(key.data() == out.data());
    return test::buffer_of(Bytes(key));
  }
  ASHLAR_CHECK(with.unwrap(wrapped, out));
  return out;
}

// The wrapping function exactly as in SP 800-38F §6.1: all semiblocks of the arrays move at each step, unlike
// in the library.
Buffer wrapped_by_the_book(Bytes key, Buffer s) {
  AesSchedule schedule;
  const AesKernel& portable = aes_kernels().back();
  portable.expand_encrypt(schedule, key);
  const std::size_t n = s.size() / 8;
  for (std::uint64_t t = 1; t <= 6 * (n - 1); ++t) {
    Buffer block(s.begin(), s.begin() + 16);
    portable.encrypt_blocks(schedule, block.data(), block.data(), 1);
    s.erase(s.begin() + 8, s.begin() + 16);
    s.insert(s.end(), block.begin() + 8, block.end());
    for (std::size_t i = 0; i < 8; ++i) {
      s[i] = static_cast<std::uint8_t>(block[i] ^ (t >> (56 - 8 * i)));
    }
  }
  return s;
}

struct Known {
  std::size_t kek;  // bytes of 00 01 02...
  const char* key;
  const char* wrapped;
};
// RFC 3394 §4.
const Known kKnown[] = {
    {16, "00112233445566778899aabbccddeeff", "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"},
    {24, "00112233445566778899aabbccddeeff", "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"},
    {32, "00112233445566778899aabbccddeeff", "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"},
    {24, "00112233445566778899aabbccddeeff0001020304050607",
     "031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2"},
    {32, "00112233445566778899aabbccddeeff0001020304050607",
     "a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1"},
    {32, "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
     "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"},
};

const std::size_t kKeySizes[] = {16, 24, 32};

}  // namespace

TEST_CASE("key wrap: RFC 3394 section 4 comes out of every row, both ways", "[key_wrap]") {
  test::on_every_row("AES key wrap", aes_kernels(), [&](const AesKernel& row) {
    const Buffer kek = unhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    for (const Known& known : kKnown) {
      const Bytes part = Bytes(kek).first(known.kek);
      CHECK_BYTES(wrap(wrapper(part, &row), unhex(known.key), false), known.wrapped);
      CHECK_BYTES(*unwrap(unwrapper(part, &row), unhex(known.wrapped), false), known.key);
    }
  });
}

TEST_CASE("key wrap: RFC 5649 section 6 comes out of every row, both ways", "[key_wrap]") {
  test::on_every_row("AES key wrap with padding", aes_kernels(), [&](const AesKernel& row) {
    const Buffer kek = unhex("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8");
    const char* const known[][2] = {
        {"c37b7e6492584340bed12207808941155068f738",
         "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a"},
        {"466f7250617369", "afbeb0f07dfbf5419200f2ccb50bb24f"},
    };
    for (const auto& [key, wrapped] : known) {
      CHECK_BYTES(wrap(wrapper(kek, &row), unhex(key), true), wrapped);
      CHECK_BYTES(*unwrap(unwrapper(kek, &row), unhex(wrapped), true), key);
    }
  });
}

TEST_CASE("key wrap: S10 keys of every size are wrapped as the standard's words say, and come back",
          "[key_wrap]") {
  test::on_every_row("AES key wrap, sizes", aes_kernels(), [&](const AesKernel& row) {
    for (std::size_t size = 1; size <= 300; ++size) {
      const Buffer kek = noise(kKeySizes[size % 3], size);
      const Buffer key = noise(size, size + 1);
      const AesKeyWrapper to = wrapper(kek, &row);
      const AesKeyUnwrapper from = unwrapper(kek, &row);
      if (size % 8 == 0 && size >= 16) {
        Buffer framed = unhex("a6a6a6a6a6a6a6a6");
        framed.insert(framed.end(), key.begin(), key.end());
        const Buffer wrapped = wrap(to, key, false);
        REQUIRE_BYTES(wrapped, wrapped_by_the_book(kek, framed));
        REQUIRE_BYTES(*unwrap(from, wrapped, false), key);
        // A key that was wrapped without padding does not unwrap with padding.
        REQUIRE(unwrap(from, wrapped, true).error() == ErrorCode::key_unwrap_failed);
      }
      const Buffer padded = wrap(to, key, true);
      REQUIRE(padded.size() == (size + 7) / 8 * 8 + 8);
      if (size > 8) {
        Buffer framed = unhex("a65959a600000000");
        framed[6] = static_cast<std::uint8_t>(size >> 8);
        framed[7] = static_cast<std::uint8_t>(size);
        framed.insert(framed.end(), key.begin(), key.end());
        framed.resize(padded.size());
        REQUIRE_BYTES(padded, wrapped_by_the_book(kek, framed));
        REQUIRE(unwrap(from, padded, false).error() == ErrorCode::key_unwrap_failed);
      }
      REQUIRE_BYTES(*unwrap(from, padded, true), key);
    }
  });
}

TEST_CASE("key wrap: steps beyond 2^16 count in more than two bytes", "[key_wrap]") {
  const Buffer kek = noise(32);
  const Buffer key = noise(8 * 11000, 2);
  Buffer framed = unhex("a6a6a6a6a6a6a6a6");
  framed.insert(framed.end(), key.begin(), key.end());
  const Buffer wrapped = wrap(wrapper(kek), key, false);
  CHECK(wrapped == wrapped_by_the_book(kek, framed));
  CHECK(*unwrap(unwrapper(kek), wrapped, false) == key);
}

TEST_CASE("key wrap: S07 a flipped bit anywhere is refused, and the output is wiped", "[key_wrap]") {
  test::on_every_row("AES key wrap, flipped bits", aes_kernels(), [&](const AesKernel& row) {
    const Buffer kek = noise(16);
    for (const bool padded : {false, true}) {
      for (const std::size_t size : {16u, 24u, 40u, 5u}) {
        if (!padded && size % 8 != 0) {
          continue;
        }
        const Buffer wrapped = wrap(wrapper(kek, &row), noise(size, 3), padded);
        const AesKeyUnwrapper from = unwrapper(kek, &row);
        for (std::size_t bit = 0; bit < wrapped.size() * 8; bit += 3) {
          Buffer changed = wrapped;
          changed[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
          Buffer out(wrapped.size() - 8, 0xee);
          const auto refused =
              padded ? from.unwrap_padded(changed, out).error() : from.unwrap(changed, out).error();
          REQUIRE(refused == ErrorCode::key_unwrap_failed);
          REQUIRE(out == Buffer(out.size(), 0));
        }
      }
    }
  });
}

TEST_CASE("key wrap: S07 every wrong size and every padding that is not zero is refused", "[key_wrap]") {
  const Buffer kek = noise(24);
  const AesKeyUnwrapper from = unwrapper(kek);
  const auto wrap_framed = [&](const Buffer& framed) {
    if (framed.size() > 16) {
      return wrapped_by_the_book(kek, framed);
    }
    AesSchedule schedule;
    Buffer block = framed;
    aes_kernels().back().expand_encrypt(schedule, kek);
    aes_kernels().back().encrypt_blocks(schedule, block.data(), block.data(), 1);
    return block;
  };
  for (const std::size_t room : {8u, 16u, 24u}) {
    for (std::size_t size = 0; size <= room + 9; ++size) {
      // Zeros from `size` to the end of the room.
      Buffer framed = unhex("a65959a600000000");
      framed[7] = static_cast<std::uint8_t>(size);
      framed.resize(8 + room);
      std::fill(framed.begin() + 8, framed.begin() + 8 + static_cast<std::ptrdiff_t>(std::min(size, room)),
                std::uint8_t{0x77});
      const bool right = size <= room && size > room - 8;
      const auto opened = unwrap(from, wrap_framed(framed), true);
      REQUIRE(opened.ok() == right);
      if (!right) {
        REQUIRE(opened.error() == ErrorCode::key_unwrap_failed);
        continue;
      }
      REQUIRE(*opened == Buffer(size, 0x77));
      for (std::size_t i = size; i < room; ++i) {
        for (const int value : {1, 0x80}) {
          Buffer spoiled = framed;
          spoiled[8 + i] = static_cast<std::uint8_t>(value);
          REQUIRE(unwrap(from, wrap_framed(spoiled), true).error() == ErrorCode::key_unwrap_failed);
        }
      }
      // The size has four bytes.
      for (std::size_t i = 4; i < 7; ++i) {
        Buffer spoiled = framed;
        spoiled[i] = 1;
        REQUIRE(unwrap(from, wrap_framed(spoiled), true).error() == ErrorCode::key_unwrap_failed);
      }
    }
  }
}

TEST_CASE("key wrap: keys and sizes that are not taken are refused, and nothing is written", "[key_wrap]") {
  for (std::size_t size = 0; size <= 40; ++size) {
    const bool right = size == 16 || size == 24 || size == 32;
    CHECK(AesKeyWrapper::create(noise(size)).ok() == right);
    CHECK(AesKeyUnwrapper::create(noise(size)).ok() == right);
  }
  const AesKeyWrapper to = wrapper(noise(16));
  const AesKeyUnwrapper from = unwrapper(noise(16));
  for (std::size_t size = 0; size <= 40; ++size) {
    INFO(size << " bytes");
    const Buffer in = noise(size);
    Buffer out(size + 8, 0xee);
    const bool plain = size >= 16 && size % 8 == 0;
    const auto wrapped = to.wrap(in, out);
    CHECK(wrapped.ok() == plain);
    if (!plain) {
      CHECK(wrapped.error() == ErrorCode::bad_data_size);
      CHECK(out == Buffer(size + 8, 0xee));
    }
    CHECK(padded_wrapped_size(size) == (size + 7) / 8 * 8 + 8);
    Buffer padded_out(padded_wrapped_size(size), 0xee);
    CHECK(to.wrap_padded(in, padded_out).ok() == (size != 0));

    Buffer key(size < 8 ? 0 : size - 8, 0xee);
    const ErrorCode plain_refusal =
        size >= 24 && size % 8 == 0 ? ErrorCode::key_unwrap_failed : ErrorCode::bad_data_size;
    const ErrorCode padded_refusal =
        size >= 16 && size % 8 == 0 ? ErrorCode::key_unwrap_failed : ErrorCode::bad_data_size;
    CHECK(from.unwrap(in, key).error() == plain_refusal);
    CHECK(from.unwrap_padded(in, key).error() == padded_refusal);
  }
  Buffer out(100, 0xee);
  const MutBytes room(out);
  CHECK(to.wrap(noise(16), room.first(23)).error() == ErrorCode::invalid_argument);
  CHECK(to.wrap(noise(16), room.first(25)).error() == ErrorCode::invalid_argument);
  CHECK(to.wrap_padded(noise(17), room.first(25)).error() == ErrorCode::invalid_argument);
  CHECK(from.unwrap(noise(24), room.first(15)).error() == ErrorCode::invalid_argument);
  CHECK(from.unwrap(noise(24), room.first(17)).error() == ErrorCode::invalid_argument);
  CHECK(from.unwrap_padded(noise(24), room.first(15)).error() == ErrorCode::buffer_too_small);
  CHECK(out == Buffer(100, 0xee));
  // Extra room is not changed, except where the padding may have been.
  const Buffer wrapped = wrap(to, noise(17), true);
  REQUIRE(from.unwrap_padded(wrapped, out).ok());
  CHECK(std::all_of(out.begin() + 24, out.end(), [](std::uint8_t byte) { return byte == 0xee; }));
}

TEST_CASE("key wrap: S05 sizes of 2^32 bytes and more are refused before anything is read", "[key_wrap]") {
  if constexpr (sizeof(std::size_t) == 8) {
    const std::size_t size = static_cast<std::size_t>((std::uint64_t{1} << 32) + 32);
    void* const room = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REQUIRE(room != MAP_FAILED);
    const MutBytes text(static_cast<std::uint8_t*>(room), size);
    CHECK(wrapper(noise(16)).wrap_padded(text.first(size - 32), text.first(size - 24)).error() ==
          ErrorCode::bad_data_size);
    CHECK(unwrapper(noise(16)).unwrap_padded(text.first(size - 16), text.first(size - 24)).error() ==
          ErrorCode::bad_data_size);
    munmap(room, size);
  }
}

TEST_CASE("key wrap: input and output overlap in any way, and touch nothing outside", "[key_wrap]") {
  const AesKeyWrapper to = wrapper(noise(32));
  const AesKeyUnwrapper from = unwrapper(noise(32));
  test::Guarded memory(256);
  for (const bool padded : {false, true}) {
    for (const std::size_t size : {16u, 24u, 7u, 8u, 45u}) {
      if (!padded && (size % 8 != 0 || size < 16)) {
        continue;
      }
      const Buffer key = noise(size, 4);
      const Buffer wrapped = wrap(to, key, padded);
      const std::size_t room = wrapped.size() - 8;
      for (std::size_t in_at = 0; in_at <= 20; ++in_at) {
        for (std::size_t out_at = 0; out_at <= 20; ++out_at) {
          Buffer all(120);
          const MutBytes bytes(all);
          copy_bytes(bytes.subspan(in_at), key);
          const MutBytes out = bytes.subspan(out_at, wrapped.size());
          REQUIRE((padded ? to.wrap_padded(bytes.subspan(in_at, size), out)
                          : to.wrap(bytes.subspan(in_at, size), out))
                      .ok());
          REQUIRE_BYTES(out, wrapped);
          copy_bytes(bytes.subspan(in_at), wrapped);
          const MutBytes back = bytes.subspan(out_at, room);
          const Bytes again = bytes.subspan(in_at, wrapped.size());
          if (padded) {
            REQUIRE(from.unwrap_padded(again, back)->size() == size);
          } else {
            REQUIRE(from.unwrap(again, back).ok());
          }
          REQUIRE_BYTES(back.first(size), key);
        }
      }
      for (const bool at_end : {false, true}) {
        const MutBytes guarded = at_end ? memory.at_end(wrapped) : memory.at_start(wrapped);
        Buffer out(room);
        REQUIRE((padded ? from.unwrap_padded(guarded, out).ok() : from.unwrap(guarded, out).ok()));
        const MutBytes made = at_end ? memory.at_end(wrapped.size()) : memory.at_start(wrapped.size());
        REQUIRE((padded ? to.wrap_padded(key, made) : to.wrap(key, made)).ok());
      }
    }
  }
}

TEST_CASE("key wrap: S02 a row that the CPU cannot run is refused", "[key_wrap]") {
  const auto wrapped = [](const AesKeyWrapper& to) { return wrap(to, noise(40, 5), false); };
  const auto unwrapped = [](const AesKeyUnwrapper& from) {
    Buffer back(40);
    return from.unwrap(noise(48, 5), back).ok();
  };
  test::refuse_masked_rows(
      aes_kernels(), [](const AesKernel* row) { return AesKeyWrapper::create(noise(16), row); }, wrapped);
  test::refuse_masked_rows(
      aes_kernels(), [](const AesKernel* row) { return AesKeyUnwrapper::create(noise(16), row); }, unwrapped);
}

TEST_CASE("key wrap: S12 a key leaves nothing behind when it moves or dies", "[key_wrap]") {
  const Buffer secret = noise(16, 77);
  AesSchedule schedule;
  test::on_every_row("AES key wrap, wiping", aes_kernels(), [&](const AesKernel& row) {
    row.expand_encrypt(schedule, secret);
    test::leave_nothing_behind(
        [&] { return wrapper(secret, &row); },
        [&](Bytes room) { return test::stands_in(room, Bytes(schedule.round_keys).first(16)); },
        [](const AesKeyWrapper& key) { return wrap(key, noise(40, 5), false); });
  });
}

TEST_CASE("key wrap: S12 nothing of the keys stays in vector registers or on the stack", "[key_wrap]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  test::on_every_row("AES key wrap, remains", aes_kernels(), [&](const AesKernel& row) {
    const Buffer kek = noise(32, 6);
    const AesKeyWrapper to = wrapper(kek, &row);
    const AesKeyUnwrapper from = unwrapper(kek, &row);
    for (const bool padded : {false, true}) {
      const Buffer key = noise(40, 5);
      const Buffer wrapped = wrap(to, key, padded);
      Buffer made(wrapped.size());
      Buffer back(key.size());
      const auto wrapping = [&] { (void)(padded ? to.wrap_padded(key, made) : to.wrap(key, made)); };
      const auto unwrapping = [&] {
        (void)(padded ? from.unwrap_padded(wrapped, back).ok() : from.unwrap(wrapped, back).ok());
      };
      CHECK(test::words_left_on_stack(key, wrapping) == 0);
      CHECK(test::words_left_on_stack(key, unwrapping) == 0);
      CHECK(test::words_left_on_stack(wrapped, wrapping) == 0);
      if (row.required.bits != 0) {
        CHECK(test::clears_vectors(wrapping));
        CHECK(test::clears_vectors(unwrapping));
      }
    }
  });
}

}  // namespace key_wrap_test
