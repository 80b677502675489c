// SPDX-License-Identifier: Apache-2.0
// The key schedule and the contexts of HPKE (RFC 9180 §5), base mode.
#include "cpu/dead_stack.hpp"
#include "hpke/labeled.hpp"

#include <ashlar/crypto/hpke.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::crypto {

namespace {

constexpr std::uint8_t kBaseMode = 0;
constexpr std::size_t kKemSecretSize = 32;  // Nsecret of both KEMs, whose hash is SHA-256

std::uint8_t high(std::uint16_t id) {
  return static_cast<std::uint8_t>(id >> 8);
}
std::uint8_t low(std::uint16_t id) {
  return static_cast<std::uint8_t>(id);
}

// "HPKE" and the numbers of the suite (§5.1).
struct SuiteId {
  std::uint8_t bytes[10];
  explicit SuiteId(const HpkeSuite& suite)
      : bytes{'H',
              'P',
              'K',
              'E',
              high(suite.kem->id),
              low(suite.kem->id),
              high(suite.kdf->id),
              low(suite.kdf->id),
              high(suite.aead->id),
              low(suite.aead->id)} {}
};

// ExtractAndExpand (§4.1) of what the private key and the public key agree on.
Result<void> kem_secret(const HpkeKem& kem, Bytes private_key, Bytes public_key, Bytes encapsulated,
                        Bytes recipient_public_key, Secret<kKemSecretSize>& secret) {
  const std::uint8_t suite[] = {'K', 'E', 'M', high(kem.id), low(kem.id)};
  SecretBuffer<kHpkeMaxPrivateSize> shared;
  shared.resize(kem.shared_size);
  ASHLAR_CHECK(kem.agree(private_key, public_key, shared.reveal_mut()));
  hpke::Prk prk;
  hpke::labeled_extract(prk, kSha256, suite, {}, "eae_prk", shared.reveal());
  const Bytes context[] = {encapsulated, recipient_public_key};
  return hpke::labeled_expand(kSha256, prk, suite, "shared_secret", context, secret.reveal_mut());
}

}  // namespace

Result<void> hpke_generate(const HpkeKem& kem, Random random, MutBytes private_key, MutBytes public_key) {
  if (private_key.size() != kem.private_size || public_key.size() != kem.public_size) {
    return ErrorCode::invalid_argument;
  }
  SecretBuffer<kHpkeMaxPrivateSize> input_key;
  input_key.resize(kem.private_size);
  ASHLAR_CHECK(random.fill(input_key.reveal_mut()));
  return kem.derive(input_key.reveal(), private_key, public_key);
}

// KeySchedule (§5.1) for base mode: no PSK, and an empty identity of it.
Result<HpkeContext> HpkeContext::create(const HpkeSuite& suite, Bytes shared, Bytes info) {
  const HashAlgorithm& hash = *suite.kdf->hash;
  const AeadAlgorithm& cipher = *suite.aead->algorithm;
  const SuiteId id(suite);
  hpke::Prk psk_id_hash, info_hash, secret;
  hpke::labeled_extract(psk_id_hash, hash, id.bytes, {}, "psk_id_hash", {});
  hpke::labeled_extract(info_hash, hash, id.bytes, {}, "info_hash", info);
  const Bytes context[] = {Bytes(&kBaseMode, 1), psk_id_hash.reveal(), info_hash.reveal()};
  hpke::labeled_extract(secret, hash, id.bytes, shared, "secret", {});
  SecretBuffer<32> key;
  key.resize(cipher.key_size);
  ASHLAR_CHECK(hpke::labeled_expand(hash, secret, id.bytes, "key", context, key.reveal_mut()));
  ASHLAR_TRY(Aead aead, Aead::create(cipher, key.reveal()));
  HpkeContext out(std::move(aead), suite);
  ASHLAR_CHECK(
      hpke::labeled_expand(hash, secret, id.bytes, "base_nonce", context, out.base_nonce_.reveal_mut()));
  out.exporter_secret_.resize(hash.digest_size);
  ASHLAR_CHECK(
      hpke::labeled_expand(hash, secret, id.bytes, "exp", context, out.exporter_secret_.reveal_mut()));
  return out;
}

Result<void> HpkeContext::export_secret(Bytes context, MutBytes out) const {
  const WipeBelow<4096> wipe_below;
  const Bytes info[] = {context};
  return hpke::labeled_expand(*suite_.kdf->hash, exporter_secret_, SuiteId(suite_).bytes, "sec", info, out);
}

// The base nonce with the number of messages in its last eight bytes.
Result<void> HpkeContext::next_nonce(MutBytes nonce) const {
  if (messages_ == ~std::uint64_t{0}) {
    return ErrorCode::too_many_messages;
  }
  copy_bytes(nonce, base_nonce_.reveal());
  for (std::size_t i = 0; i < 8; i++) {
    nonce[nonce.size() - 1 - i] ^= static_cast<std::uint8_t>(messages_ >> (8 * i));
  }
  return {};
}

Result<HpkeSender> HpkeSender::create(const HpkeSuite& suite, Bytes recipient_public_key, Bytes info,
                                      Random random, MutBytes encapsulated) {
  const WipeBelow<8192> wipe_below;
  const HpkeKem& kem = *suite.kem;
  if (encapsulated.size() != kem.public_size) {
    return ErrorCode::invalid_argument;
  }
  SecretBuffer<kHpkeMaxPrivateSize> ephemeral;
  ephemeral.resize(kem.private_size);
  ASHLAR_CHECK(hpke_generate(kem, random, ephemeral.reveal_mut(), encapsulated));
  Secret<kKemSecretSize> shared;
  ASHLAR_CHECK(
      kem_secret(kem, ephemeral.reveal(), recipient_public_key, encapsulated, recipient_public_key, shared));
  ASHLAR_TRY(HpkeContext context, HpkeContext::create(suite, shared.reveal(), info));
  return HpkeSender(std::move(context));
}

Result<MutBytes> HpkeSender::seal(Bytes additional_data, Bytes plaintext, MutBytes out) {
  const std::size_t size = plaintext.size();
  if (out.size() < context_.tag_size() || out.size() - context_.tag_size() < size) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  std::uint8_t nonce[12];
  ASHLAR_CHECK(context_.next_nonce(nonce));
  const Bytes aad[] = {additional_data};
  ASHLAR_CHECK(
      context_.aead_.seal(nonce, aad, plaintext, out.first(size), out.subspan(size, context_.tag_size())));
  context_.messages_++;
  return out.first(size + context_.tag_size());
}

Result<HpkeReceiver> HpkeReceiver::create(const HpkeSuite& suite, Bytes private_key, Bytes encapsulated,
                                          Bytes info) {
  const WipeBelow<8192> wipe_below;
  const HpkeKem& kem = *suite.kem;
  std::uint8_t own[kHpkeMaxPublicSize];
  const MutBytes public_key = MutBytes(own).first(kem.public_size);
  ASHLAR_CHECK(kem.public_key(private_key, public_key));
  Secret<kKemSecretSize> shared;
  ASHLAR_CHECK(kem_secret(kem, private_key, encapsulated, encapsulated, public_key, shared));
  ASHLAR_TRY(HpkeContext context, HpkeContext::create(suite, shared.reveal(), info));
  return HpkeReceiver(std::move(context));
}

Result<MutBytes> HpkeReceiver::open(Bytes additional_data, Bytes message, MutBytes out) {
  if (message.size() < context_.tag_size()) {
    wipe(out);
    return ErrorCode::bad_tag;
  }
  const std::size_t size = message.size() - context_.tag_size();
  if (out.size() < size) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  std::uint8_t nonce[12];
  ASHLAR_CHECK(context_.next_nonce(nonce));
  const Bytes aad[] = {additional_data};
  ASHLAR_CHECK(context_.aead_.open(nonce, aad, message.first(size), message.subspan(size), out.first(size)));
  context_.messages_++;
  return out.first(size);
}

}  // namespace ashlar::crypto
