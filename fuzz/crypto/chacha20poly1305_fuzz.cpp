// SPDX-License-Identifier: Apache-2.0
// ChaCha20-Poly1305 and XChaCha20: every kernel gives what the portable one gives, opens it, and refuses any
// flipped bit
//
// The input: options, how often the data is repeated to make the message, where the additional data ends,
// which bit is flipped, the first block number, then key, nonce and data.
#include <ashlar/base/reader.hpp>
#include <ashlar/crypto/chacha20poly1305.hpp>

#include "crypto/every_row.hpp"
#include "support/check.hpp"

#include <vector>

using namespace ashlar;
using namespace ashlar::crypto;

namespace {

using Buffer = std::vector<std::uint8_t>;

struct Case {
  std::uint8_t options = 0;
  std::uint8_t repeats = 0;
  std::uint16_t aad_size = 0;
  std::uint32_t flipped = 0;
  std::uint32_t counter = 0;
  Bytes key;
  Bytes nonce;
  Bytes aad;
  Buffer message;

  bool extended() const { return (options & 1) != 0; }
  bool in_place() const { return (options & 2) != 0; }
  // Where the buffers begin within a vector register's width.
  std::size_t offset() const { return options >> 2; }
};

Result<Case> parse(Bytes input) {
  Reader reader(input);
  Case out;
  ASHLAR_TRY(out.options, reader.u8());
  ASHLAR_TRY(out.repeats, reader.u8());
  ASHLAR_TRY(out.aad_size, reader.u16());
  ASHLAR_TRY(out.flipped, reader.u32());
  ASHLAR_TRY(out.counter, reader.u32());
  ASHLAR_TRY(out.key, reader.take(32));
  ASHLAR_TRY(out.nonce, reader.take(out.extended() ? 24 : 12));
  ASHLAR_TRY(out.aad, reader.take(out.aad_size % (reader.remaining() + 1)));
  const Bytes data = reader.take_rest();
  for (unsigned i = 0; i <= out.repeats % 16u; ++i) {
    out.message.insert(out.message.end(), data.begin(), data.end());
  }
  return out;
}

struct Sealed {
  Buffer memory;
  std::uint8_t tag[16];
};

// The ciphertext stands at c.offset() of the memory.
Sealed seal(const Case& c, const ChaChaKernel& row) {
  const auto key = ChaCha20Poly1305Key::create(c.key, &row);
  FUZZ_CHECK(key);
  Sealed out{Buffer(c.offset() + c.message.size()), {}};
  const MutBytes to = MutBytes(out.memory).subspan(c.offset());
  const Bytes aad[] = {c.aad.first(c.aad.size() / 3), c.aad.subspan(c.aad.size() / 3)};
  if (c.in_place()) {
    copy_bytes(to, c.message);
  }
  FUZZ_CHECK(key->seal(c.nonce, aad, c.in_place() ? Bytes(to) : Bytes(c.message), to, out.tag));
  return out;
}

void check_row(const Case& c, const ChaChaKernel& row, const Sealed& expected) {
  Sealed sealed = seal(c, row);
  FUZZ_CHECK(sealed.memory == expected.memory);
  FUZZ_CHECK(equal_public(sealed.tag, expected.tag));

  const auto key = ChaCha20Poly1305Key::create(c.key, &row);
  FUZZ_CHECK(key);
  const MutBytes text = MutBytes(sealed.memory).subspan(c.offset());
  Buffer apart(text.size());
  const MutBytes to = c.in_place() ? text : MutBytes(apart);
  const Bytes aad[] = {c.aad};
  FUZZ_CHECK(key->open(c.nonce, aad, text, sealed.tag, to));
  FUZZ_CHECK(equal_public(to, c.message));

  // One bit of ciphertext, tag, additional data or nonce.
  copy_bytes(text, Bytes(expected.memory).subspan(c.offset()));
  Buffer all(text.begin(), text.end());
  const auto append = [&all](Bytes more) { all.insert(all.end(), more.begin(), more.end()); };
  append(sealed.tag);
  append(c.aad);
  append(c.nonce);
  all[c.flipped / 8 % all.size()] ^= static_cast<std::uint8_t>(1u << (c.flipped % 8));
  Bytes rest(all);
  const auto take = [&rest](std::size_t size) {
    const Bytes out = rest.first(size);
    rest = rest.subspan(size);
    return out;
  };
  copy_bytes(text, take(text.size()));
  const Bytes tag = take(16);
  const Bytes bad_aad[] = {take(c.aad.size())};
  const auto opened = key->open(rest, bad_aad, text, BytesOf<16>(tag), to);
  FUZZ_CHECK(!opened && opened.error() == ErrorCode::bad_tag);
  FUZZ_CHECK(equal_public(to, Buffer(to.size())));
}

// The parts alone: the cipher from any block number, the authenticator under any key.
void check_parts(const Case& c, const ChaChaKernel& row) {
  const ChaChaKernel& portable = chacha_kernels().back();
  const BytesOf<32> key(c.key);
  const BytesOf<12> nonce(c.nonce.first(12));
  Buffer a(c.message.size());
  Buffer b(c.message.size());
  const auto ours = chacha20_xor(key, nonce, c.counter, c.message, a, &row);
  const auto theirs = chacha20_xor(key, nonce, c.counter, c.message, b, &portable);
  FUZZ_CHECK(ours.ok() == theirs.ok());
  FUZZ_CHECK(a == b);
  FUZZ_CHECK(ours.ok() ==
             (std::uint64_t{c.counter} + (c.message.size() + 63) / 64 <= std::uint64_t{1} << 32));
  std::uint8_t tag[16];
  std::uint8_t expected[16];
  poly1305(key, c.message, tag, &row);
  poly1305(key, c.message, expected, &portable);
  FUZZ_CHECK(equal_public(tag, expected));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto c = parse(Bytes(data, size));
  if (!c) {
    return -1;
  }
  const auto rows = chacha_kernels();
  const Sealed expected = seal(*c, rows.back());
  fuzz::on_every_row(rows, [&](const ChaChaKernel& row) {
    check_row(*c, row, expected);
    check_parts(*c, row);
  });
  return 0;
}
