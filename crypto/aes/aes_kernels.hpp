// SPDX-License-Identifier: Apache-2.0
// The rows of AES, each in a file of its own.
#pragma once

#include <ashlar/crypto/aes.hpp>

#include "aead/buffers.hpp"

namespace ashlar::crypto::aes {

// Rounds for a key of 16, 24 or 32 bytes (FIPS 197 §5).
constexpr std::uint32_t rounds_for(std::size_t key_size) {
  return static_cast<std::uint32_t>(key_size / 4 + 6);
}
constexpr bool takes_key_size(std::size_t size) {
  return size == 16 || size == 24 || size == 32;
}

// Checks the buffers of a mode on whole blocks: not_block_multiple, invalid_argument,
// partial_overlap.
inline Result<void> check_blocks(Bytes in, Bytes out) {
  if (in.size() % kAesBlockSize != 0) {
    return Error{ErrorCode::not_block_multiple, Place::none, static_cast<std::uint32_t>(in.size())};
  }
  return check_buffers(in, out, kAnySize);
}

// What a row is made of; each row's file defines these functions.
#define ASHLAR_AES_ROW(Name)                                                                                 \
  struct Name {                                                                                              \
    static void expand_encrypt(AesSchedule& schedule, Bytes key);                                            \
    static void expand_decrypt(AesSchedule& schedule, Bytes key);                                            \
    static void encrypt_blocks(const AesSchedule&, const std::uint8_t* in, std::uint8_t* out, std::size_t);  \
    static void decrypt_blocks(const AesSchedule&, const std::uint8_t* in, std::uint8_t* out, std::size_t);  \
    static void cbc_encrypt(const AesSchedule&, std::uint8_t iv[16], const std::uint8_t* in,                 \
                            std::uint8_t* out, std::size_t blocks);                                          \
    static void cbc_decrypt(const AesSchedule&, std::uint8_t iv[16], const std::uint8_t* in,                 \
                            std::uint8_t* out, std::size_t blocks);                                          \
    static void ctr(const AesSchedule&, std::uint8_t counter[16], const std::uint8_t* in, std::uint8_t* out, \
                    std::size_t blocks);                                                                     \
  }

ASHLAR_AES_ROW(Portable);
ASHLAR_AES_ROW(Ssse3);
ASHLAR_AES_ROW(Aesni);
ASHLAR_AES_ROW(Vaes);
ASHLAR_AES_ROW(Avx512);

template <class Row>
constexpr AesKernel row(std::string_view name, cpu::Features required) {
  return {name,
          required,
          Row::expand_encrypt,
          Row::expand_decrypt,
          Row::encrypt_blocks,
          Row::decrypt_blocks,
          Row::cbc_encrypt,
          Row::cbc_decrypt,
          Row::ctr};
}

// The part of a row of aes_kernels() that key streams need. A program that uses AES for nothing else links no
// CBC and no decryption.
struct CtrRow {
  cpu::Features required;
  void (*expand_encrypt)(AesSchedule& schedule, Bytes key);
  void (*ctr)(const AesSchedule&, std::uint8_t counter[16], const std::uint8_t* in, std::uint8_t* out,
              std::size_t blocks);
};
std::span<const CtrRow> ctr_rows();

}  // namespace ashlar::crypto::aes
