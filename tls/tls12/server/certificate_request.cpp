// SPDX-License-Identifier: Apache-2.0
// The server ends its flight: CertificateRequest, if it wants a certificate, and ServerHelloDone (RFC 5246
// §7.4.4, §7.4.5).
#include "extension/block.hpp"
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

Result<ServerState> ServerHandshake::finish_flight(EphemeralKey ephemeral) {
  if (asks_for_certificate()) {
    ASHLAR_CHECK(send_certificate_request());
  }
  ASHLAR_CHECK(
      send(HandshakeType::server_hello_done, 0, [](Writer& writer) { ServerHelloDone{}.build(writer); }));
  if (asks_for_certificate()) {
    return ServerState(ServerExpectsCertificate{std::move(ephemeral)});
  }
  return ServerState(ServerExpectsClientKeyExchange{std::move(ephemeral)});
}

Result<void> ServerHandshake::send_certificate_request() {
  // The names of acceptable issuers, as a vector of vectors.
  std::size_t size = 0;
  for (const Bytes& name : config.client_ca_names) {
    size += 2 + name.size();
  }
  Buffer authorities(settings.memory);
  ASHLAR_CHECK(authorities.reserve(size));
  Writer names(authorities.room());
  for (const Bytes& name : config.client_ca_names) {
    auto vector = names.u16_scope();
    names.bytes(name);
  }
  ASHLAR_TRY(const Bytes names_list, names.finish());
  std::uint8_t storage[2 * kMaxSchemes];
  Writer room{MutBytes(storage)};
  constexpr std::uint8_t kTypes[] = {1, 64};  // rsa_sign, ecdsa_sign
  CertificateRequest request;
  request.certificate_types = kTypes;
  for (const Scheme* scheme : policy().schemes) {
    // A CertificateVerify without a hash would sign all messages so far, which are not kept.
    if (scheme->algorithm->hash != nullptr) {
      room.u16(static_cast<std::uint16_t>(scheme->id));
    }
  }
  ASHLAR_TRY(request.signature_algorithms, room.finish());
  request.certificate_authorities = names_list;
  ASHLAR_CHECK(
      send(HandshakeType::certificate_request, 128 + size, [&](Writer& writer) { request.build(writer); }));
  negotiated().client_certificate_requested = true;
  return {};
}

}  // namespace ashlar::tls::tls12
