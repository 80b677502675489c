// SPDX-License-Identifier: Apache-2.0
#include "tls13/key_schedule.hpp"

#include <ashlar/crypto/hkdf.hpp>

namespace ashlar::tls::tls13 {

namespace {

HashSecret extract(const crypto::HashAlgorithm& hash, Bytes salt, Bytes input) {
  constexpr std::uint8_t kZeros[crypto::kMaxDigestSize] = {};
  HashSecret out;
  out.resize(hash.digest_size);
  crypto::hkdf_extract(hash, salt, input.empty() ? Bytes(kZeros).first(hash.digest_size) : input,
                       out.reveal_mut());
  return out;
}

// HKDF-Expand-Label into as many bytes as `out` has.
Result<void> expand_label(const crypto::HashAlgorithm& hash, const HashSecret& secret, std::string_view label,
                          Bytes context, MutBytes out) {
  return crypto::hkdf_expand_label(crypto::HmacKey(hash, secret.reveal()), label, context, out);
}

Result<HashSecret> expand_secret(const crypto::HashAlgorithm& hash, const HashSecret& secret,
                                 std::string_view label, Bytes context) {
  HashSecret out;
  out.resize(hash.digest_size);
  ASHLAR_CHECK(expand_label(hash, secret, label, context, out.reveal_mut()));
  return Result<HashSecret>(std::move(out));
}

// Down the middle.
Result<HashSecret> extract_next(const crypto::HashAlgorithm& hash, const HashSecret& secret, Bytes input) {
  ASHLAR_TRY(const HashSecret derived,
             derive_secret(hash, secret, "derived", crypto::digest(hash, {}).bytes()));
  return extract(hash, derived.reveal(), input);
}

}  // namespace

HashSecret extract_early_secret(const crypto::HashAlgorithm& hash, Bytes psk) {
  return extract(hash, {}, psk);
}

Result<HashSecret> extract_handshake_secret(const crypto::HashAlgorithm& hash, const HashSecret& early_secret,
                                            Bytes shared_secret) {
  return extract_next(hash, early_secret, shared_secret);
}

Result<HashSecret> extract_main_secret(const crypto::HashAlgorithm& hash,
                                       const HashSecret& handshake_secret) {
  return extract_next(hash, handshake_secret, {});
}

Result<HashSecret> derive_secret(const crypto::HashAlgorithm& hash, const HashSecret& secret,
                                 std::string_view label, Bytes transcript_hash) {
  return expand_secret(hash, secret, label, transcript_hash);
}

Result<HashSecret> derive_binder_key(const crypto::HashAlgorithm& hash, const HashSecret& early_secret,
                                     std::string_view label) {
  return derive_secret(hash, early_secret, label, crypto::digest(hash, {}).bytes());
}

Result<HashSecret> compute_verify_data(const crypto::HashAlgorithm& hash, const HashSecret& base_key,
                                       Bytes transcript_hash) {
  ASHLAR_TRY(const HashSecret finished_key, expand_secret(hash, base_key, "finished", {}));
  HashSecret out;
  out.resize(hash.digest_size);
  crypto::HmacKey(hash, finished_key.reveal()).mac(transcript_hash, out.reveal_mut());
  return Result<HashSecret>(std::move(out));
}

Result<TrafficKeys> derive_traffic_keys(const crypto::HashAlgorithm& hash, const RecordCipher& cipher,
                                        const HashSecret& traffic_secret) {
  TrafficKeys keys;
  keys.key.resize(cipher.key_size);
  keys.fixed_iv.resize(cipher.fixed_iv_size);
  ASHLAR_CHECK(expand_label(hash, traffic_secret, "key", {}, keys.key.reveal_mut()));
  ASHLAR_CHECK(expand_label(hash, traffic_secret, "iv", {}, keys.fixed_iv.reveal_mut()));
  return Result<TrafficKeys>(std::move(keys));
}

Result<HashSecret> derive_next_traffic_secret(const crypto::HashAlgorithm& hash,
                                              const HashSecret& traffic_secret) {
  return expand_secret(hash, traffic_secret, "traffic upd", {});
}

Result<HashSecret> derive_resumption_psk(const crypto::HashAlgorithm& hash,
                                         const HashSecret& resumption_secret, Bytes ticket_nonce) {
  return expand_secret(hash, resumption_secret, "resumption", ticket_nonce);
}

Result<void> export_keys(const crypto::HashAlgorithm& hash, const HashSecret& exporter_secret,
                         std::string_view label, Bytes context, MutBytes out) {
  constexpr std::size_t kMaxLabel = 255 - 6;  // behind "tls13 "
  if (label.empty() || label.size() > kMaxLabel || context.size() > 0xffff ||
      out.size() > 255 * hash.digest_size) {
    return ErrorCode::invalid_argument;
  }
  ASHLAR_TRY(const HashSecret secret,
             derive_secret(hash, exporter_secret, label, crypto::digest(hash, {}).bytes()));
  return expand_label(hash, secret, "exporter", crypto::digest(hash, context).bytes(), out);
}

}  // namespace ashlar::tls::tls13
