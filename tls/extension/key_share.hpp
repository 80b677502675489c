// SPDX-License-Identifier: Apache-2.0
// key_share (RFC 9846 §4.2.8): the client's shares, the server's, and in a HelloRetryRequest the group of
// which a share is wanted.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

struct KeyShareEntry {
  GroupId group{};
  Bytes key_exchange;
};

inline Result<KeyShareEntry> read_key_share_entry(Reader& reader) {
  ASHLAR_TRY(const std::uint16_t group, reader.u16());
  ASHLAR_TRY(const Reader share, reader.u16_prefixed());
  ASHLAR_TRY(const Bytes content, elements(share, 1));
  return KeyShareEntry{GroupId{group}, content};
}

inline void write_key_share_entry(GroupId group, Bytes key_exchange, Writer& writer) {
  writer.u16(static_cast<std::uint16_t>(group));
  write_u16_vector(writer, key_exchange);
}

// The share of this group in a list that was judged already; empty if there is none.
inline Bytes find_key_share(Bytes list, GroupId group) {
  for (Reader reader(list); !reader.empty();) {
    const auto entry = read_key_share_entry(reader);
    if (!entry) {
      return {};
    }
    if (entry->group == group) {
      return entry->key_exchange;
    }
  }
  return {};
}

// Judges the content of a list: whole entries. An empty one is valid.
inline Result<Bytes> read_key_shares(Reader list) {
  const Bytes content = list.peek();
  while (!list.empty()) {
    ASHLAR_CHECK(read_key_share_entry(list));
  }
  return content;
}

inline constexpr Extension kKeyShare = {
    .type = ExtensionType::key_share,
    .name = "key_share",
    .allowed = in(Carrier::client_hello, Versions::tls13) | in(Carrier::server_hello, Versions::tls13) |
               in(Carrier::hello_retry_request, Versions::tls13),
    .client_hello = {
        .place = Place::client_hello_key_share,
        .parse = [](ClientHello& hello, Reader body) -> Result<void> {
          hello.has_key_share = true;
          ASHLAR_TRY(const Reader list, body.u16_prefixed());
          ASHLAR_CHECK(body.expect_end());
          ASHLAR_TRY(hello.key_shares, read_key_shares(list));
          return {};
        },
        .present = [](const ClientHello& hello) { return hello.has_key_share; },
        .build = [](const ClientHello& hello, Writer& body) { write_u16_vector(body, hello.key_shares); },
    },
    .server_hello = {
        .place = Place::server_hello_key_share,
        .parse = [](ServerHello& hello, Reader body) -> Result<void> {
          hello.has_key_share = true;
          if (hello.is_retry()) {
            ASHLAR_TRY(const std::uint16_t group, body.u16());
            hello.key_share_group = GroupId{group};
          } else {
            ASHLAR_TRY(const KeyShareEntry entry, read_key_share_entry(body));
            hello.key_share_group = entry.group;
            hello.key_share = entry.key_exchange;
          }
          return body.expect_end();
        },
        .present = [](const ServerHello& hello) { return hello.has_key_share; },
        .build =
            [](const ServerHello& hello, Writer& body) {
              if (hello.is_retry()) {
                body.u16(static_cast<std::uint16_t>(hello.key_share_group));
              } else {
                write_key_share_entry(hello.key_share_group, hello.key_share, body);
              }
            },
    },
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.has_key_share = true;
      hello.key_shares = from.key_shares;
      return {};
    },
};

}  // namespace ashlar::tls
