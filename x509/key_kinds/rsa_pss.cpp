// SPDX-License-Identifier: Apache-2.0
// RSA keys for RSASSA-PSS alone (id-RSASSA-PSS, RFC 4055 §1.2, §3.3). They are RSA keys of row kRsa with
// limits beside them: the hash that they sign, and the shortest salt. What RSA itself does, that row does.
#include <ashlar/crypto/rsa.hpp>
#include <ashlar/x509/oids.hpp>

#include "key_kinds/pss.hpp"
#include "key_kinds/storage.hpp"

#include <cstddef>

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::DerWriter;
using crypto::RsaPrivateKey;
using crypto::RsaPublicKey;

namespace {

// The parameters of a key. Without any, it signs with each hash.
struct Limits {
  const SignatureAlgorithm* only = nullptr;
  std::size_t shortest_salt = 0;
};

// The key stands first: row kRsa finds it there.
struct Public {
  RsaPublicKey key;
  Limits limits;
};
struct Private {
  RsaPrivateKey key;
  Limits limits;
};
static_assert(std::is_standard_layout_v<Public> && offsetof(Public, key) == 0);
static_assert(std::is_standard_layout_v<Private> && offsetof(Private, key) == 0);

constexpr const SignatureAlgorithm* kRows[] = {&kRsaPssSha256, &kRsaPssSha384, &kRsaPssSha512};

const Limits& limits_of(const PublicKey& key) {
  return KeyStorage::get<Public>(key).limits;
}

// A key that is limited to a hash that is not signed here, SHA-1 above all, is of no use: unsupported_key.
Result<Limits> read_limits(const AlgorithmIdentifier& identifier) {
  if (!identifier.parameters) {
    return Limits{};
  }
  ASHLAR_TRY(const PssParameters read, read_pss_parameters(identifier));
  for (const SignatureAlgorithm* row : kRows) {
    if (row->hash_oid.is(read.hash) && row->hash_oid.is(read.mask_hash) &&
        read.salt_size <= crypto::kRsaMaxSize) {
      return Limits{row, read.salt_size};
    }
  }
  return DerReader::fail_at(ErrorCode::unsupported_key, identifier.parameters->offset);
}

Result<void> read_parameters(const AlgorithmIdentifier& identifier, PublicKey& key) {
  ASHLAR_TRY(KeyStorage::get<Public>(key).limits, read_limits(identifier));
  return {};
}

Result<void> read_private_parameters(const AlgorithmIdentifier& identifier, PrivateKey& key) {
  ASHLAR_TRY(KeyStorage::get<Private>(key).limits, read_limits(identifier));
  return {};
}

void write_parameters(const PublicKey& key, DerWriter& writer) {
  const Limits& limits = limits_of(key);
  if (limits.only != nullptr) {
    write_pss_parameters(writer, *limits.only, limits.shortest_salt);
  }
}

// RFC 4055 §3.3: the same hash, and a salt that is at least as long.
bool allows(const PublicKey& key, const SignatureMethod& method) {
  const Limits& limits = limits_of(key);
  const std::size_t salt_size = method.salt_size == SignatureMethod::kSaltAsLongAsDigest
                                    ? method.algorithm->hash->digest_size
                                    : method.salt_size;
  return limits.only == nullptr || (limits.only == method.algorithm && salt_size >= limits.shortest_salt);
}

Result<PublicKey> read_public(DerReader bits) {
  ASHLAR_TRY(const PublicKey plain, kRsa.read(bits));
  return KeyStorage::make(kRsaPss, Public{KeyStorage::get<RsaPublicKey>(plain), {}});
}

Result<PrivateKey> private_key(Result<PrivateKey> plain) {
  if (!plain) {
    return plain;
  }
  return KeyStorage::make(kRsaPssPrivate, Private{std::move(KeyStorage::get<RsaPrivateKey>(*plain)), {}});
}

PublicKey public_half(const PrivateKey& key) {
  const Private& whole = KeyStorage::get<Private>(key);
  return KeyStorage::make(kRsaPss, Public{whole.key.public_key(), whole.limits});
}

constexpr KeySize kSizes[] = {
    {"rsa-pss:2048", 2048}, {"rsa-pss:3072", 3072}, {"rsa-pss:4096", 4096}, {"rsa-pss:8192", 8192}};

constexpr KeyParameters kParameters = {
    .read = read_parameters,
    .read_private = read_private_parameters,
    .write = write_parameters,
    .allows = allows,
    .only = [](const PublicKey& key) { return limits_of(key).only; },
};

}  // namespace

constinit const KeyKind kRsaPss = {
    .name = "RSA-PSS",
    .algorithm = oids::kRsaPss,
    .curve = {},
    .no_parameters = false,
    .object_size = sizeof(Public),
    .max_signature_size = crypto::kRsaMaxSize,
    .bits = [](const PublicKey& key) { return KeyStorage::get<Public>(key).key.bits(); },
    .read = read_public,
    .write = [](const PublicKey& key, MutBytes out) { return kRsa.write(key, out); },
    .verify = [](const PublicKey& key, const SignatureMethod& method, const SigningInput& input,
                 Bytes signature) { return kRsa.verify(key, method, input, signature); },
    .encrypt = nullptr,
    .public_exponent = [](const PublicKey& key) { return KeyStorage::get<Public>(key).key.exponent(); },
    .tls_certificate_type = 1,  // rsa_sign
    .tls_curve = 0,
    .parameters = &kParameters,
};

constinit const PrivateKeyKind kRsaPssPrivate = {
    .kind = kRsaPss,
    .object_size = sizeof(Private),
    .sizes = kSizes,
    .issues_with = kRsaPssSha256,
    .inconsistent = ErrorCode::inconsistent_rsa_key,
    // Such keys stand in PKCS#8 alone.
    .is_bare = [](DerReader) -> Result<bool> { return false; },
    .content = asn1::Tag::sequence,
    .read = [](DerReader fields) { return private_key(kRsaPrivate.read(fields)); },
    .place = Place::rsa_private_key,
    .write = [](const PrivateKey& key, DerWriter& writer) { kRsaPrivate.write(key, writer); },
    .public_key = public_half,
    .generate =
        [](std::size_t bits, crypto::Random random, const KeyProgress* progress) {
          return private_key(kRsaPrivate.generate(bits, random, progress));
        },
    .sign = [](const PrivateKey& key, const SignatureAlgorithm& algorithm, const SigningInput& input,
               crypto::Random random,
               MutBytes out) { return kRsaPrivate.sign(key, algorithm, input, random, out); },
    .decrypt_premaster = nullptr,
    .relocate = KeyStorage::relocate<Private>,
    .destroy = KeyStorage::destroy<Private>,
};

}  // namespace ashlar::x509
