// SPDX-License-Identifier: Apache-2.0
// The functions of the kernel rows. Signatures as in ChaChaKernel.
#pragma once

#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/chacha20poly1305.hpp>

#include "cpu/x86.hpp"

namespace ashlar::crypto::chacha {

// "expand 32-byte k" (RFC 8439 §2.3).
inline constexpr std::uint32_t kSigma[4] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

// The 16 words that a block starts from.
inline void set_state(std::uint32_t state[16], const std::uint32_t key[8], const std::uint8_t nonce[12],
                      std::uint32_t counter) {
  std::memcpy(state, kSigma, 16);
  std::memcpy(state + 4, key, 32);
  state[12] = counter;
  for (int i = 0; i < 3; ++i) {
    state[13 + i] = load_le32(nonce + 4 * i);
  }
}

std::size_t start_portable(const std::uint32_t* key, const std::uint8_t* nonce, const std::uint8_t* in,
                           std::uint8_t* out, std::size_t size, std::uint8_t* poly_key);
void xor_stream_portable(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                         const std::uint8_t* in, std::uint8_t* out, std::size_t size);
void poly1305_blocks_portable(Poly1305State& state, const std::uint8_t* data, std::size_t blocks);
void crypt_portable(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                    const std::uint8_t* in, std::uint8_t* out, std::size_t size, bool sealing,
                    Poly1305State& poly, std::size_t pending);
// HChaCha20 (draft-irtf-cfrg-xchacha-03 §2.2): a subkey from a key and 16 bytes of nonce.
void hchacha20(const std::uint32_t key[8], const std::uint8_t nonce[16], std::uint32_t subkey[8]);

#if ASHLAR_X86_KERNELS
std::size_t start_ssse3(const std::uint32_t* key, const std::uint8_t* nonce, const std::uint8_t* in,
                        std::uint8_t* out, std::size_t size, std::uint8_t* poly_key);
void xor_stream_ssse3(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                      const std::uint8_t* in, std::uint8_t* out, std::size_t size);
void crypt_ssse3(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                 const std::uint8_t* in, std::uint8_t* out, std::size_t size, bool sealing,
                 Poly1305State& poly, std::size_t pending);
void poly1305_blocks_mul(Poly1305State& state, const std::uint8_t* data, std::size_t blocks);
std::size_t start_avx2(const std::uint32_t* key, const std::uint8_t* nonce, const std::uint8_t* in,
                       std::uint8_t* out, std::size_t size, std::uint8_t* poly_key);
void xor_stream_avx2(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                     const std::uint8_t* in, std::uint8_t* out, std::size_t size);
void crypt_avx2(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                const std::uint8_t* in, std::uint8_t* out, std::size_t size, bool sealing,
                Poly1305State& poly, std::size_t pending);
std::size_t start_avx512vl(const std::uint32_t* key, const std::uint8_t* nonce, const std::uint8_t* in,
                           std::uint8_t* out, std::size_t size, std::uint8_t* poly_key);
void xor_stream_avx512vl(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                         const std::uint8_t* in, std::uint8_t* out, std::size_t size);
void crypt_avx512vl(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                    const std::uint8_t* in, std::uint8_t* out, std::size_t size, bool sealing,
                    Poly1305State& poly, std::size_t pending);
void poly1305_blocks_bmi2(Poly1305State& state, const std::uint8_t* data, std::size_t blocks);
std::size_t start_avx512(const std::uint32_t* key, const std::uint8_t* nonce, const std::uint8_t* in,
                         std::uint8_t* out, std::size_t size, std::uint8_t* poly_key);
void xor_stream_avx512(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                       const std::uint8_t* in, std::uint8_t* out, std::size_t size);
void crypt_avx512(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                  const std::uint8_t* in, std::uint8_t* out, std::size_t size, bool sealing,
                  Poly1305State& poly, std::size_t pending);
void poly1305_blocks_ifma(Poly1305State& state, const std::uint8_t* data, std::size_t blocks);
#endif

}  // namespace ashlar::crypto::chacha
