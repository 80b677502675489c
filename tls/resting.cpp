// SPDX-License-Identifier: Apache-2.0
// What a handshake waits for. A private-key operation is done at once if the credential's signer has the
// key, and outside if not. A credential may be chosen outside, and sessions may be fetched from there. With
// others, in a batch, signatures and key exchanges may be done. The connection rests until the answer is
// provided.
#include "credential/signer.hpp"
#include "engine.hpp"

namespace ashlar::tls {

// Called when the protocol has handled an input.
Result<void> Connection::Impl::ask_outside() {
  const Protocol& protocol = *in_place_.protocol;
  if (protocol.credential_request != nullptr && protocol.credential_request(in_place_.context)) {
    resting_ = Want::credential;
    return {};
  }
  if (protocol.key_exchange_request != nullptr && protocol.key_exchange_request(in_place_.context)) {
    resting_ = Want::batch;
    return {};
  }
  const auto request = protocol.private_key_request != nullptr
                           ? protocol.private_key_request(in_place_.context)
                           : std::nullopt;
  if (!request) {
    return {};
  }
  const Credential& credential = *request->credential;
  if (credential.is_elsewhere()) {
    resting_ = Want::sign;
    return {};
  }
  const Signer& signer = credential.signer();
  const bool signs = request->kind == PrivateKeyRequest::Kind::sign;
  if (signs && settings.batch && key_of(signer) != nullptr) {
    resting_ = Want::batch;
    return {};
  }
  if (signs) {
    std::uint8_t storage[x509::kMaxSignatureSize];
    const Bytes message[] = {request->message};
    ASHLAR_TRY(const Bytes signature,
               signer.sign(signer.context, *request->algorithm, {message, request->digest}, settings.random,
                           MutBytes(storage).first(signer.kind->max_signature_size)));
    return step({Input::Kind::private_key_answer, nullptr, signature});
  }
  Secret<48> premaster;
  ASHLAR_CHECK(signer.decrypt_premaster(signer.context, settings.random, request->ciphertext,
                                        request->client_version, premaster));
  return step({Input::Kind::private_key_answer, nullptr, premaster.reveal()});
}

// Ends the wait with its answer.
Result<void> Connection::Impl::go_on(const Input& answer) {
  resting_ = Want::read;
  if (auto stepped = step(answer); !stepped) {
    return fail(stepped.error());
  }
  return run();
}

std::optional<PrivateKeyRequest> Connection::Impl::private_key_request() const {
  return resting_ == Want::sign ? in_place_.protocol->private_key_request(in_place_.context) : std::nullopt;
}

Result<void> Connection::Impl::provide(Bytes answer) {
  if (error_) {
    return *error_;
  }
  const auto request = private_key_request();
  if (!request) {
    return ErrorCode::no_private_key_request;
  }
  const Credential& credential = *request->credential;
  const bool fits = request->kind == PrivateKeyRequest::Kind::sign
                        ? !answer.empty() && answer.size() <= credential.kind().max_signature_size
                        : answer.size() == Secret<48>::kSize;
  if (!fits) {
    return ErrorCode::invalid_argument;
  }
  if (request->kind == PrivateKeyRequest::Kind::sign) {
    // A faulty signature may reveal the private key to the peer (E06).
    const Bytes message[] = {request->message};
    if (!credential.public_key().verify(*request->algorithm, {message, request->digest}, answer)) {
      return fail(Error{ErrorCode::signing_fault});
    }
  }
  return go_on({Input::Kind::private_key_answer, nullptr, answer});
}

std::optional<PrivateKeyRequest> Connection::Impl::signature_of_batch() const {
  return resting_ == Want::batch ? in_place_.protocol->private_key_request(in_place_.context) : std::nullopt;
}

std::optional<KeyExchangeRequest> Connection::Impl::key_exchange_of_batch() const {
  return resting_ == Want::batch && in_place_.protocol->key_exchange_request != nullptr
             ? in_place_.protocol->key_exchange_request(in_place_.context)
             : std::nullopt;
}

void Connection::Impl::provide_of_batch(Input::Kind kind, const Result<Bytes>& answer) {
  if (!answer) {
    (void)fail(answer.error());
    return;
  }
  (void)go_on({kind, nullptr, *answer});
}

std::optional<CredentialRequest> Connection::Impl::credential_request() const {
  return resting_ == Want::credential ? in_place_.protocol->credential_request(in_place_.context)
                                      : std::nullopt;
}

Result<void> Connection::Impl::provide_credential(const Credential* credential) {
  if (error_) {
    return *error_;
  }
  if (resting_ != Want::credential) {
    return ErrorCode::no_credential_request;
  }
  if (credential != nullptr && credential->empty()) {
    return ErrorCode::invalid_argument;
  }
  return go_on({Input::Kind::credential, nullptr, {}, credential});
}

// The message that the request comes from lies where it will be taken from again.
std::optional<SessionRequest> Connection::Impl::session_request() const {
  if (resting_ != Want::session) {
    return std::nullopt;
  }
  const auto message = next_handshake_message(incoming_.bytes());
  if (!message || !*message) {
    return std::nullopt;
  }
  return in_place_.protocol->session_request(in_place_.context, (*message)->body);
}

Result<void> Connection::Impl::sessions_fetched() {
  if (error_) {
    return *error_;
  }
  if (resting_ != Want::session) {
    return ErrorCode::no_session_request;
  }
  resting_ = Want::read;
  return run();
}

}  // namespace ashlar::tls
