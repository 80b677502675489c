// SPDX-License-Identifier: Apache-2.0
// AES-XTS: every kernel encrypts and decrypts as the portable one, and one undoes the other
//
// Input: the key's size (1 bit), the direction that comes first (1 bit) and the text's place in a cache line
// (6 bits); then the key, the tweak and the text.
#include "support/check.hpp"

#include <ashlar/crypto/xts.hpp>

#include <vector>

using namespace ashlar;
using namespace ashlar::crypto;

namespace {

constexpr std::size_t kMaxInput = 6144;

Result<void> crypt(const AesXtsKey& key, bool encrypts, BytesOf<16> tweak, Bytes in, MutBytes out) {
  return encrypts ? key.encrypt(tweak, in, out) : key.decrypt(tweak, in, out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::size_t key_size = size != 0 && (data[0] & 1) != 0 ? 64 : 32;
  if (size < 1 + key_size + 16 || size > kMaxInput) {
    return -1;
  }
  const bool encrypts = (data[0] & 2) != 0;
  const std::size_t shift = data[0] >> 2;
  const Bytes input(data, size);
  const Bytes key_bytes = input.subspan(1, key_size);
  const BytesOf<16> tweak(input.data() + 1 + key_size, 16);
  const Bytes text = input.subspan(17 + key_size);

  const bool equal = equal_public(key_bytes.first(key_size / 2), key_bytes.last(key_size / 2));
  const auto reference = AesXtsKey::create(key_bytes, &xts_kernels().back());
  FUZZ_CHECK(reference.ok() == !equal);
  if (equal) {
    FUZZ_CHECK(reference.error() == ErrorCode::xts_keys_equal);
    return 0;
  }
  std::vector<std::uint8_t> expected(text.size());
  const auto done = crypt(*reference, encrypts, tweak, text, expected);
  FUZZ_CHECK(done.ok() == (text.size() >= 16));
  for (const XtsKernel& row : xts_kernels()) {
    if (!cpu::features().contains(row.required)) {
      continue;
    }
    const auto key = AesXtsKey::create(key_bytes, &row);
    FUZZ_CHECK(key.ok());
    std::vector<std::uint8_t> room(shift + text.size());
    const MutBytes made = MutBytes(room).subspan(shift);
    FUZZ_CHECK(crypt(*key, encrypts, tweak, text, made).ok() == done.ok());
    if (!done) {
      continue;
    }
    FUZZ_CHECK(equal_public(made, expected));
    FUZZ_CHECK(crypt(*key, !encrypts, tweak, made, made).ok());
    FUZZ_CHECK(equal_public(made, text));
    FUZZ_CHECK(crypt(*key, encrypts, tweak, made, made).ok());
    FUZZ_CHECK(equal_public(made, expected));
  }
  return 0;
}
