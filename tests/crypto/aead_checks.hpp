// SPDX-License-Identifier: Apache-2.0
// Properties of every AEAD with rows, nonces of 12 bytes and tags of 16. Each function here is one test
// case.
#pragma once

#include <ashlar/crypto/aead.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/guarded.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace ashlar::test {

struct Sealed {
  Buffer ciphertext;
  Buffer tag;
};

// Key has seal and open like AesGcmKey, or tag_size() and the like of AesCcmKey.
template <class Key>
concept HasTagSize = requires(const Key& key) {
  key.tag_size();
};

template <class Key>
Sealed seal(const Key& key, Bytes nonce, Bytes aad, Bytes plaintext) {
  Sealed out = {Buffer(plaintext.size()), {}};
  const Bytes parts[] = {aad};
  if constexpr (HasTagSize<Key>) {
    out.tag.resize(key.tag_size());
    REQUIRE(key.seal(nonce, parts, plaintext, out.ciphertext, out.tag).ok());
  } else {
    out.tag.resize(16);
    REQUIRE(key.seal(nonce, parts, plaintext, out.ciphertext, MutBytes(out.tag).first<16>()).ok());
  }
  return out;
}

template <class Key>
Result<void> open(const Key& key, Bytes nonce, Bytes aad, Bytes ciphertext, Bytes tag, MutBytes plaintext) {
  const Bytes parts[] = {aad};
  if constexpr (HasTagSize<Key>) {
    return key.open(nonce, parts, ciphertext, tag, plaintext);
  } else {
    return key.open(nonce, parts, ciphertext, tag.first<16>(), plaintext);
  }
}

// A flipped bit anywhere in a sealed message of `size` bytes is refused, and the plaintext is wiped.
template <class Key>
void refuse_flipped_bits(const Key& key, std::size_t size) {
  const Buffer plaintext = noise(size, 9);
  const Buffer nonce = noise(12, 10);
  const Buffer aad = noise(21, 11);
  const Sealed good = seal(key, nonce, aad, plaintext);
  const auto refused = [&](Bytes n, Bytes a, const Buffer& c, Bytes t) {
    Buffer out(size, 0xee);
    const auto result = open(key, n, a, c, t, out);
    REQUIRE(!result);
    REQUIRE(result.error() == ErrorCode::bad_tag);
    REQUIRE(out == Buffer(size, 0));
    Buffer in_place = c;
    REQUIRE(!open(key, n, a, in_place, t, in_place).ok());
    REQUIRE(in_place == Buffer(size, 0));
  };
  const auto flip_each = [](const Buffer& original, std::size_t step, auto check) {
    for (std::size_t bit = 0; bit < original.size() * 8; bit += step) {
      Buffer changed = original;
      changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
      check(changed);
    }
  };
  flip_each(good.tag, 1, [&](const Buffer& t) { refused(nonce, aad, good.ciphertext, t); });
  flip_each(good.ciphertext, 7, [&](const Buffer& c) { refused(nonce, aad, c, good.tag); });
  flip_each(aad, 3, [&](const Buffer& a) { refused(nonce, a, good.ciphertext, good.tag); });
  flip_each(nonce, 3, [&](const Buffer& n) { refused(n, aad, good.ciphertext, good.tag); });
  refused(nonce, Bytes(aad).first(20), good.ciphertext, good.tag);
  Buffer out(size);
  CHECK(open(key, nonce, aad, good.ciphertext, good.tag, out).ok());
}

template <class Key, class Row>
struct AeadChecks {
  std::string name;
  std::span<const Row> rows;
  std::vector<std::size_t> key_sizes;
  // The same as an Aead, with the shortest and the longest key.
  const crypto::AeadAlgorithm& with_short_key;
  const crypto::AeadAlgorithm& with_long_key;

  static Key make_key(Bytes key, const Row* row) {
    auto made = Key::create(key, row);
    REQUIRE(made.ok());
    return *std::move(made);
  }

  // S10 every row agrees with the portable one at every length to 1100, in separate buffers and in place.
  void agree_at_every_length() const {
    const Row& portable = rows.back();
    test::on_every_row(name + " against portable", rows, [&](const Row& row) {
      for (std::size_t size = 0; size <= 1100; ++size) {
        const Buffer secret = noise(key_sizes[size % key_sizes.size()], size);
        const Key key = make_key(secret, &row);
        const Buffer nonce = noise(12, size + 1);
        const Buffer aad = noise(size * 7 % 53, size + 2);
        Buffer room = noise(size + size % 64, size + 3);
        const MutBytes text = MutBytes(room).subspan(size % 64);
        const Buffer plaintext = test::buffer_of(Bytes(text));
        const Sealed expected = seal(make_key(secret, &portable), nonce, aad, plaintext);
        const Sealed sealed = seal(key, nonce, aad, text);
        REQUIRE_BYTES(sealed.ciphertext, expected.ciphertext);
        REQUIRE_BYTES(sealed.tag, expected.tag);

        const Bytes parts[] = {aad};
        Buffer tag(16);
        REQUIRE(key.seal(nonce, parts, text, text, MutBytesOf<16>(tag.data(), 16)).ok());
        REQUIRE_BYTES(text, expected.ciphertext);
        REQUIRE_BYTES(tag, expected.tag);
        Buffer opened(size);
        REQUIRE(open(key, nonce, aad, text, tag, opened).ok());
        REQUIRE_BYTES(opened, plaintext);
        REQUIRE(open(key, nonce, aad, text, tag, text).ok());
        REQUIRE_BYTES(text, plaintext);
      }
    });
  }

  // S10 rows agree around 4 KiB and 16 KiB.
  void agree_around_pages() const {
    const Row& portable = rows.back();
    test::on_every_row(name + ", long", rows, [&](const Row& row) {
      for (const std::size_t base : {std::size_t{4096}, std::size_t{16384}}) {
        for (std::size_t size = base - 3; size <= base + 300; size += 43) {
          const Buffer secret = noise(key_sizes[size % key_sizes.size()], size);
          const Buffer plaintext = noise(size, 5);
          const Sealed expected = seal(make_key(secret, &portable), noise(12), noise(13), plaintext);
          const Key key = make_key(secret, &row);
          const Sealed sealed = seal(key, noise(12), noise(13), plaintext);
          REQUIRE(sealed.ciphertext == expected.ciphertext);
          REQUIRE_BYTES(sealed.tag, expected.tag);
          Buffer opened(size);
          REQUIRE(open(key, noise(12), noise(13), sealed.ciphertext, sealed.tag, opened).ok());
          REQUIRE(opened == plaintext);
        }
      }
    });
  }

  // S10 rows agree for every place of text, output and tag in a cache line.
  void agree_at_every_alignment() const {
    const Row& portable = rows.back();
    const Buffer plaintext = noise(700);
    test::on_every_row(name + ", alignments", rows, [&](const Row& row) {
      const Key key = make_key(noise(key_sizes.front()), &row);
      for (const std::size_t size : {31u, 200u, 700u}) {
        const Sealed expected = seal(make_key(noise(key_sizes.front()), &portable), noise(12), noise(13),
                                     Bytes(plaintext).first(size));
        for (std::size_t shift = 0; shift < 64; ++shift) {
          alignas(64) std::uint8_t from[64 + 700];
          alignas(64) std::uint8_t to[64 + 700];
          alignas(64) std::uint8_t tag[64 + 16];
          const MutBytes in(from + shift, size);
          copy_bytes(in, Bytes(plaintext).first(size));
          const MutBytes out(to + (shift * 29 + 5) % 64, size);
          const MutBytesOf<16> made_tag(tag + (shift * 7 + 3) % 64, 16);
          const Buffer aad = noise(13);
          const Bytes parts[] = {aad};
          REQUIRE(key.seal(noise(12), parts, in, out, made_tag).ok());
          REQUIRE_BYTES(out, expected.ciphertext);
          REQUIRE_BYTES(made_tag, expected.tag);
          REQUIRE(key.open(noise(12), parts, out, made_tag, in).ok());
          REQUIRE_BYTES(in, Bytes(plaintext).first(size));
        }
      }
    });
  }

  // Additional data in pieces is their concatenation.
  void join_pieces() const {
    const Buffer text = noise(77);
    test::on_every_row(name + ", pieces", rows, [&](const Row& row) {
      const Key key = make_key(noise(key_sizes.front()), &row);
      for (std::size_t size = 0; size <= 100; ++size) {
        const Buffer aad = noise(size, size);
        const Bytes all(aad);
        const Sealed expected = seal(make_key(noise(key_sizes.front()), &rows.back()), noise(12), aad, text);
        for (const std::size_t cut : {std::size_t{0}, size / 3, size / 2, size < 16 ? size : 16, size}) {
          const std::size_t second = cut + (size - cut) / 2;
          const Bytes parts[] = {all.first(cut), Bytes(), all.subspan(cut, second - cut),
                                 all.subspan(second)};
          Buffer out(text.size());
          Buffer tag(16);
          REQUIRE(key.seal(noise(12), parts, text, out, MutBytesOf<16>(tag.data(), 16)).ok());
          REQUIRE_BYTES(tag, expected.tag);
          REQUIRE_BYTES(out, expected.ciphertext);
          REQUIRE(key.open(noise(12), parts, out, BytesOf<16>(tag.data(), 16), out).ok());
        }
      }
    });
  }

  // S10 no row touches memory outside its buffers.
  void touch_only_their_buffers() const {
    test::Guarded in_memory(8192);
    test::Guarded out_memory(8192);
    test::Guarded aad_memory(64);
    test::Guarded nonce_memory(64);
    test::Guarded tag_memory(64);
    test::on_every_row(name + " between guard pages", rows, [&](const Row& row) {
      const Key key = make_key(noise(key_sizes.front()), &row);
      for (std::size_t size = 0; size <= 4400; size += size < 600 ? 1 : 97) {
        const Buffer plaintext = noise(size, size);
        const Buffer aad = noise(size % 40, 2);
        const Sealed expected = seal(key, noise(12), aad, plaintext);
        for (const bool at_end : {false, true}) {
          const MutBytes in = at_end ? in_memory.at_end(plaintext) : in_memory.at_start(plaintext);
          const MutBytes out = at_end ? out_memory.at_end(size) : out_memory.at_start(size);
          const Bytes more = at_end ? aad_memory.at_end(aad) : aad_memory.at_start(aad);
          const Bytes nonce = at_end ? nonce_memory.at_end(noise(12)) : nonce_memory.at_start(noise(12));
          const MutBytes tag = at_end ? tag_memory.at_end(16) : tag_memory.at_start(16);
          const Bytes parts[] = {more};
          REQUIRE(key.seal(nonce, parts, in, out, MutBytesOf<16>(tag.data(), 16)).ok());
          REQUIRE_BYTES(out, expected.ciphertext);
          REQUIRE_BYTES(tag, expected.tag);
          REQUIRE(key.open(nonce, parts, out, BytesOf<16>(tag.data(), 16), in).ok());
          REQUIRE_BYTES(in, plaintext);
          REQUIRE(key.open(nonce, parts, out, BytesOf<16>(tag.data(), 16), out).ok());
          REQUIRE_BYTES(out, plaintext);
        }
      }
    });
  }

  // S07 a flipped bit anywhere is refused by every row, and the plaintext is wiped.
  void refuse_flipped_bits() const {
    test::on_every_row(name + ", flipped bits", rows, [&](const Row& row) {
      const Key key = make_key(noise(key_sizes.back()), &row);
      for (const std::size_t size : {0u, 1u, 16u, 45u, 240u, 300u}) {
        test::refuse_flipped_bits(key, size);
      }
    });
  }

  // S06 only tags of 16 bytes are taken, by the type-erased AEAD too.
  void take_tags_of_16_bytes() const {
    auto aead = crypto::Aead::create(with_short_key, noise(key_sizes.front()));
    REQUIRE(aead.ok());
    Buffer text = noise(20);
    for (std::size_t size = 0; size <= 20; ++size) {
      Buffer out(20);
      Buffer tag(size);
      CHECK(aead->seal(noise(12), {}, text, out, tag).ok() == (size == 16));
      Buffer good(16);
      REQUIRE(aead->seal(noise(12), {}, text, out, good).ok());
      good.resize(size);
      const auto opened = aead->open(noise(12), {}, out, good, out);
      CHECK(opened.ok() == (size == 16));
      if (!opened) {
        CHECK(opened.error() == ErrorCode::bad_tag);
        CHECK(out == Buffer(20, 0));
      }
    }
    // An empty message without additional data still has a tag that is checked.
    Buffer tag(16);
    REQUIRE(aead->seal(noise(12), {}, {}, {}, tag).ok());
    CHECK(aead->open(noise(12), {}, {}, tag, {}).ok());
    tag[3] ^= 1;
    CHECK(!aead->open(noise(12), {}, {}, tag, {}).ok());
  }

  // Partly overlapping buffers and different sizes are refused.
  void refuse_overlapping_buffers() const {
    const auto key = make_key(noise(key_sizes.front()), nullptr);
    Buffer room = noise(128);
    const MutBytes b(room);
    std::uint8_t tag[16] = {};
    CHECK(key.seal(noise(12), {}, b.first(32), b.subspan(1, 32), tag).error() == ErrorCode::partial_overlap);
    CHECK(key.open(noise(12), {}, b.subspan(16, 32), tag, b.first(32)).error() == ErrorCode::partial_overlap);
    CHECK(key.seal(noise(12), {}, b.first(32), b.subspan(64, 31), tag).error() ==
          ErrorCode::invalid_argument);
    CHECK(
        key.seal(noise(12), {}, b.first(32), b.subspan(64, 32), MutBytesOf<16>(b.data() + 80, 16)).error() ==
        ErrorCode::partial_overlap);
    CHECK(key.seal(noise(12), {}, b.first(32), b.first(32), MutBytesOf<16>(b.data() + 32, 16)).ok());
    CHECK(key.open(noise(12), {}, b.first(32), BytesOf<16>(b.data() + 32, 16), b.first(32)).ok());
    CHECK_BYTES(b.first(32), Bytes(noise(128)).first(32));
  }

  // The type-erased AEAD takes its own key sizes, nonces and rows, and moves.
  void serve_the_erased_type() const {
    const std::size_t short_size = key_sizes.front();
    const std::size_t long_size = key_sizes.back();
    for (std::size_t size = 0; size <= 40; ++size) {
      CHECK(crypto::Aead::create(with_short_key, noise(size)).ok() == (size == short_size));
      CHECK(crypto::Aead::create(with_long_key, noise(size)).ok() == (size == long_size));
      CHECK(Key::create(noise(size)).ok() == (std::count(key_sizes.begin(), key_sizes.end(), size) == 1));
    }
    CHECK(crypto::Aead::create(with_short_key, noise(short_size), "no such row").error() ==
          ErrorCode::kernel_unavailable);
    const Sealed expected = seal(make_key(noise(short_size), nullptr), noise(12), noise(13), noise(50));
    const Buffer aad = noise(13);
    const Bytes parts[] = {aad};
    test::on_every_row(name + " as Aead", rows, [&](const Row& row) {
      auto made = crypto::Aead::create(with_short_key, noise(short_size), row.name);
      REQUIRE(made.ok());
      crypto::Aead moved = *std::move(made);
      crypto::Aead other = *crypto::Aead::create(with_long_key, noise(long_size));
      other = std::move(moved);
      CHECK(other.algorithm().name == with_short_key.name);
      Buffer out(50);
      Buffer tag(16);
      REQUIRE(other.seal(noise(12), parts, noise(50), out, tag).ok());
      CHECK_BYTES(out, expected.ciphertext);
      CHECK_BYTES(tag, expected.tag);
      for (std::size_t size = 0; size <= 20; ++size) {
        if (size != 12) {
          CHECK(other.seal(noise(size), parts, noise(50), out, tag).error() == ErrorCode::bad_nonce_size);
          CHECK(other.open(noise(size), parts, out, tag, out).error() == ErrorCode::bad_nonce_size);
        }
      }
    });
  }

  // S02 a row that the CPU cannot run is refused, and with all features masked GCM still runs.
  void obey_the_mask() const {
    const Sealed expected = seal(make_key(noise(key_sizes.front()), nullptr), noise(12), noise(5), noise(99));
    cpu::set_mask(cpu::Features());
    for (const Row& row : rows) {
      CHECK(Key::create(noise(key_sizes.front()), &row).ok() == (row.required.bits == 0));
      CHECK(crypto::Aead::create(with_short_key, noise(key_sizes.front()), row.name).ok() ==
            (row.required.bits == 0));
    }
    const Sealed masked = seal(make_key(noise(key_sizes.front()), nullptr), noise(12), noise(5), noise(99));
    cpu::clear_mask();
    CHECK_BYTES(masked.ciphertext, expected.ciphertext);
    CHECK_BYTES(masked.tag, expected.tag);
  }
};

}  // namespace ashlar::test
