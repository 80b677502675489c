// SPDX-License-Identifier: Apache-2.0
#include "credential/signer.hpp"

namespace ashlar::tls {

namespace {

const x509::PrivateKey& key_at(const void* context) {
  return *static_cast<const x509::PrivateKey*>(context);
}

Result<Bytes> sign(const void* context, const x509::SignatureAlgorithm& algorithm,
                   const x509::SigningInput& input, crypto::Random random, MutBytes out) {
  return key_at(context).sign(algorithm, input, random, out);
}

Result<void> decrypt_premaster(const void* context, crypto::Random random, Bytes ciphertext,
                               std::uint16_t client_version, Secret<48>& premaster) {
  return key_at(context).decrypt_premaster(random, ciphertext, client_version, premaster);
}

}  // namespace

Signer local_signer(const x509::PrivateKey& key) {
  return {&key.kind(), key.public_key().bits(), sign,
          key.private_kind().decrypt_premaster != nullptr ? decrypt_premaster : nullptr, &key};
}

const x509::PrivateKey* key_of(const Signer& signer) {
  return signer.sign == sign ? static_cast<const x509::PrivateKey*>(signer.context) : nullptr;
}

}  // namespace ashlar::tls
