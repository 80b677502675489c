// SPDX-License-Identifier: Apache-2.0
// ChaCha20, Poly1305 and their AEAD (RFC 8439), and XChaCha20-Poly1305 with its 24-byte nonce
// (draft-irtf-cfrg-xchacha-03). Constant time in key, data and tag; lengths are public.
#pragma once

#include <ashlar/crypto/aead.hpp>

namespace ashlar::crypto {

extern const AeadAlgorithm kChaCha20Poly1305;   // 12-byte nonces
extern const AeadAlgorithm kXChaCha20Poly1305;  // 24-byte nonces, which may be drawn at random

// The chaining value of Poly1305 (RFC 8439 §2.5): h below 2^131 as little-endian words, r clamped.
struct Poly1305State {
  std::uint64_t h[3];
  std::uint64_t r[2];
};

// One implementation: key stream and authenticator together. Sizes in bytes; in == out is allowed.
struct ChaChaKernel {
  std::string_view name;
  cpu::Features required;
  // Begins a message: writes the first half of block 0 (the key of Poly1305) and XORs the first bytes of the
  // message with the next blocks. Returns how many: all, or a multiple of 64 up to kMaxStart.
  std::size_t (*start)(const std::uint32_t key[8], const std::uint8_t nonce[12], const std::uint8_t* in,
                       std::uint8_t* out, std::size_t size, std::uint8_t poly_key[32]);
  static constexpr std::size_t kMaxStart = 960;
  // XORs `size` bytes with the key stream from block number `counter` on.
  void (*xor_stream)(const std::uint32_t key[8], const std::uint8_t nonce[12], std::uint32_t counter,
                     const std::uint8_t* in, std::uint8_t* out, std::size_t size);
  // Absorbs whole blocks of 16 bytes.
  void (*poly1305_blocks)(Poly1305State& state, const std::uint8_t* data, std::size_t blocks);
  // XORs the part of a message that start left, and absorbs every whole block of its ciphertext. First it
  // absorbs the `pending` blocks that lie before `out` (sealing) or `in` (opening).
  void (*crypt)(const std::uint32_t key[8], const std::uint8_t nonce[12], std::uint32_t counter,
                const std::uint8_t* in, std::uint8_t* out, std::size_t size, bool sealing,
                Poly1305State& poly, std::size_t pending);
};

// All implementations, best first; the last is portable.
std::span<const ChaChaKernel> chacha_kernels();

class ChaCha20Poly1305Key {  // one key of ChaCha20-Poly1305
 public:
  // key: 32 bytes, else bad_key_size. kernel: a row that this CPU can run (else kernel_unavailable), or null
  // for the best.
  static Result<ChaCha20Poly1305Key> create(Bytes key, const ChaChaKernel* kernel = nullptr);
  ChaCha20Poly1305Key(ChaCha20Poly1305Key&&) noexcept;
  ChaCha20Poly1305Key& operator=(ChaCha20Poly1305Key&&) noexcept;
  ~ChaCha20Poly1305Key();

  // As Aead::seal and Aead::open. nonce: 12 bytes, or 24 for XChaCha20, else bad_nonce_size. At most 2^38 -
  // 64 bytes: then the 32-bit block counter would wrap (message_too_long).
  Result<void> seal(Bytes nonce, std::span<const Bytes> aad, Bytes plaintext, MutBytes ciphertext,
                    MutBytesOf<16> tag) const;
  Result<void> open(Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext, BytesOf<16> tag,
                    MutBytes plaintext) const;

 private:
  ChaCha20Poly1305Key() = default;
  const ChaChaKernel* kernel_ = nullptr;
  std::uint32_t key_[8];
};

// XORs `in` with the ChaCha20 key stream from block `counter` on (RFC 8439 §2.4). message_too_long if the
// counter would wrap.
Result<void> chacha20_xor(BytesOf<32> key, BytesOf<12> nonce, std::uint32_t counter, Bytes in, MutBytes out,
                          const ChaChaKernel* kernel = nullptr);
// The one-time authenticator of a message (RFC 8439 §2.5). A key must authenticate one message only.
void poly1305(BytesOf<32> key, Bytes message, MutBytesOf<16> tag, const ChaChaKernel* kernel = nullptr);

}  // namespace ashlar::crypto
