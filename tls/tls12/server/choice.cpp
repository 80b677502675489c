// SPDX-License-Identifier: Apache-2.0
// The server's choice for a ClientHello: suite, certificate, group and scheme (RFC 5246 §7.4.1.3, RFC 8422
// §5).
#include <ashlar/base/endian.hpp>

#include "config_check.hpp"
#include "credential/credentials.hpp"
#include "registry/group_versions.hpp"
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

namespace {

// Whether the key has the suite's kind and can do what the key exchange needs.
bool can(const Credential& credential, const KeyExchange& exchange) {
  return credential.kind().tls_certificate_type == static_cast<std::uint8_t>(exchange.authentication) &&
         (exchange.ephemeral || credential.decrypts());
}

// The policy's first scheme that the client checks and the key signs under, or null.
const Scheme* choose_scheme(const Policy& policy, const ClientHello& hello, const Credential& credential) {
  for (const Scheme* scheme : policy.schemes) {
    if (hello.offers(scheme->id) && credential.signs(*scheme)) {
      return scheme;
    }
  }
  return nullptr;
}

// A client that lists groups accepts ECDSA certificates on those only (RFC 8422 §5.1).
bool takes_curve(const ClientHello& hello, const x509::KeyKind& kind) {
  return kind.tls_curve == 0 || hello.supported_groups.empty() || hello.offers(GroupId{kind.tls_curve});
}

// IANA keeps 256 to 511 for the groups of RFC 7919.
bool offers_finite_field(const ClientHello& hello) {
  const IdList<GroupId> groups(hello.supported_groups);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (static_cast<unsigned>(groups[i]) >> 8 == 1) {
      return true;
    }
  }
  return false;
}

// The policy's first group for the exchange that the client has, or null. A client that lists no groups
// leaves the choice to the server (RFC 8422 §4), as does one that lists none of RFC 7919 (RFC 7919 §4).
const Group* choose_group(const Policy& policy, const ClientHello& hello, const KeyExchange& exchange) {
  const bool left_open = exchange.finite_field ? !offers_finite_field(hello) : hello.supported_groups.empty();
  for (const Group* group : policy.groups) {
    const bool taken =
        left_open ? exchange.finite_field || group->id == GroupId::secp256r1 : hello.offers(group->id);
    if (exchange.uses(*group) && taken) {
      return group;
    }
  }
  return nullptr;
}

// Which suites of the policy the client offers. The client's list is read once, however long it and the
// policy are (D01).
class OfferedSuites {
 public:
  OfferedSuites(const Policy& policy, const ClientHello& hello) {
    // Places in the policy, plus one, of the suites whose numbers end in one byte: the first, and the next of
    // each.
    std::uint8_t first[256] = {}, next[kMaxSuites] = {};
    for (std::size_t place = 0; place < policy.suites.size() && place < kMaxSuites; ++place) {
      std::uint8_t& start = first[static_cast<std::uint16_t>(policy.suites[place]->id) & 0xff];
      next[place] = start;
      start = static_cast<std::uint8_t>(place + 1);
    }
    for (std::size_t at = 0; at < hello.cipher_suites.size(); at += 2) {
      const SuiteId id{load_be16(hello.cipher_suites.data() + at)};
      for (std::size_t place = first[static_cast<std::uint16_t>(id) & 0xff]; place != 0;
           place = next[place - 1]) {
        offered_[place - 1] = offered_[place - 1] || policy.suites[place - 1]->id == id;
      }
    }
  }
  bool has(std::size_t place) const { return place < kMaxSuites && offered_[place]; }

 private:
  bool offered_[kMaxSuites] = {};
};

// Chooses among the candidates. If `named` is not empty, only among those whose certificate is for this name.
Result<Choice> choose_among(const Policy& policy, const ClientHello& hello, const OfferedSuites& offered,
                            const Candidates& candidates, std::string_view named) {
  ErrorCode missing = ErrorCode::no_common_suite;
  for (std::size_t place = 0; place < policy.suites.size(); ++place) {
    if (!offered.has(place)) {
      continue;
    }
    const Suite* const suite = policy.suites[place];
    const KeyExchange& exchange = *suite->key_exchange;
    const Group* const group = exchange.ephemeral ? choose_group(policy, hello, exchange) : nullptr;
    if (exchange.ephemeral && group == nullptr) {
      missing = ErrorCode::no_common_group;
      continue;
    }
    if (exchange.by_psk()) {
      return Choice{suite, nullptr, group, nullptr};
    }
    Candidates rest = candidates;
    while (const Credential* const each = rest.next()) {
      if (!takes_type(hello.server_certificate_types, each->type())) {
        missing = missing == ErrorCode::no_common_suite ? ErrorCode::no_common_certificate_type : missing;
        continue;
      }
      if (!can(*each, exchange) || !takes_curve(hello, each->kind()) ||
          (!named.empty() && !is_for(*each, named))) {
        continue;
      }
      if (!exchange.ephemeral) {
        return Choice{suite, each, nullptr, nullptr};
      }
      if (const Scheme* const scheme = choose_scheme(policy, hello, *each)) {
        return Choice{suite, each, group, scheme};
      }
      missing = ErrorCode::no_common_scheme;
    }
  }
  return missing;
}

}  // namespace

Result<Choice> ServerHandshake::choose(const ClientHello& hello) const {
  if (hello.has_ec_point_formats && !hello.offers_uncompressed_points) {
    return Error{ErrorCode::unsupported_point_format, Place::client_hello_ec_point_formats};
  }
  if (config.credentials == nullptr) {
    return choose_psk(hello);
  }
  const Credentials::Impl& credentials = config.credentials->impl();
  const OfferedSuites offered(policy(), hello);
  if (!hello.server_name.empty()) {
    auto choice =
        choose_among(policy(), hello, offered, credentials.for_name(hello.server_name), hello.server_name);
    if (choice) {
      return choice;
    }
  }
  return choose_among(policy(), hello, offered, credentials.of_any_name(), {});
}

Result<Choice> ServerHandshake::choose(const ClientHello& hello, const Credential& only) const {
  return choose_among(policy(), hello, OfferedSuites(policy(), hello), Candidates(only), {});
}

Result<Choice> ServerHandshake::choose_psk(const ClientHello& hello) const {
  return choose_among(policy(), hello, OfferedSuites(policy(), hello), Candidates(), {});
}

}  // namespace ashlar::tls::tls12
