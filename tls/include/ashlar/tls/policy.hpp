// SPDX-License-Identifier: Apache-2.0
// A policy picks rows of the registries, in order of preference. Make your own, or take a named one. A policy
// is not copied: it, what its spans point to and the rows must outlive the connections made with it.
#pragma once

#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

// The versions that a policy allows if it does not say which: all that there are, the newest first.
inline constexpr ProtocolVersion kAllVersions[] = {ProtocolVersion::tls13, ProtocolVersion::tls12};

struct Policy {  // what may be spoken, in order of preference
  std::string_view name;
  std::span<const tls12::Suite* const> suites;
  std::span<const Group* const> groups;
  std::span<const Scheme* const> schemes;
  // Refuse peers without extended master secret (RFC 7627). It is always offered, and used if both sides can.
  // If this is false, a peer without it is served. Negotiated::extended_master_secret is then false, and the
  // session is not resumed (RFC 7627 §5.3).
  bool require_extended_master_secret;
  // The kinds of keys and the signatures that may stand in certificate chains.
  const x509::KeySet* chain_keys;
  // In order of preference. A version that the policy has no suites for is not spoken.
  std::span<const ProtocolVersion> versions = kAllVersions;
  // What TLS 1.3 chooses from; `suites` are those of TLS 1.2.
  std::span<const tls13::Suite* const> tls13_suites = {};
  // TLS 1.3: a pre-shared key or a session may serve without a fresh key exchange (psk_ke; RFC 9846 §4.2.9).
  // Who gets the key later then reads what was recorded. A peer that can do both has the exchange.
  bool psk_without_key_exchange = false;
  // TLS 1.3: how certificates may be compressed, by the peer and by us (RFC 8879). At most 127. What is sent
  // compressed was prepared by Credential::compress.
  std::span<const CertificateCompression* const> certificate_compressions = {};

  // Whether it allows this version, and has suites for it.
  bool speaks(ProtocolVersion version) const;

  // The row of this number; null if the policy does not name it.
  const tls12::Suite* suite(SuiteId id) const;
  const tls13::Suite* tls13_suite(SuiteId id) const;
  const Group* group(GroupId id) const;     // null: not allowed
  const Scheme* scheme(SchemeId id) const;  // null: not allowed
};

namespace policy {
// TLS 1.3, and TLS 1.2 for peers that have nothing newer: ephemeral keys and authenticated encryption. The
// default.
extern const Policy modern;
// modern's rows, and in TLS 1.2 extended master secret is required.
extern const Policy strict;
// modern's rows, then in TLS 1.2, for peers that have nothing else: ECDHE with AES-CCM and AES-CBC, DHE, and
// RSA key transport, TLS_RSA_WITH_AES_128_CBC_SHA among it. CipherSuite::legacy says what is wrong with most
// of these.
extern const Policy compat;
// modern's rows for one version alone. Programs that speak no other name the version's rows too
// (kTls12ClientOnly and so on), and do not link what the other version needs.
extern const Policy tls12;
extern const Policy tls13;
// Pre-shared keys from outside (psk.hpp): TLS 1.3, and TLS 1.2 with an ephemeral key where both sides have
// one. No other policy has suites for them in TLS 1.2.
extern const Policy psk;
}  // namespace policy

}  // namespace ashlar::tls
