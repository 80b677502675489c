// SPDX-License-Identifier: Apache-2.0
#include "rsa/encoding.hpp"

#include <ashlar/base/ct.hpp>

namespace ashlar::crypto::rsa {
namespace {

// The hash functions of NIST are 2.16.840.1.101.3.4.2.N (RFC 8017 §B.1): their names in Ashlar, and N.
struct DigestInfoRow {
  std::string_view hash;
  std::uint8_t last_arc;
};
constexpr DigestInfoRow kDigestInfos[] = {
    {"SHA-256", 1},     {"SHA-384", 2},  {"SHA-512", 3},  {"SHA-224", 4},  {"SHA-512/224", 5},
    {"SHA-512/256", 6}, {"SHA3-224", 7}, {"SHA3-256", 8}, {"SHA3-384", 9}, {"SHA3-512", 10},
};

constexpr std::size_t kPrefixSize = 19;

// The last of the bytes before the padding's zero octets and `bits` (RFC 8017 §9.1.1 step 11).
std::uint8_t top_mask(std::size_t size, std::size_t bits) {
  return static_cast<std::uint8_t>(0xff >> (8 * size - bits));
}

// H = Hash(eight zeros || digest || salt), §9.1.1 steps 5 and 6.
MutBytes hash_with_salt(const HashAlgorithm& hash, Bytes digest, Bytes salt, MutBytes out) {
  constexpr std::uint8_t kZeros[8] = {};
  return Hash(hash).update(kZeros).update(digest).update(salt).finish(out);
}

}  // namespace

Result<void> encode_pkcs1(const HashAlgorithm& hash, Bytes digest, MutBytes encoded) {
  const DigestInfoRow* row = nullptr;
  for (const DigestInfoRow& candidate : kDigestInfos) {
    if (candidate.hash == hash.name) {
      row = &candidate;
    }
  }
  if (row == nullptr) {
    return ErrorCode::unsupported;
  }
  if (digest.size() != hash.digest_size || encoded.size() < digest.size() + kPrefixSize + 11) {
    return ErrorCode::invalid_argument;
  }
  // DigestInfo ::= SEQUENCE { SEQUENCE { OID, NULL }, OCTET STRING }
  const auto digest_size = static_cast<std::uint8_t>(digest.size());
  const std::uint8_t prefix[kPrefixSize] = {0x30,          static_cast<std::uint8_t>(17 + digest_size),
                                            0x30,          0x0d,
                                            0x06,          0x09,
                                            0x60,          0x86,
                                            0x48,          0x01,
                                            0x65,          0x03,
                                            0x04,          0x02,
                                            row->last_arc, 0x05,
                                            0x00,          0x04,
                                            digest_size};
  const std::size_t info = encoded.size() - digest.size() - kPrefixSize;
  encoded[0] = 0;
  encoded[1] = 1;
  std::memset(encoded.data() + 2, 0xff, info - 3);
  encoded[info - 1] = 0;
  copy_bytes(encoded.subspan(info), prefix);
  copy_bytes(encoded.subspan(info + kPrefixSize), digest);
  return {};
}

void mask_mgf1(const HashAlgorithm& hash, Bytes seed, MutBytes out) {
  std::uint8_t block[kMaxDigestSize];
  std::uint32_t counter = 0;
  while (!out.empty()) {
    const std::uint8_t count[4] = {
        static_cast<std::uint8_t>(counter >> 24), static_cast<std::uint8_t>(counter >> 16),
        static_cast<std::uint8_t>(counter >> 8), static_cast<std::uint8_t>(counter)};
    Hash(hash).update(seed).update(count).finish(block);
    const std::size_t size = out.size() < hash.digest_size ? out.size() : hash.digest_size;
    for (std::size_t i = 0; i < size; i++) {
      out[i] ^= block[i];
    }
    out = out.subspan(size);
    counter++;
  }
  wipe(block, sizeof block);
}

Result<void> encode_pss(const HashAlgorithm& hash, const HashAlgorithm& mgf_hash, Bytes digest, Bytes salt,
                        MutBytes encoded, std::size_t bits) {
  if (digest.size() != hash.digest_size || encoded.size() < digest.size() + salt.size() + 2) {
    return ErrorCode::invalid_argument;
  }
  const MutBytes masked = encoded.first(encoded.size() - digest.size() - 1);
  const MutBytes seed = encoded.subspan(masked.size(), digest.size());
  hash_with_salt(hash, digest, salt, seed);
  const std::size_t zeros = masked.size() - salt.size() - 1;
  std::memset(masked.data(), 0, zeros);
  masked[zeros] = 1;
  copy_bytes(masked.subspan(zeros + 1), salt);
  mask_mgf1(mgf_hash, seed, masked);
  masked[0] &= top_mask(encoded.size(), bits);
  encoded[encoded.size() - 1] = 0xbc;
  return {};
}

Result<void> check_pss(const HashAlgorithm& hash, const HashAlgorithm& mgf_hash, Bytes digest,
                       std::size_t salt_size, MutBytes encoded, std::size_t bits) {
  if (digest.size() != hash.digest_size) {
    return ErrorCode::invalid_argument;
  }
  const std::uint8_t mask = top_mask(encoded.size(), bits);
  const bool any_salt = salt_size == kAnySaltSize;
  if ((!any_salt && salt_size > encoded.size()) ||
      encoded.size() < digest.size() + (any_salt ? 0 : salt_size) + 2 ||
      encoded[encoded.size() - 1] != 0xbc || (encoded[0] & ~mask) != 0) {
    return ErrorCode::bad_signature;
  }
  const MutBytes masked = encoded.first(encoded.size() - digest.size() - 1);
  const Bytes seed = encoded.subspan(masked.size(), digest.size());
  mask_mgf1(mgf_hash, seed, masked);
  masked[0] &= mask;
  std::size_t zeros = any_salt ? 0 : masked.size() - salt_size - 1;
  // The salt follows the first byte that is not zero; it may be empty.
  while (any_salt && zeros + 1 < masked.size() && masked[zeros] == 0) {
    zeros++;
  }
  std::uint8_t wrong = masked[zeros] ^ 1;
  for (std::size_t i = 0; i < zeros; i++) {
    wrong |= masked[i];
  }
  std::uint8_t expected[kMaxDigestSize];
  if (wrong != 0 || !equal_public(seed, hash_with_salt(hash, digest, masked.subspan(zeros + 1), expected))) {
    return ErrorCode::bad_signature;
  }
  return {};
}

// 00 || masked seed || masked (Hash(label) || zeros || 01 || message)
Result<void> encode_oaep(const HashAlgorithm& hash, const HashAlgorithm& mgf_hash, Bytes label, Bytes message,
                         Bytes seed, MutBytes encoded) {
  const std::size_t digest_size = hash.digest_size;
  if (encoded.size() < 2 * digest_size + 2 || message.size() > encoded.size() - 2 * digest_size - 2) {
    return Error{ErrorCode::rsa_message_too_long, Place::none, static_cast<std::uint32_t>(message.size())};
  }
  const MutBytes masked_seed = encoded.subspan(1, digest_size);
  const MutBytes block = encoded.subspan(1 + digest_size);
  encoded[0] = 0;
  copy_bytes(masked_seed, seed);
  Hash(hash).update(label).finish(block.first(digest_size));
  const std::size_t one = block.size() - message.size() - 1;
  std::memset(block.data() + digest_size, 0, one - digest_size);
  block[one] = 1;
  copy_bytes(block.subspan(one + 1), message);
  mask_mgf1(mgf_hash, seed, block);
  mask_mgf1(mgf_hash, block, masked_seed);
  return {};
}

OaepMessage open_oaep(const HashAlgorithm& hash, const HashAlgorithm& mgf_hash, Bytes label,
                      MutBytes encoded) {
  const std::size_t digest_size = hash.digest_size;
  const MutBytes seed = encoded.subspan(1, digest_size);
  const MutBytes block = encoded.subspan(1 + digest_size);
  mask_mgf1(mgf_hash, block, seed);
  mask_mgf1(mgf_hash, seed, block);
  std::uint8_t label_hash[kMaxDigestSize];
  // Nothing may show what is wrong (Manger's attack): neither the first byte nor the rest.
  ct::Mask good = ct::is_zero(encoded[0]) &
                  ct::equal(Bytes(block).first(digest_size), Hash(hash).update(label).finish(label_hash));
  ct::Mask found = ct::Mask::no();
  std::uint64_t one = 0;
  for (std::size_t i = digest_size; i < block.size(); i++) {
    const ct::Mask here = ~ct::is_zero(block[i]) & ~found;
    good &= ~here | ct::equal(block[i], 1);
    one = ct::select(here, i, one);
    found |= here;
  }
  return {1 + digest_size + one + 1, good & found};
}

}  // namespace ashlar::crypto::rsa
