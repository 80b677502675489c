// SPDX-License-Identifier: Apache-2.0
// pre_shared_key (RFC 9846 §4.2.11): the sessions that a client would resume, and proofs that it has their
// keys. It stands last in the ClientHello, for the proofs are over all that is before them.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

struct PskIdentity {
  Bytes identity;
  std::uint32_t obfuscated_ticket_age = 0;
};

inline Result<PskIdentity> read_identity(Reader& reader) {
  ASHLAR_TRY(const Reader identity, reader.u16_prefixed());
  ASHLAR_TRY(const Bytes content, elements(identity, 1));
  ASHLAR_TRY(const std::uint32_t age, reader.u32());
  return PskIdentity{content, age};
}
inline Result<Bytes> read_binder(Reader& reader) {
  ASHLAR_TRY(const Reader binder, reader.u8_prefixed());
  const Bytes content = binder.peek();
  if (content.size() < 32) {
    return bad_length(content.size());
  }
  return content;
}

// Both lists whole, neither empty, and as long as each other.
inline Result<void> read_pre_shared_keys(ClientHello& hello, Reader body) {
  ASHLAR_TRY(Reader identities, body.u16_prefixed());
  ASHLAR_TRY(Reader binders, body.u16_prefixed());
  ASHLAR_CHECK(body.expect_end());
  hello.identities = identities.peek();
  hello.binders = binders.peek();
  if (identities.empty()) {
    return bad_length(0);
  }
  while (!identities.empty()) {
    ASHLAR_CHECK(read_identity(identities));
    ASHLAR_CHECK(read_binder(binders));
  }
  return binders.empty() ? Result<void>() : bad_length(binders.remaining());
}

inline constexpr Extension kPreSharedKey = {
    .type = ExtensionType::pre_shared_key,
    .name = "pre_shared_key",
    .allowed = in(Carrier::client_hello, Versions::tls13) | in(Carrier::server_hello, Versions::tls13),
    .client_hello = {
        .place = Place::client_hello_pre_shared_key,
        .parse = read_pre_shared_keys,
        .present = [](const ClientHello& hello) { return !hello.identities.empty(); },
        .build =
            [](const ClientHello& hello, Writer& body) {
              write_u16_vector(body, hello.identities);
              write_u16_vector(body, hello.binders);
            },
    },
    .server_hello = {
        .place = Place::server_hello_pre_shared_key,
        .parse = [](ServerHello& hello, Reader body) -> Result<void> {
          hello.has_pre_shared_key = true;
          ASHLAR_TRY(hello.selected_identity, body.u16());
          return body.expect_end();
        },
        .present = [](const ServerHello& hello) { return hello.has_pre_shared_key; },
        .build = [](const ServerHello& hello, Writer& body) { body.u16(hello.selected_identity); },
    },
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.identities = from.identities;
      hello.binders = from.binders;
      return {};
    },
};

}  // namespace ashlar::tls
