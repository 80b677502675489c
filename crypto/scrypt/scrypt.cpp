// SPDX-License-Identifier: Apache-2.0
// scrypt: PBKDF2 around ROMix (RFC 7914 §4 to §6). The workspace holds, in this order, B (128 r p bytes), V
// (128 r n) and two blocks of 128 r. Words stay little-endian in memory throughout, so that nothing is
// converted in between.
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/pbkdf2.hpp>
#include <ashlar/crypto/scrypt.hpp>
#include <ashlar/crypto/sha2.hpp>

#include <bit>

namespace ashlar::crypto {
namespace {

// Salsa20/8 (RFC 7914 §3) on one block, in place.
void salsa20_8(std::uint8_t block[64]) {
  std::uint32_t start[16];
  std::uint32_t x[16];
  for (int i = 0; i < 16; ++i) {
    x[i] = start[i] = load_le32(block + 4 * i);
  }
  const auto quarter = [&x](int a, int b, int c, int d) {
    x[b] ^= std::rotl(x[a] + x[d], 7);
    x[c] ^= std::rotl(x[b] + x[a], 9);
    x[d] ^= std::rotl(x[c] + x[b], 13);
    x[a] ^= std::rotl(x[d] + x[c], 18);
  };
  for (int i = 0; i < 4; ++i) {
    quarter(0, 4, 8, 12);
    quarter(5, 9, 13, 1);
    quarter(10, 14, 2, 6);
    quarter(15, 3, 7, 11);
    quarter(0, 1, 2, 3);
    quarter(5, 6, 7, 4);
    quarter(10, 11, 8, 9);
    quarter(15, 12, 13, 14);
  }
  for (int i = 0; i < 16; ++i) {
    store_le32(block + 4 * i, x[i] + start[i]);
  }
}

void xor_into(std::uint8_t* to, const std::uint8_t* from, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    to[i] = static_cast<std::uint8_t>(to[i] ^ from[i]);
  }
}

// scryptBlockMix (§4): from `in` to `out`, both of 2 r blocks.
void block_mix(const std::uint8_t* in, std::uint8_t* out, std::size_t r) {
  std::uint8_t x[64];
  std::memcpy(x, in + (2 * r - 1) * 64, 64);
  for (std::size_t i = 0; i < 2 * r; ++i) {
    xor_into(x, in + 64 * i, 64);
    salsa20_8(x);
    // Even blocks go to the front half, odd ones to the back.
    std::memcpy(out + 64 * (i / 2 + (i % 2) * r), x, 64);
  }
}

// scryptROMix (§5) on one block of 128 r bytes.
void ro_mix(std::uint8_t* block, std::uint64_t n, std::size_t r, std::uint8_t* v, std::uint8_t* spare) {
  const std::size_t size = 128 * r;
  for (std::uint64_t i = 0; i < n; ++i) {
    std::memcpy(v + i * size, block, size);
    block_mix(v + i * size, block, r);
  }
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::uint64_t j = load_le64(block + (2 * r - 1) * 64) & (n - 1);
    xor_into(block, v + j * size, size);
    std::memcpy(spare, block, size);
    block_mix(spare, block, r);
  }
}

}  // namespace

Result<std::size_t> scrypt_workspace_size(const ScryptCost& cost) {
  const bool power_of_two = cost.n > 1 && (cost.n & (cost.n - 1)) == 0;
  if (!power_of_two || cost.r == 0 || cost.p == 0 || cost.n > kMaxScryptMemory || cost.r > kMaxScryptMemory ||
      cost.p > kMaxScryptWork) {
    return ErrorCode::invalid_argument;
  }
  // No product of two numbers up to 2^30 overflows; each further factor is checked before it is multiplied
  // in.
  const std::uint64_t nr = cost.n * cost.r;
  const std::uint64_t rp = std::uint64_t{cost.r} * cost.p;
  if (nr > kMaxScryptMemory / 128 || rp > kMaxScryptMemory / 128 || nr > kMaxScryptWork / cost.p) {
    return ErrorCode::invalid_argument;
  }
  return static_cast<std::size_t>(128 * (rp + nr + cost.r));
}

Result<void> scrypt(Bytes passphrase, Bytes salt, const ScryptCost& cost, MutBytes workspace, MutBytes out) {
  ASHLAR_TRY(const std::size_t needed, scrypt_workspace_size(cost));
  if (workspace.size() < needed) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(workspace.size())};
  }
  const std::size_t block = 128 * std::size_t{cost.r};
  const MutBytes b = workspace.first(block * cost.p);
  std::uint8_t* const v = workspace.data() + b.size();
  std::uint8_t* const spare = v + block * cost.n;

  ASHLAR_CHECK(pbkdf2(kSha256, passphrase, salt, 1, b));
  for (std::size_t i = 0; i < cost.p; ++i) {
    ro_mix(b.data() + i * block, cost.n, cost.r, v, spare);
  }
  const Result<void> result = pbkdf2(kSha256, passphrase, b, 1, out);
  wipe(workspace.first(needed));
  return result;
}

}  // namespace ashlar::crypto
