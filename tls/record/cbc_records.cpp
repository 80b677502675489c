// SPDX-License-Identifier: Apache-2.0
// Records under AES-CBC with HMAC-SHA-256: MAC-then-encrypt as RFC 5246 §6.2.3.2 has it, and encrypt-then-MAC
// where it was negotiated (RFC 7366 §3). Each record begins with an IV of its own, fresh and random.
#include <ashlar/crypto/aes.hpp>
#include <ashlar/crypto/sha2.hpp>

#include <new>
#include <variant>

#include "record/cbc_check.hpp"
#include "record/fragment_header.hpp"

namespace ashlar::tls {
namespace {

constexpr std::size_t kBlock = crypto::kAesBlockSize;
constexpr std::size_t kIvSize = 16;
constexpr std::size_t kMacSize = 32;

struct State {
  std::variant<crypto::AesCbcEncryptor, crypto::AesCbcDecryptor> cipher;
  crypto::HmacKey mac;
};
static_assert(sizeof(State) <= kCipherStateCapacity && alignof(State) <= 64);

Result<void> init(void* state, bool sealing, Bytes mac_key, Bytes key, Bytes) {
  if (sealing) {
    ASHLAR_TRY(crypto::AesCbcEncryptor cipher, crypto::AesCbcEncryptor::create(key));
    new (state) State{std::move(cipher), crypto::HmacKey(crypto::kSha256, mac_key)};
  } else {
    ASHLAR_TRY(crypto::AesCbcDecryptor cipher, crypto::AesCbcDecryptor::create(key));
    new (state) State{std::move(cipher), crypto::HmacKey(crypto::kSha256, mac_key)};
  }
  return {};
}

void destroy(void* state) {
  static_cast<State*>(state)->~State();
}

// With the length byte, to the next whole block: the shortest padding there is.
constexpr std::size_t padded_size(std::size_t size) {
  return (size / kBlock + 1) * kBlock;
}
std::size_t sealed_size_mte(std::size_t plaintext_size) {
  return kIvSize + padded_size(plaintext_size + kMacSize);
}
std::size_t sealed_size_etm(std::size_t plaintext_size) {
  return kIvSize + padded_size(plaintext_size) + kMacSize;
}

// Pads the first `used` bytes of `body` to all of it.
void pad(MutBytes body, std::size_t used) {
  const auto padding = static_cast<std::uint8_t>(body.size() - used - 1);
  for (std::uint8_t& byte : body.subspan(used)) {
    byte = padding;
  }
}

Result<void> encrypt(const State& state, crypto::Random random, MutBytesOf<kIvSize> iv, MutBytes body) {
  ASHLAR_CHECK(random.fill(iv));
  std::uint8_t chain[kIvSize];
  copy_bytes(chain, iv);
  return std::get_if<crypto::AesCbcEncryptor>(&state.cipher)->encrypt(chain, body, body);
}

Result<void> decrypt(const State& state, BytesOf<kIvSize> iv, MutBytes body) {
  std::uint8_t chain[kIvSize];
  copy_bytes(chain, iv);
  return std::get_if<crypto::AesCbcDecryptor>(&state.cipher)->decrypt(chain, body, body);
}

Result<std::size_t> seal_mte(void* state_memory, std::uint64_t sequence, ContentType type,
                             crypto::Random random, Bytes plaintext, MutBytes out) {
  const State& state = *static_cast<const State*>(state_memory);
  const MutBytes body = out.subspan(kIvSize);
  const std::size_t size = plaintext.size();
  copy_bytes(body, plaintext);
  const FragmentHeader header(sequence, type, size);
  const Bytes authenticated[] = {header.bytes(), body.first(size)};
  state.mac.mac(authenticated, body.subspan(size, kMacSize));
  pad(body, size + kMacSize);
  ASHLAR_CHECK(encrypt(state, random, out.first<kIvSize>(), body));
  return out.size();
}

Result<OpenedFragment> open_mte(void* state_memory, std::uint64_t sequence, ContentType type,
                                MutBytes fragment) {
  const State& state = *static_cast<const State*>(state_memory);
  if (fragment.size() % kBlock != 0 || fragment.size() < sealed_size_mte(0)) {
    return ErrorCode::bad_record_mac;
  }
  const MutBytes body = fragment.subspan(kIvSize);
  ASHLAR_CHECK(decrypt(state, fragment.first<kIvSize>(), body));
  CbcVerdict verdict = check_mac_then_encrypt(state.mac, sequence, type, body);
  // The verdict alone becomes public: the alert shows it to everybody.
  if (!verdict.good.declassify()) {
    wipe(body);
    return ErrorCode::bad_record_mac;
  }
  // The record is the peer's own. How long its padding is follows from how much data the caller is given.
  ct::declassify(&verdict.padding_size, sizeof verdict.padding_size);
  const std::size_t padding = static_cast<std::size_t>(verdict.padding_size) + 1;
  return OpenedFragment{body.first(body.size() - kMacSize - padding), padding, kMacSize};
}

Result<std::size_t> seal_etm(void* state_memory, std::uint64_t sequence, ContentType type,
                             crypto::Random random, Bytes plaintext, MutBytes out) {
  const State& state = *static_cast<const State*>(state_memory);
  const MutBytes encrypted = out.first(out.size() - kMacSize);
  const MutBytes body = encrypted.subspan(kIvSize);
  copy_bytes(body, plaintext);
  pad(body, plaintext.size());
  ASHLAR_CHECK(encrypt(state, random, out.first<kIvSize>(), body));
  const FragmentHeader header(sequence, type, encrypted.size());
  const Bytes authenticated[] = {header.bytes(), encrypted};
  state.mac.mac(authenticated, out.last<kMacSize>());
  return out.size();
}

Result<OpenedFragment> open_etm(void* state_memory, std::uint64_t sequence, ContentType type,
                                MutBytes fragment) {
  const State& state = *static_cast<const State*>(state_memory);
  if (fragment.size() % kBlock != 0 || fragment.size() < sealed_size_etm(0)) {
    return ErrorCode::bad_record_mac;
  }
  const MutBytes encrypted = fragment.first(fragment.size() - kMacSize);
  const FragmentHeader header(sequence, type, encrypted.size());
  const Bytes authenticated[] = {header.bytes(), encrypted};
  std::uint8_t expected[kMacSize];
  state.mac.mac(authenticated, expected);
  // The verdict becomes public: the alert shows it to everybody.
  if (!ct::equal(expected, fragment.last<kMacSize>()).declassify()) {
    return ErrorCode::bad_record_mac;
  }
  const MutBytes body = encrypted.subspan(kIvSize);
  ASHLAR_CHECK(decrypt(state, fragment.first<kIvSize>(), body));
  CbcVerdict verdict = check_cbc_padding(body, 0);
  // Only who has the keys could have made a padding that passed the MAC.
  if (!verdict.good.declassify()) {
    wipe(body);
    return ErrorCode::bad_record_mac;
  }
  ct::declassify(&verdict.padding_size, sizeof verdict.padding_size);
  const std::size_t padding = static_cast<std::size_t>(verdict.padding_size) + 1;
  return OpenedFragment{body.first(body.size() - padding), padding, kMacSize};
}

}  // namespace

constinit const RecordCipher kAes128CbcSha256EtmRecords = {
    .name = "AES-128-CBC with HMAC-SHA-256, encrypt-then-MAC",
    .mac_key_size = kMacSize,
    .key_size = 16,
    .fixed_iv_size = 0,
    .explicit_nonce_size = kIvSize,
    .mac_size = kMacSize,
    .block_size = kBlock,
    .encrypt_then_mac = nullptr,
    .sealed_size = sealed_size_etm,
    .init = init,
    .destroy = destroy,
    .seal = seal_etm,
    .open = open_etm,
};
constinit const RecordCipher kAes128CbcSha256Records = {
    .name = "AES-128-CBC with HMAC-SHA-256",
    .mac_key_size = kMacSize,
    .key_size = 16,
    .fixed_iv_size = 0,
    .explicit_nonce_size = kIvSize,
    .mac_size = kMacSize,
    .block_size = kBlock,
    .encrypt_then_mac = &kAes128CbcSha256EtmRecords,
    .sealed_size = sealed_size_mte,
    .init = init,
    .destroy = destroy,
    .seal = seal_mte,
    .open = open_mte,
};

}  // namespace ashlar::tls
