// SPDX-License-Identifier: Apache-2.0
// Key exchanges as rows: how client and server make the premaster secret (RFC 5246 §7.4.3, §7.4.7, §8.1), and
// which messages they need for it.
#pragma once

#include <ashlar/base/secret.hpp>
#include <ashlar/tls/policy.hpp>
#include <ashlar/tls/psk.hpp>
#include <ashlar/tls/registry.hpp>
#include <ashlar/x509/certificate.hpp>

#include "message/message.hpp"
#include "registry/group_versions.hpp"

namespace ashlar::tls::tls12 {

inline constexpr std::size_t kMaxExchangeKeysSize = kMaxShareSize;
// With a pre-shared key: that and the secret of the exchange, each behind its length (RFC 4279 §2).
inline constexpr std::size_t kMaxPremasterSize = 2 + kMaxSharedSecretSize + 2 + kMaxPskSize;
using Premaster = SecretBuffer<kMaxPremasterSize>;

// What a client needs for its part of the exchange.
struct ClientExchange {
  crypto::Random random;
  const Group* group;  // the server's, or null without a ServerKeyExchange
  Bytes server_share;
  const x509::PublicKey* server_key;  // the certificate's; null without one
};

struct KeyExchange {
  std::string_view name;
  // The kind of the server's key, and the usage that its certificate must allow. By a pre-shared key there
  // are no certificates, and the ServerKeyExchange is not signed: it begins with a hint of the identity, and
  // the ClientKeyExchange with the identity.
  Authentication authentication;
  x509::KeyUsage key_usage;
  // True: the server sends a share of a group in a ServerKeyExchange and finishes with the client's share.
  // False: there is no such message, except for a hint, and the certificate's key decrypts the premaster
  // secret, or both sides have it already.
  bool ephemeral;
  // Of an ephemeral one: whether its groups are those of RFC 7919, or those over curves.
  bool finite_field = false;
  // The size of the length field of the client's keys in the ClientKeyExchange; 0: it has no keys.
  std::size_t length_size;
  // Makes the client's keys, at the start of `room` (kMaxExchangeKeysSize bytes), and the premaster secret.
  Result<Bytes> (*make)(const ClientExchange& exchange, MutBytes room, Premaster& premaster);
  // Of an ephemeral one. The server's end: the premaster secret out of the client's keys.
  Result<void> (*finish)(const Group& group, Bytes private_key, Bytes client_keys,
                         Premaster& premaster) = nullptr;
  // The parameters at the start of a ServerKeyExchange: group, share, and where they end. And what writes
  // them.
  Result<ServerKeyExchange> (*parse_params)(const Policy& policy, Bytes body) = nullptr;
  void (*build_params)(const Group& group, Bytes share, Writer& writer) = nullptr;
  // Puts a pre-shared key into the premaster secret, beside what the exchange has made.
  void (*add_psk)(Bytes psk, Premaster& premaster) = nullptr;

  bool by_psk() const { return authentication == Authentication::psk; }
  // Whether this group serves the exchange.
  bool uses(const Group& group) const {
    return in_tls12(group) && (group.finite_field != nullptr) == finite_field;
  }
};
extern const KeyExchange kEcdheRsa;
extern const KeyExchange kEcdheEcdsa;
extern const KeyExchange kDheRsa;
extern const KeyExchange kRsa;
extern const KeyExchange kPsk;
extern const KeyExchange kEcdhePsk;
extern const KeyExchange kDhePsk;

// add_psk of the exchanges with a group.
void add_psk_to_secret(Bytes psk, Premaster& premaster);

}  // namespace ashlar::tls::tls12
