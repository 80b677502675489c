// SPDX-License-Identifier: Apache-2.0
// What a connection reports about its handshake, and a plain second reading of these messages. It checks that
// a peer's answer was among the offers, and that the signer has the certificate's key.
#pragma once

#include <ashlar/tls/connection.hpp>

#include "support/check.hpp"
#include "support/plain_messages.hpp"

#include <algorithm>
#include <variant>

namespace ashlar::fuzz {

struct Told {
  tls::Direction direction;
  tls::HandshakeType type;
  std::vector<std::uint8_t> body;
  bool operator==(const Told& other) const {
    return direction == other.direction && type == other.type && body == other.body;
  }
};

class Witness {
 public:
  std::vector<Told> messages;
  std::size_t errors = 0;
  std::size_t handshakes_done = 0;

  tls::EventSink sink(bool records = false) {
    return {[](void* context, const tls::Event& event) { static_cast<Witness*>(context)->hear(event); }, this,
            records, false};
  }
  // The body of the first message of this type; null if there was none.
  const Told* find(tls::HandshakeType type, tls::Direction direction) const {
    for (const Told& told : messages) {
      if (told.type == type && told.direction == direction) {
        return &told;
      }
    }
    return nullptr;
  }

 private:
  void hear(const tls::Event& event) {
    if (const auto* const message = std::get_if<tls::MessageEvent>(&event.what)) {
      messages.push_back({event.direction, message->type, {message->body.begin(), message->body.end()}});
    }
    errors += std::holds_alternative<tls::ErrorEvent>(event.what) ? 1u : 0u;
    handshakes_done += std::holds_alternative<tls::HandshakeDoneEvent>(event.what) ? 1u : 0u;
  }
};

// A hello's fields by their places.
struct PlainHello {
  Bytes random, session_id, suites;
  std::vector<plain::PlainExtension> extensions;

  PlainHello(Bytes body, bool from_client) {
    plain::Cursor in{body};
    in.take(2);
    random = in.take(32);
    session_id = in.vector(1);
    suites = from_client ? in.vector(2) : in.take(2);
    if (from_client) {
      in.vector(1);
    } else {
      in.take(1);
    }
    FUZZ_CHECK(in.good && plain::read_extensions(in, extensions));
  }
  const Bytes* extension(std::uint16_t type) const {
    for (const plain::PlainExtension& each : extensions) {
      if (each.type == type) {
        return &each.body;
      }
    }
    return nullptr;
  }
};

inline bool pairs_hold(Bytes list, Bytes pair) {
  for (std::size_t i = 0; i + 2 <= list.size(); i += 2) {
    if (equal_public(list.subspan(i, 2), pair)) {
      return true;
    }
  }
  return false;
}

// The ServerHello is an answer to the ClientHello (RFC 5246 §7.4.1.3, §7.4.1.4).
inline void check_answer(const PlainHello& client, const PlainHello& server) {
  static constexpr std::uint8_t kScsv[] = {0, 0xff};
  FUZZ_CHECK(pairs_hold(client.suites, server.suites));
  FUZZ_CHECK(!equal_public(server.suites, kScsv));
  for (const plain::PlainExtension& each : server.extensions) {
    const bool by_scsv = each.type == 0xff01 && pairs_hold(client.suites, kScsv);
    FUZZ_CHECK(by_scsv || client.extension(each.type) != nullptr);
  }
  if (const Bytes* const chosen = server.extension(16)) {
    // Its only name, with the length before it, is in the client's list.
    const Bytes offered = client.extension(16)->subspan(2), name = chosen->subspan(2);
    plain::Cursor list{offered};
    bool found = false;
    while (!list.done()) {
      const std::size_t start = list.at;
      list.vector(1);
      found = found || equal_public(offered.subspan(start, list.at - start), name);
    }
    FUZZ_CHECK(found);
  }
}

// The list of a hello's extension that holds pairs; empty if it has none.
inline Bytes pairs_of(const PlainHello& hello, std::uint16_t type) {
  const Bytes* const body = hello.extension(type);
  return body != nullptr && body->size() >= 2 ? body->subspan(2) : Bytes();
}

inline std::optional<x509::PublicKey> key_of(const Told& certificate) {
  plain::Cursor in{certificate.body};
  plain::Cursor list{in.vector(3)};
  const Bytes leaf = list.vector(3);
  const auto parsed = x509::Certificate::parse(leaf);
  if (!parsed) {
    return std::nullopt;
  }
  auto key = parsed->public_key(x509::kAllKeys);
  return key ? std::optional(std::move(*key)) : std::nullopt;
}

inline const tls::Scheme* scheme_of(const tls::Policy& policy, Bytes number) {
  return policy.scheme(tls::SchemeId{static_cast<std::uint16_t>(number[0] << 8 | number[1])});
}

// The number of the group that a ServerKeyExchange names; `in` goes to the end of the parameters. DHE has no
// number there but the prime, whose size tells the groups of RFC 7919 apart.
inline std::uint16_t group_of(const PlainHello& server, plain::Cursor& in) {
  static constexpr std::uint8_t kDhe[] = {0,    0x33, 0,    0x39, 0,    0x67, 0,    0x6b, 0,    0x9e, 0,
                                          0x9f, 0xcc, 0xaa, 0xc0, 0x9e, 0xc0, 0x9f, 0xc0, 0xa2, 0xc0, 0xa3};
  if (!pairs_hold(kDhe, server.suites)) {
    in.number(1);
    const auto group = static_cast<std::uint16_t>(in.number(2));
    in.vector(1);
    return group;
  }
  const std::size_t size = in.vector(2).size();
  const Bytes generator = in.vector(2);
  in.vector(2);
  FUZZ_CHECK(size >= 256 && size % 128 == 0 && generator.size() == 1 && generator[0] == 2);
  return static_cast<std::uint16_t>(256 + (size - 256) / 128);
}

// A ServerKeyExchange that was taken or sent (RFC 8422 §5.4, RFC 7919 §3). Group and scheme are among the
// client's, and the certificate's key signed the two randoms and the parameters.
inline void check_server_key_exchange(const PlainHello& client, const PlainHello& server,
                                      const Told& certificate, const Told& exchange,
                                      const tls::Policy& policy) {
  const Bytes body = exchange.body;
  plain::Cursor in{body};
  const std::uint16_t group = group_of(server, in);
  const Bytes params = body.first(in.at), scheme = body.subspan(in.at, 2),
              signature = body.subspan(in.at + 4);
  const Bytes groups = pairs_of(client, 10), schemes = pairs_of(client, 13);
  // A client that lists no groups of the kind, curves or finite fields, leaves the choice to the server.
  bool listed = false;
  for (std::size_t i = 0; i + 2 <= groups.size(); i += 2) {
    listed = listed || group < 256 || groups[i] == 1;
  }
  const std::uint8_t number[] = {static_cast<std::uint8_t>(group >> 8), static_cast<std::uint8_t>(group)};
  FUZZ_CHECK(in.good && (!listed || pairs_hold(groups, number)));
  FUZZ_CHECK(pairs_hold(schemes, scheme));
  const tls::Scheme* const row = scheme_of(policy, scheme);
  const auto key = key_of(certificate);
  FUZZ_CHECK(row != nullptr && key.has_value());
  const Bytes message[] = {client.random, server.random, params};
  FUZZ_CHECK(key->verify(*row->algorithm, message, signature).ok());
}

// A client's CertificateVerify covers all messages before it (RFC 5246 §7.4.8).
inline void check_certificate_verify(const Witness& witness, const Told& certificate, const Told& verify,
                                     const tls::Policy& policy) {
  std::vector<std::uint8_t> before;
  for (const Told& told : witness.messages) {
    if (&told == &verify) {
      break;
    }
    const std::size_t size = told.body.size();
    for (const std::size_t byte :
         {static_cast<std::size_t>(told.type), size >> 16, size >> 8 & 0xff, size & 0xff}) {
      before.push_back(static_cast<std::uint8_t>(byte));
    }
    before.insert(before.end(), told.body.begin(), told.body.end());
  }
  const Bytes body = verify.body;
  const tls::Scheme* const row = scheme_of(policy, body.first(2));
  const auto key = key_of(certificate);
  FUZZ_CHECK(row != nullptr && key.has_value());
  const Bytes message[] = {before};
  FUZZ_CHECK(key->verify(*row->algorithm, message, body.subspan(4)).ok());
}

// Checks what a connection took and sent against the standard. `is_client`: which side it is. `signs`:
// whether the server's own signatures are real.
inline void check_handshake(const Witness& witness, bool is_client, const tls::Policy& policy, bool signs,
                            bool done) {
  using enum tls::HandshakeType;
  const auto of_client = is_client ? tls::Direction::sent : tls::Direction::received;
  const auto of_server = is_client ? tls::Direction::received : tls::Direction::sent;
  FUZZ_CHECK(witness.handshakes_done == (done ? 1u : 0u) && witness.errors <= 1);
  const Told* const client_hello_told = witness.find(client_hello, of_client);
  const Told* const server_hello_told = witness.find(server_hello, of_server);
  if (server_hello_told == nullptr) {
    FUZZ_CHECK(!done);
    return;
  }
  FUZZ_CHECK(client_hello_told != nullptr);
  const PlainHello client(client_hello_told->body, true), server(server_hello_told->body, false);
  check_answer(client, server);
  const Told* const server_certificate = witness.find(certificate, of_server);
  if (const Told* const exchange = witness.find(server_key_exchange, of_server);
      exchange != nullptr && (is_client || signs)) {
    FUZZ_CHECK(server_certificate != nullptr);
    check_server_key_exchange(client, server, *server_certificate, *exchange, policy);
  }
  const Told* const verify = witness.find(certificate_verify, of_client);
  const Told* const client_certificate = witness.find(certificate, of_client);
  if (verify != nullptr && !is_client) {
    FUZZ_CHECK(client_certificate != nullptr);
    check_certificate_verify(witness, *client_certificate, *verify, policy);
  }
  if (!done) {
    return;
  }
  // Both have finished. A full handshake has a certificate and the key exchange of both sides. A client that
  // showed a certificate has signed.
  FUZZ_CHECK(witness.find(finished, of_client) != nullptr && witness.find(finished, of_server) != nullptr);
  const bool full = server_certificate != nullptr;
  FUZZ_CHECK(full == (witness.find(client_key_exchange, of_client) != nullptr));
  FUZZ_CHECK(full || equal_public(client.session_id, server.session_id));
  const bool showed = client_certificate != nullptr && client_certificate->body.size() > 3;
  FUZZ_CHECK(showed == (verify != nullptr));
}

}  // namespace ashlar::fuzz
