// SPDX-License-Identifier: Apache-2.0
#include "tls13/external_psk.hpp"

#include <ashlar/crypto/hkdf.hpp>

#include "message/fields.hpp"

namespace ashlar::tls::tls13 {

namespace {

constexpr auto kProtocol = static_cast<std::uint16_t>(ProtocolVersion::tls13);

// HKDF_SHA256 and HKDF_SHA384 (RFC 9258 §9): the hash is a suite's, and has one of these sizes.
std::uint16_t kdf_of(const crypto::HashAlgorithm& hash) {
  return hash.digest_size == 32 ? 1 : 2;
}

Result<ImportedIdentity> read(Bytes identity) {
  ImportedIdentity out;
  Reader reader(identity);
  ASHLAR_TRY(Reader external, reader.u16_prefixed());
  out.external_identity = external.take_rest();
  ASHLAR_TRY(Reader context, reader.u16_prefixed());
  out.context = context.take_rest();
  ASHLAR_TRY(out.target_protocol, reader.u16());
  ASHLAR_TRY(out.target_kdf, reader.u16());
  ASHLAR_CHECK(reader.expect_end());
  return out.external_identity.empty() ? Result<ImportedIdentity>(bad_length(0)) : out;
}

}  // namespace

std::optional<ImportedIdentity> ImportedIdentity::parse(Bytes identity) {
  const auto found = read(identity);
  return found ? std::optional<ImportedIdentity>(*found) : std::nullopt;
}

void ImportedIdentity::build(Writer& writer) const {
  write_u16_vector(writer, external_identity);
  write_u16_vector(writer, context);
  writer.u16(target_protocol);
  writer.u16(target_kdf);
}

bool ImportedIdentity::is_for(const crypto::HashAlgorithm& hash) const {
  return target_protocol == kProtocol && target_kdf == kdf_of(hash);
}

ImportedIdentity imported_identity(Bytes identity, const Psk& psk, const crypto::HashAlgorithm& hash) {
  return {identity, psk.context.bytes(), kProtocol, kdf_of(hash)};
}

Result<PskSecret> secret_of(const Psk& psk, Bytes identity, const crypto::HashAlgorithm& hash) {
  if (psk.use == PskUse::as_is) {
    return PskSecret(psk.key.reveal());
  }
  // Hash(ImportedIdentity), which may be long.
  const Bytes context = psk.context.bytes();
  const auto length = [](std::size_t size) {
    return std::array{static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
  };
  crypto::Hash digest(*psk.hash);
  digest.update(length(identity.size()));
  digest.update(identity);
  digest.update(length(context.size()));
  digest.update(context);
  digest.update(length(kProtocol));
  digest.update(length(kdf_of(hash)));
  crypto::Digest hashed;
  hashed.size = digest.finish(hashed.storage).size();

  SecretBuffer<crypto::kMaxDigestSize> extracted;
  extracted.resize(psk.hash->digest_size);
  crypto::hkdf_extract(*psk.hash, {}, psk.key.reveal(), extracted.reveal_mut());
  PskSecret out;
  out.resize(hash.digest_size);
  ASHLAR_CHECK(crypto::hkdf_expand_label(crypto::HmacKey(*psk.hash, extracted.reveal()), "derived psk",
                                         hashed.bytes(), out.reveal_mut()));
  return Result<PskSecret>(std::move(out));
}

std::string_view binder_label(const Psk& psk) {
  return psk.use == PskUse::as_is ? kExternalBinder : kImportedBinder;
}

Result<HashSecret> compute_binder(const crypto::HashAlgorithm& hash, Bytes secret, std::string_view label,
                                  Bytes transcript_hash) {
  const HashSecret early_secret = extract_early_secret(hash, secret);
  ASHLAR_TRY(const HashSecret key, derive_binder_key(hash, early_secret, label));
  return compute_verify_data(hash, key, transcript_hash);
}

}  // namespace ashlar::tls::tls13
