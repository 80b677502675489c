// SPDX-License-Identifier: Apache-2.0
// Records under AES-GCM (RFC 5288 §3, RFC 5246 §6.2.3.3).
//
// The nonce is the fixed IV of the key block and eight explicit bytes. We send the sequence number there: it
// cannot repeat under one key (S03). A peer's explicit bytes are used as they come.
#include <ashlar/crypto/gcm.hpp>

#include <new>

#include "record/fragment_header.hpp"

namespace ashlar::tls {
namespace {

constexpr std::size_t kExplicitSize = 8;
constexpr std::size_t kFixedIvSize = 4;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kOverhead = kExplicitSize + kTagSize;

struct State {
  crypto::AesGcmKey key;
  std::uint8_t fixed_iv[kFixedIvSize];

  void nonce(BytesOf<kExplicitSize> explicit_part, MutBytesOf<kFixedIvSize + kExplicitSize> out) const {
    copy_bytes(out, fixed_iv);
    copy_bytes(out.subspan(kFixedIvSize), explicit_part);
  }
};
static_assert(sizeof(State) <= kCipherStateCapacity && alignof(State) <= 64);

Result<void> init(void* state, bool, Bytes, Bytes key, Bytes fixed_iv) {
  ASHLAR_TRY(crypto::AesGcmKey gcm, crypto::AesGcmKey::create(key));
  State* made = new (state) State{std::move(gcm), {}};
  copy_bytes(made->fixed_iv, fixed_iv);
  return {};
}

void destroy(void* state) {
  static_cast<State*>(state)->~State();
}

std::size_t sealed_size(std::size_t plaintext_size) {
  return plaintext_size + kOverhead;
}

Result<std::size_t> seal(void* state_memory, std::uint64_t sequence, ContentType type, crypto::Random,
                         Bytes plaintext, MutBytes out) {
  const State& state = *static_cast<const State*>(state_memory);
  const MutBytes ciphertext = out.subspan(kExplicitSize, plaintext.size());
  const auto tag = out.subspan(kExplicitSize + plaintext.size()).first<kTagSize>();
  const auto explicit_part = out.first<kExplicitSize>();
  store_be64(explicit_part.data(), sequence);
  std::uint8_t nonce[kFixedIvSize + kExplicitSize];
  state.nonce(explicit_part, nonce);
  const FragmentHeader header(sequence, type, plaintext.size());
  const Bytes aad[] = {header.bytes()};
  ASHLAR_CHECK(state.key.seal(nonce, aad, plaintext, ciphertext, tag));
  return out.size();
}

Result<OpenedFragment> open(void* state_memory, std::uint64_t sequence, ContentType type, MutBytes fragment) {
  const State& state = *static_cast<const State*>(state_memory);
  if (fragment.size() < kOverhead) {  // T02
    return ErrorCode::bad_record_mac;
  }
  const std::size_t size = fragment.size() - kOverhead;
  const MutBytes text = fragment.subspan(kExplicitSize, size);
  std::uint8_t nonce[kFixedIvSize + kExplicitSize];
  state.nonce(fragment.first<kExplicitSize>(), nonce);
  const FragmentHeader header(sequence, type, size);
  const Bytes aad[] = {header.bytes()};
  if (!state.key.open(nonce, aad, text, fragment.last<kTagSize>(), text)) {
    return ErrorCode::bad_record_mac;
  }
  return OpenedFragment{text, 0, kTagSize};
}

}  // namespace

constinit const RecordCipher kAes128GcmRecords = {
    .name = "AES-128-GCM",
    .mac_key_size = 0,
    .key_size = 16,
    .fixed_iv_size = kFixedIvSize,
    .explicit_nonce_size = kExplicitSize,
    .mac_size = kTagSize,
    .block_size = 1,
    .encrypt_then_mac = nullptr,
    .sealed_size = sealed_size,
    .init = init,
    .destroy = destroy,
    .seal = seal,
    .open = open,
};
constinit const RecordCipher kAes256GcmRecords = {
    .name = "AES-256-GCM",
    .mac_key_size = 0,
    .key_size = 32,
    .fixed_iv_size = kFixedIvSize,
    .explicit_nonce_size = kExplicitSize,
    .mac_size = kTagSize,
    .block_size = 1,
    .encrypt_then_mac = nullptr,
    .sealed_size = sealed_size,
    .init = init,
    .destroy = destroy,
    .seal = seal,
    .open = open,
};

}  // namespace ashlar::tls
