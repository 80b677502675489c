// SPDX-License-Identifier: Apache-2.0
// Private-key operations: done at once by the credential's signer where it has the key, and outside where it
// has not. The connection rests until the answer is provided.
#include "engine.hpp"

namespace ashlar::tls {

// Called when the protocol has handled an input.
Result<void> Connection::Impl::ask_for_private_key() {
  const auto request = in_place_.protocol->request(in_place_.context);
  if (!request) {
    return {};
  }
  const Signer& signer = in_place_.protocol->credential(in_place_.context)->signer;
  if (request->kind == PrivateKeyRequest::Kind::sign && signer.sign != nullptr) {
    std::uint8_t storage[x509::kMaxSignatureSize];
    const Bytes message[] = {request->message};
    ASHLAR_TRY(const Bytes signature,
               signer.sign(signer.context, *request->algorithm, {message, request->digest}, settings.random,
                           MutBytes(storage).first(signer.kind->max_signature_size)));
    return step({Input::Kind::private_key_answer, nullptr, signature});
  }
  if (request->kind == PrivateKeyRequest::Kind::decrypt_premaster && signer.decrypt_premaster != nullptr) {
    Secret<48> premaster;
    ASHLAR_CHECK(signer.decrypt_premaster(signer.context, settings.random, request->ciphertext,
                                          request->client_version, premaster));
    return step({Input::Kind::private_key_answer, nullptr, premaster.reveal()});
  }
  resting_ = true;
  return {};
}

std::optional<PrivateKeyRequest> Connection::Impl::private_key_request() const {
  return resting_ ? in_place_.protocol->request(in_place_.context) : std::nullopt;
}

Result<void> Connection::Impl::provide(Bytes answer) {
  if (error_) {
    return *error_;
  }
  const auto request = private_key_request();
  if (!request) {
    return ErrorCode::no_private_key_request;
  }
  const Credential& credential = *in_place_.protocol->credential(in_place_.context);
  const bool fits = request->kind == PrivateKeyRequest::Kind::sign
                        ? !answer.empty() && answer.size() <= credential.signer.kind->max_signature_size
                        : answer.size() == Secret<48>::kSize;
  if (!fits) {
    return ErrorCode::invalid_argument;
  }
  if (request->kind == PrivateKeyRequest::Kind::sign) {
    // A faulty signature may give its private key away, and would be the peer's to find (E06).
    const auto key = certified_key(credential);
    const Bytes message[] = {request->message};
    if (!key || !key->verify(*request->algorithm, {message, request->digest}, answer)) {
      return fail(Error{ErrorCode::signing_fault});
    }
  }
  resting_ = false;
  if (auto stepped = step({Input::Kind::private_key_answer, nullptr, answer}); !stepped) {
    return fail(stepped.error());
  }
  return run();
}

}  // namespace ashlar::tls
