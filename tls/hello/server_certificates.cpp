// SPDX-License-Identifier: Apache-2.0
#include "hello/server_certificates.hpp"

#include "hello/versions.hpp"
#include "message/fields.hpp"

namespace ashlar::tls {

std::optional<CredentialRequest> credential_request(Bytes client_hello, const Negotiated& negotiated) {
  const auto hello = ClientHello::parse(client_hello);
  if (!hello) {
    return std::nullopt;
  }
  CredentialRequest request = request_of(*hello);
  request.server_name = negotiated.server_name;
  request.alpn = negotiated.alpn;
  return request;
}

Result<Bytes> list_authorities(std::span<const Bytes> names, Buffer& room) {
  std::size_t size = 0;
  for (const Bytes& name : names) {
    size += 2 + name.size();
  }
  ASHLAR_CHECK(room.reserve(size));
  Writer writer(room.room());
  for (const Bytes& name : names) {
    write_u16_vector(writer, name);
  }
  return writer.finish();
}

}  // namespace ashlar::tls
