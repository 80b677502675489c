// SPDX-License-Identifier: Apache-2.0
// Records under AES-CBC with HMAC-SHA-256: MAC-then-encrypt as RFC 5246 §6.2.3.2 has it, and encrypt-then-MAC
// where it was negotiated (RFC 7366 §3). Each record begins with an IV of its own, fresh and random.
#include <ashlar/crypto/cbc_hmac.hpp>
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

struct Opener {
  crypto::AesCbcDecryptor cipher;
  crypto::HmacKey mac;
};
using State = std::variant<crypto::CbcHmacSealer, Opener>;
static_assert(sizeof(State) <= kCipherStateCapacity && alignof(State) <= 64);

const crypto::CbcHmacSealer& sealer_of(const void* state) {
  return *std::get_if<crypto::CbcHmacSealer>(static_cast<const State*>(state));
}
const Opener& opener_of(const void* state) {
  return *std::get_if<Opener>(static_cast<const State*>(state));
}

Result<void> init(void* state, bool sealing, Bytes mac_key, Bytes key, Bytes) {
  if (sealing) {
    ASHLAR_TRY(crypto::CbcHmacSealer sealer, crypto::CbcHmacSealer::create(crypto::kSha256, mac_key, key));
    new (state) State(std::move(sealer));
  } else {
    ASHLAR_TRY(crypto::AesCbcDecryptor cipher, crypto::AesCbcDecryptor::create(key));
    new (state) State(Opener{std::move(cipher), crypto::HmacKey(crypto::kSha256, mac_key)});
  }
  return {};
}

void destroy(void* state) {
  static_cast<State*>(state)->~State();
}

std::size_t sealed_size_mte(std::size_t plaintext_size) {
  return kIvSize + crypto::CbcHmacSealer::padded_size(plaintext_size + kMacSize);
}
std::size_t sealed_size_etm(std::size_t plaintext_size) {
  return kIvSize + crypto::CbcHmacSealer::padded_size(plaintext_size) + kMacSize;
}

Result<void> decrypt(const Opener& opener, BytesOf<kIvSize> iv, MutBytes body) {
  std::uint8_t chain[kIvSize];
  copy_bytes(chain, iv);
  return opener.cipher.decrypt(chain, body, body);
}

Result<std::size_t> seal_mte(void* state, std::uint64_t sequence, ContentType type, crypto::Random random,
                             Bytes plaintext, MutBytes out) {
  const MutBytesOf<kIvSize> iv = out.first<kIvSize>();
  const FragmentHeader header(sequence, type, plaintext.size());
  ASHLAR_CHECK(random.fill(iv));
  ASHLAR_CHECK(sealer_of(state).mac_then_encrypt(iv, header.bytes(), plaintext, out.subspan(kIvSize)));
  return out.size();
}

Result<OpenedFragment> open_mte(void* state, std::uint64_t sequence, ContentType type, MutBytes fragment) {
  const Opener& opener = opener_of(state);
  if (fragment.size() % kBlock != 0 || fragment.size() < sealed_size_mte(0)) {
    return ErrorCode::bad_record_mac;
  }
  const MutBytes body = fragment.subspan(kIvSize);
  ASHLAR_CHECK(decrypt(opener, fragment.first<kIvSize>(), body));
  CbcVerdict verdict = check_mac_then_encrypt(opener.mac, sequence, type, body);
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

Result<std::size_t> seal_etm(void* state, std::uint64_t sequence, ContentType type, crypto::Random random,
                             Bytes plaintext, MutBytes out) {
  const MutBytesOf<kIvSize> iv = out.first<kIvSize>();
  const FragmentHeader header(sequence, type, out.size() - kMacSize);
  ASHLAR_CHECK(random.fill(iv));
  ASHLAR_CHECK(sealer_of(state).encrypt_then_mac(iv, header.bytes(), plaintext, out.subspan(kIvSize)));
  return out.size();
}

Result<OpenedFragment> open_etm(void* state, std::uint64_t sequence, ContentType type, MutBytes fragment) {
  const Opener& opener = opener_of(state);
  if (fragment.size() % kBlock != 0 || fragment.size() < sealed_size_etm(0)) {
    return ErrorCode::bad_record_mac;
  }
  const MutBytes encrypted = fragment.first(fragment.size() - kMacSize);
  const FragmentHeader header(sequence, type, encrypted.size());
  const Bytes authenticated[] = {header.bytes(), encrypted};
  std::uint8_t expected[kMacSize];
  opener.mac.mac(authenticated, expected);
  // The verdict becomes public: the alert shows it to everybody.
  if (!ct::equal(expected, fragment.last<kMacSize>()).declassify()) {
    return ErrorCode::bad_record_mac;
  }
  const MutBytes body = encrypted.subspan(kIvSize);
  ASHLAR_CHECK(decrypt(opener, fragment.first<kIvSize>(), body));
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
