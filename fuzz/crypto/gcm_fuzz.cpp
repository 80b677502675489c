// SPDX-License-Identifier: Apache-2.0
// AES-GCM: every kernel seals as the portable one, opens what it sealed, and refuses it with any bit flipped
//
// Input: the key's size (2 bits) and the text's place in a cache line (6 bits); the nonce's size; the size of
// the additional data (2 bytes) and of its first piece (1 byte); the bit to flip (2 bytes); then key, nonce,
// additional data and text.
#include "support/check.hpp"

#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/gcm.hpp>

#include <vector>

using namespace ashlar;
using namespace ashlar::crypto;

namespace {

constexpr std::size_t kHeader = 7;
constexpr std::size_t kMaxInput = 6144;
constexpr std::size_t kKeySizes[] = {16, 24, 32, 16};

using Buffer = std::vector<std::uint8_t>;

struct Message {
  Bytes nonce;
  Bytes aad;
  std::size_t first_piece;  // bytes of `aad` that come first
  Bytes text;

  Result<void> seal(const AesGcmKey& key, Bytes in, MutBytes out, std::uint8_t (&tag)[16]) const {
    const Bytes pieces[] = {aad.first(first_piece), aad.subspan(first_piece)};
    return key.seal(nonce, pieces, in, out, tag);
  }
  Result<void> open(const AesGcmKey& key, Bytes in, const std::uint8_t (&tag)[16], MutBytes out) const {
    const Bytes pieces[] = {aad.first(first_piece), aad.subspan(first_piece)};
    return key.open(nonce, pieces, in, tag, out);
  }
};

// The message and its seal with one bit of all of it flipped.
void check_flipped(const AesGcmKey& key, const Message& message, Bytes ciphertext, Bytes tag,
                   std::size_t bit) {
  Buffer all;
  for (const Bytes part : {message.nonce, message.aad, ciphertext, tag}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  bit %= all.size() * 8;
  all[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
  Bytes rest(all);
  const auto take = [&rest](std::size_t size) {
    const Bytes taken = rest.first(size);
    rest = rest.subspan(size);
    return taken;
  };
  const Bytes nonce = take(message.nonce.size());
  const Bytes aad = take(message.aad.size());
  const Message changed = {nonce, aad, message.first_piece, take(ciphertext.size())};
  std::uint8_t changed_tag[16];
  copy_bytes(changed_tag, rest);
  Buffer out(ciphertext.size(), 0xee);
  const auto opened = changed.open(key, changed.text, changed_tag, out);
  FUZZ_CHECK(!opened.ok() && opened.error() == ErrorCode::bad_tag);
  FUZZ_CHECK(out == Buffer(out.size(), 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::size_t key_size = size == 0 ? 0 : kKeySizes[data[0] & 3];
  if (size < kHeader + key_size || size > kMaxInput) {
    return -1;
  }
  const std::size_t shift = data[0] >> 2;
  Bytes rest = Bytes(data, size).subspan(kHeader);
  const auto take = [&rest](std::size_t wanted) {
    const Bytes taken = rest.first(wanted < rest.size() ? wanted : rest.size());
    rest = rest.subspan(taken.size());
    return taken;
  };
  const Bytes key_bytes = take(key_size);
  Message message;
  message.nonce = take(data[1]);
  message.aad = take(load_be16(data + 2));
  message.first_piece = data[4] < message.aad.size() ? data[4] : message.aad.size();
  message.text = rest;
  const std::size_t bit = load_be16(data + 5);

  const GcmKernel& portable = gcm_kernels().back();
  const auto reference = AesGcmKey::create(key_bytes, &portable);
  FUZZ_CHECK(reference.ok());
  Buffer expected(message.text.size());
  std::uint8_t expected_tag[16];
  const auto sealed = message.seal(*reference, message.text, expected, expected_tag);
  FUZZ_CHECK(sealed.ok() == !message.nonce.empty());

  for (const GcmKernel& row : gcm_kernels()) {
    if (!cpu::features().contains(row.required)) {
      continue;
    }
    const auto key = AesGcmKey::create(key_bytes, &row);
    FUZZ_CHECK(key.ok());
    Buffer room(shift + message.text.size());
    const MutBytes text = MutBytes(room).subspan(shift);
    copy_bytes(text, message.text);
    std::uint8_t tag[16] = {};
    FUZZ_CHECK(message.seal(*key, text, text, tag).ok() == sealed.ok());
    if (!sealed) {
      continue;
    }
    FUZZ_CHECK(equal_public(text, expected));
    FUZZ_CHECK(equal_public(tag, expected_tag));
    check_flipped(*key, message, text, tag, bit);
    Buffer opened(message.text.size());
    FUZZ_CHECK(message.open(*key, text, tag, opened).ok());
    FUZZ_CHECK(equal_public(opened, message.text));
    FUZZ_CHECK(message.open(*key, text, tag, text).ok());
    FUZZ_CHECK(equal_public(text, message.text));
  }
  return 0;
}
