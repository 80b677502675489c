// SPDX-License-Identifier: Apache-2.0
// Runs an AEAD's rows on one message. Each seals like the portable row, opens what it sealed, and refuses it
// with any bit flipped.
//
// Input: the key's size (2 bits) and the text's place in a cache line (6 bits); a byte for the nonce's size
// and what else the AEAD has to choose; the size of the additional data (2 bytes) and of its first piece (1
// byte); the bit to flip (2 bytes); then key, nonce, additional data and text.
#pragma once

#include "support/check.hpp"

#include <ashlar/base/endian.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/crypto/cpu.hpp>

#include <vector>

namespace ashlar::fuzz {

using Buffer = std::vector<std::uint8_t>;

class AeadMessage {
 public:
  static constexpr std::size_t kHeader = 7;
  static constexpr std::size_t kMaxInput = 6144;
  static constexpr std::size_t kKeySizes[] = {16, 24, 32, 16};

  // nonce_size: computes it from the second byte. False: the input is too short or too long.
  bool parse(Bytes input, std::size_t (*nonce_size)(std::uint8_t choice)) {
    const std::size_t key_size = input.empty() ? 0 : kKeySizes[input[0] & 3];
    if (input.size() < kHeader + key_size || input.size() > kMaxInput) {
      return false;
    }
    shift_ = input[0] >> 2;
    choice_ = input[1];
    bit_ = load_be16(input.data() + 5);
    Bytes rest = input.subspan(kHeader);
    const auto take = [&rest](std::size_t wanted) {
      const Bytes taken = rest.first(wanted < rest.size() ? wanted : rest.size());
      rest = rest.subspan(taken.size());
      return taken;
    };
    key_ = take(key_size);
    nonce_ = take(nonce_size(choice_));
    aad_ = take(load_be16(input.data() + 2));
    first_piece_ = input[4] < aad_.size() ? input[4] : aad_.size();
    text_ = rest;
    return true;
  }

  std::uint8_t choice() const { return choice_; }
  Bytes key() const { return key_; }
  Bytes nonce() const { return nonce_; }

  // make: makes the Result of a key from a row. takes: whether the message can be sealed at all.
  template <class Row, class Make>
  void check_rows(std::span<const Row> rows, Make make, std::size_t tag_size, bool takes) const {
    const auto reference = make(rows.back());
    FUZZ_CHECK(reference.ok());
    Buffer expected(text_.size());
    Buffer expected_tag(tag_size);
    FUZZ_CHECK(seal(*reference, text_, expected, expected_tag).ok() == takes);
    for (const Row& row : rows) {
      if (!cpu::features().contains(row.required)) {
        continue;
      }
      const auto key = make(row);
      FUZZ_CHECK(key.ok());
      Buffer room(shift_ + text_.size());
      const MutBytes text = MutBytes(room).subspan(shift_);
      copy_bytes(text, text_);
      Buffer tag(tag_size);
      FUZZ_CHECK(seal(*key, text, text, tag).ok() == takes);
      if (!takes) {
        continue;
      }
      FUZZ_CHECK(equal_public(text, expected));
      FUZZ_CHECK(tag == expected_tag);
      check_flipped(*key, text, tag);
      Buffer opened(text_.size());
      FUZZ_CHECK(open(*key, text, tag, opened).ok());
      FUZZ_CHECK(equal_public(opened, text_));
      FUZZ_CHECK(open(*key, text, tag, text).ok());
      FUZZ_CHECK(equal_public(text, text_));
    }
  }

 private:
  // Some AEADs have tags of 16 bytes in the type, others of a size that the key knows.
  template <class Key>
  Result<void> seal(const Key& key, Bytes in, MutBytes out, MutBytes tag) const {
    const Bytes pieces[] = {aad_.first(first_piece_), aad_.subspan(first_piece_)};
    if constexpr (requires { key.seal(nonce_, pieces, in, out, tag); }) {
      return key.seal(nonce_, pieces, in, out, tag);
    } else {
      return key.seal(nonce_, pieces, in, out, tag.template first<16>());
    }
  }
  template <class Key>
  Result<void> open(const Key& key, Bytes in, Bytes tag, MutBytes out) const {
    const Bytes pieces[] = {aad_.first(first_piece_), aad_.subspan(first_piece_)};
    if constexpr (requires { key.open(nonce_, pieces, in, tag, out); }) {
      return key.open(nonce_, pieces, in, tag, out);
    } else {
      return key.open(nonce_, pieces, in, tag.template first<16>(), out);
    }
  }

  // The message and its tag with one bit of all of it flipped. The key must refuse it.
  template <class Key>
  void check_flipped(const Key& key, Bytes ciphertext, Bytes tag) const {
    Buffer all;
    for (const Bytes part : {nonce_, aad_, ciphertext, tag}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    const std::size_t bit = bit_ % (all.size() * 8);
    all[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    Bytes rest(all);
    const auto take = [&rest](std::size_t size) {
      const Bytes taken = rest.first(size);
      rest = rest.subspan(size);
      return taken;
    };
    AeadMessage changed = *this;
    changed.nonce_ = take(nonce_.size());
    changed.aad_ = take(aad_.size());
    const Bytes text = take(ciphertext.size());
    Buffer out(ciphertext.size(), 0xee);
    const auto opened = changed.open(key, text, rest, out);
    FUZZ_CHECK(!opened.ok() && opened.error() == ErrorCode::bad_tag);
    FUZZ_CHECK(out == Buffer(out.size(), 0));
  }

  std::size_t shift_ = 0;
  std::uint8_t choice_ = 0;
  std::size_t bit_ = 0;
  Bytes key_;
  Bytes nonce_;
  Bytes aad_;
  std::size_t first_piece_ = 0;  // bytes of the additional data that come first
  Bytes text_;
};

}  // namespace ashlar::fuzz
