// SPDX-License-Identifier: Apache-2.0
// ChaCha20 (RFC 8439 §2.3) on plain 32-bit words: additions, XORs and rotations, constant time on any
// machine.
#include <bit>

#include "aes/xor_bytes.hpp"
#include "chacha20poly1305/chacha_kernels.hpp"
#include "cpu/dead_stack.hpp"

namespace ashlar::crypto::chacha {
namespace {

// Inlined at -O2 too: the words are to stay in registers.
[[gnu::always_inline]] inline void quarter_round(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c,
                                                 std::uint32_t& d) {
  a += b;
  d = std::rotl(d ^ a, 16);
  c += d;
  b = std::rotl(b ^ c, 12);
  a += b;
  d = std::rotl(d ^ a, 8);
  c += d;
  b = std::rotl(b ^ c, 7);
}

void twenty_rounds(std::uint32_t x[16]) {
  for (int i = 0; i < 10; ++i) {
    quarter_round(x[0], x[4], x[8], x[12]);
    quarter_round(x[1], x[5], x[9], x[13]);
    quarter_round(x[2], x[6], x[10], x[14]);
    quarter_round(x[3], x[7], x[11], x[15]);
    quarter_round(x[0], x[5], x[10], x[15]);
    quarter_round(x[1], x[6], x[11], x[12]);
    quarter_round(x[2], x[7], x[8], x[13]);
    quarter_round(x[3], x[4], x[9], x[14]);
  }
}

// The block of key stream for the state `start`.
void block(const std::uint32_t start[16], std::uint8_t out[64]) {
  std::uint32_t x[16];
  std::memcpy(x, start, sizeof x);
  twenty_rounds(x);
  for (int i = 0; i < 16; ++i) {
    store_le32(out + 4 * i, x[i] + start[i]);
  }
}

// The most stack that xor_stream takes, with the key and blocks of key stream in it.
constexpr std::size_t kStack = 768;

void xor_stream(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
  std::uint32_t start[16];
  std::uint8_t stream[64];
  set_state(start, key, nonce, counter);
  while (size != 0) {
    const std::size_t n = size < 64 ? size : 64;
    block(start, stream);
    ++start[12];
    aes::xor_bytes(out, in, stream, n);
    in += n;
    out += n;
    size -= n;
  }
}

}  // namespace

void xor_stream_portable(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                         const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
  call_and_wipe<kStack>(xor_stream, key, nonce, counter, in, out, size);
}

std::size_t start_portable(const std::uint32_t* key, const std::uint8_t* nonce, const std::uint8_t* in,
                           std::uint8_t* out, std::size_t size, std::uint8_t* poly_key) {
  std::memset(poly_key, 0, 32);
  xor_stream_portable(key, nonce, 0, poly_key, poly_key, 32);
  const std::size_t n = size < 64 ? size : 64;
  xor_stream_portable(key, nonce, 1, in, out, n);
  return n;
}

void crypt_portable(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                    const std::uint8_t* in, std::uint8_t* out, std::size_t size, bool sealing,
                    Poly1305State& poly, std::size_t pending) {
  if (!sealing) {
    poly1305_blocks_portable(poly, in - 16 * pending, pending + size / 16);
  }
  xor_stream_portable(key, nonce, counter, in, out, size);
  if (sealing) {
    poly1305_blocks_portable(poly, out - 16 * pending, pending + size / 16);
  }
}

void hchacha20(const std::uint32_t key[8], const std::uint8_t nonce[16], std::uint32_t subkey[8]) {
  std::uint32_t x[16];
  std::memcpy(x, kSigma, 16);
  std::memcpy(x + 4, key, 32);
  for (int i = 0; i < 4; ++i) {
    x[12 + i] = load_le32(nonce + 4 * i);
  }
  twenty_rounds(x);
  std::memcpy(subkey, x, 16);
  std::memcpy(subkey + 4, x + 12, 16);
  wipe(x, sizeof x);
}

}  // namespace ashlar::crypto::chacha
