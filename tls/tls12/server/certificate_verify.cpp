// SPDX-License-Identifier: Apache-2.0
// The server takes the CertificateVerify (RFC 5246 §7.4.8).
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

// A digest of the handshake messages so far, signed with the certificate's key.
Result<ServerState> ServerExpectsCertificateVerify::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const CertificateVerify verify, CertificateVerify::parse(input.message->body));
  ASHLAR_TRY(const Scheme* const scheme, handshake.peer_scheme(verify.scheme));
  // Without a hash it would sign all messages so far, which are not kept. We did not ask for such schemes.
  if (scheme->algorithm->hash == nullptr) {
    return Error{ErrorCode::scheme_not_offered, Place::none, static_cast<std::uint32_t>(scheme->id)};
  }
  ASHLAR_TRY(const crypto::Digest digest, handshake.transcript.digest(*scheme->algorithm->hash));
  ASHLAR_CHECK(handshake.peer_key->verify_digest(*scheme->algorithm, digest.bytes(), verify.signature));
  handshake.negotiated().client_scheme = scheme;
  handshake.negotiated().client_authenticated = true;
  handshake.accept(*input.message);
  handshake.transcript.keep_only(*handshake.suite().hash);
  return ServerState(ServerExpectsChangeCipherSpec{std::move(keys)});
}

}  // namespace ashlar::tls::tls12
