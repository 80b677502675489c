// SPDX-License-Identifier: Apache-2.0
// What a server makes of a ClientHello: suite, certificate, group and scheme (RFC 5246 §7.4.1.3, RFC 8422
// §5).
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

namespace {

// Whether the first certificate of the chain is for the name that the client asked for.
bool is_for(const Credential& credential, std::string_view server_name) {
  if (server_name.empty() || credential.chain.empty()) {
    return false;
  }
  const auto leaf = x509::Certificate::parse(credential.chain[0]);
  return leaf && x509::match_name(*leaf, server_name).ok();
}

// Whether the key is of the suite's kind and does what its key exchange asks of it.
bool can(const Signer& signer, const KeyExchange& exchange) {
  if (signer.kind->tls_certificate_type != static_cast<std::uint8_t>(exchange.authentication)) {
    return false;
  }
  const bool external = signer.sign == nullptr && signer.decrypt_premaster == nullptr;
  if (exchange.ephemeral) {
    return external || signer.sign != nullptr;
  }
  return signer.kind->encrypt != nullptr && (external || signer.decrypt_premaster != nullptr);
}

// A client that lists groups takes ECDSA certificates on those alone (RFC 8422 §5.1).
bool takes_curve(const ClientHello& hello, const x509::KeyKind& kind) {
  return kind.tls_curve == 0 || hello.supported_groups.empty() || hello.offers(GroupId{kind.tls_curve});
}

}  // namespace

Result<Choice> ServerHandshake::choose(const ClientHello& hello) const {
  const Group* group = nullptr;
  for (const Group* each : policy().groups) {
    // A client that lists no groups leaves the choice to the server (RFC 8422 §4).
    if (hello.supported_groups.empty() ? each->id == GroupId::secp256r1 : hello.offers(each->id)) {
      group = each;
      break;
    }
  }
  const bool points = !hello.has_ec_point_formats || hello.offers_uncompressed_points;
  ErrorCode missing = ErrorCode::no_common_suite;
  // First among certificates for the name asked for, then among all.
  const bool by_name[] = {true, false};
  for (const bool named : by_name) {
    for (const Suite* suite : policy().suites) {
      if (!hello.offers(suite->id)) {
        continue;
      }
      const KeyExchange& exchange = *suite->key_exchange;
      if (exchange.ephemeral && (group == nullptr || !points)) {
        missing = points ? ErrorCode::no_common_group : ErrorCode::unsupported_point_format;
        continue;
      }
      for (std::size_t i = 0; i < config.credentials.size(); ++i) {
        const Credential& each = config.credentials[i];
        if (!can(each.signer, exchange) || !takes_curve(hello, *each.signer.kind) ||
            (named && !is_for(each, hello.server_name))) {
          continue;
        }
        if (!exchange.ephemeral) {
          return Choice{suite, i, nullptr, nullptr};
        }
        for (const Scheme* scheme : policy().schemes) {
          if (scheme->algorithm->fits(*each.signer.kind) && hello.offers(scheme->id)) {
            return Choice{suite, i, group, scheme};
          }
        }
        missing = ErrorCode::no_common_scheme;
      }
    }
  }
  return missing;
}

}  // namespace ashlar::tls::tls12
