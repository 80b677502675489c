// SPDX-License-Identifier: Apache-2.0
#include "config_check.hpp"

#include "credential/credentials.hpp"
#include "credential/fits.hpp"
#include "extension/record_size_limit.hpp"
#include "hello/certificate_types.hpp"
#include "hello/versions.hpp"
#include "psk/psk.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

namespace {

Result<void> demand(bool given, Place field) {
  return given ? Result<void>() : Error{ErrorCode::invalid_argument, field};
}

// What both sides need, and the places of these fields.
struct Common {
  const Policy* policy;
  const Clock& clock;
  const crypto::Random& random;
  const Memory& memory;
  std::span<const std::string_view> alpn;
};
struct Fields {
  Place policy, clock, random, memory, alpn;
};

// At least one row, at most `most`, and none of them null.
template <class Row>
bool are_rows(std::span<const Row* const> rows, std::size_t most) {
  for (const Row* row : rows) {
    if (row == nullptr) {
      return false;
    }
  }
  return !rows.empty() && rows.size() <= most;
}

// A policy must be able to agree on something. It must not have more rows than our ClientHello can
// hold.
bool is_usable(const Policy& policy) {
  const bool newer = policy.speaks(ProtocolVersion::tls13), older = policy.speaks(ProtocolVersion::tls12);
  if (policy.chain_keys == nullptr || !(newer || older) || !are_rows(policy.schemes, kMaxSchemes) ||
      (newer && !are_rows(policy.tls13_suites, kMaxSuites)) ||
      (older && !are_rows(policy.suites, kMaxSuites))) {
    return false;
  }
  bool needs_group = newer;
  for (const tls12::Suite* suite : policy.suites) {
    needs_group = needs_group || (older && suite->key_exchange->ephemeral);
  }
  return (policy.groups.empty() && !needs_group) || are_rows(policy.groups, kMaxGroups);
}

// One of the rows must be of a version that the policy speaks.
template <class Version>
bool has_version(const Policy& policy, std::span<const Version* const> rows) {
  bool found = false;
  for (const Version* row : rows) {
    if (row == nullptr) {
      return false;
    }
    found = found || policy.speaks(row->version);
  }
  return found;
}

// RFC 7301 §3.1: names of 1 to 255 bytes. At most as many as our ClientHello can hold.
bool are_protocols(std::span<const std::string_view> names) {
  std::size_t size = 0;
  for (const std::string_view name : names) {
    if (name.empty() || name.size() > 255) {
      return false;
    }
    size += 1 + name.size();
  }
  return size <= kMaxAlpnSize;
}

Result<void> check_common(const Common& config, const Fields& fields) {
  ASHLAR_CHECK(demand(config.policy != nullptr && is_usable(*config.policy), fields.policy));
  ASHLAR_CHECK(demand(config.clock.now != nullptr, fields.clock));
  ASHLAR_CHECK(demand(config.random.fill_function != nullptr, fields.random));
  ASHLAR_CHECK(demand(config.memory.allocate != nullptr && config.memory.free != nullptr, fields.memory));
  return demand(are_protocols(config.alpn), fields.alpn);
}

// Whether the policy can use one of the credentials. Credentials of one class do not differ in this.
template <class Fits>
Result<void> check_credentials(const Credentials& credentials, Place field, const Fits& fits) {
  ASHLAR_CHECK(demand(!credentials.empty(), field));
  Candidates rest = credentials.impl().of_any_name();
  while (const Credential* const each = rest.next()) {
    if (fits(*each)) {
      return {};
    }
  }
  return Error{ErrorCode::credential_fits_no_suite, field};
}

// Whether the names fit the CertificateRequest's vector of vectors (RFC 5246 §7.4.4).
bool are_names(std::span<const Bytes> names) {
  std::size_t size = 0;
  for (const Bytes name : names) {
    if (name.empty()) {
      return false;
    }
    size += 2 + name.size();
  }
  return size <= 0xffff;
}

bool is_whole(const Resumption& sessions) {
  return sessions.seal != nullptr && sessions.open != nullptr && sessions.forget != nullptr;
}

// Pre-shared keys where the policy needs some, and only where it has a use for them.
struct GivenPsks {
  bool fit;
  bool present;
  Place field;
};
Result<void> check_psks(const GivenPsks& psks, const SuiteKinds& kinds, const Policy& policy) {
  ASHLAR_CHECK(demand(psks.fit && (psks.present || !kinds.psk), psks.field));
  if (psks.present && !kinds.psk && !policy.speaks(ProtocolVersion::tls13)) {
    return Error{ErrorCode::psk_fits_no_suite, psks.field};
  }
  return {};
}

constexpr std::uint8_t kMostTickets = 16;  // that one client gets

Result<void> check_padding(std::uint16_t multiple, Place place) {
  return demand((multiple & (multiple - 1)) == 0 && multiple <= kMaxPlaintextSize, place);
}

// There are keys if raw public keys are taken, and only then.
bool is_whole(const AcceptedFromPeer& accepted) {
  const CertificateTypes types = accepted_types(accepted);
  const bool raw = has_type(types, CertificateType::raw_public_key);
  return are_types(types) && raw == (accepted.keys != nullptr) && (!raw || !accepted.keys->empty());
}
bool takes_certificates(const AcceptedFromPeer& accepted) {
  return has_type(accepted_types(accepted), CertificateType::x509);
}

}  // namespace

[[gnu::cold]] Result<void> check_config(const ClientConfig& config) {
  ASHLAR_CHECK(
      check_common({config.policy, config.clock, config.random, config.memory, config.alpn},
                   {Place::client_config_policy, Place::client_config_clock, Place::client_config_random,
                    Place::client_config_memory, Place::client_config_alpn}));
  ASHLAR_CHECK(demand(has_version(*config.policy, config.versions), Place::client_config_versions));
  ASHLAR_CHECK(demand(is_whole(config.accepted), Place::client_config_accepted));
  const SuiteKinds kinds = suite_kinds(*config.policy);
  ASHLAR_CHECK(
      check_psks({config.psks.size() <= kMaxClientPsks, !config.psks.empty(), Place::client_config_psks},
                 kinds, *config.policy));
  // Without a verifier a pre-shared key must authenticate the server.
  const bool by_psk = !config.psks.empty() && !kinds.certificate;
  ASHLAR_CHECK(
      demand(!takes_certificates(config.accepted) || config.verifier.verify_function != nullptr || by_psk,
             Place::client_config_verifier));
  ASHLAR_CHECK(
      demand(config.own_types.empty() || are_types(config.own_types), Place::client_config_own_types));
  ASHLAR_CHECK(demand(config.record_size_limit == 0 || (config.record_size_limit >= kMinRecordSizeLimit &&
                                                        config.record_size_limit <= kMaxPlaintextSize),
                      Place::client_config));
  ASHLAR_CHECK(check_padding(config.record_padding, Place::client_config));
  ASHLAR_CHECK(
      demand(config.staples == nullptr || (config.request_status && config.staples->judge != nullptr),
             Place::client_config_staples));
  if (config.ask_for_credential || config.credentials == nullptr) {
    return {};
  }
  return check_credentials(*config.credentials, Place::client_config_credentials,
                           [&](const Credential& each) { return signs_under(*config.policy, each); });
}

Result<void> check_config(const ServerConfig& config) {
  ASHLAR_CHECK(
      check_common({config.policy, config.clock, config.random, config.memory, config.alpn},
                   {Place::server_config_policy, Place::server_config_clock, Place::server_config_random,
                    Place::server_config_memory, Place::server_config_alpn}));
  ASHLAR_CHECK(demand(has_version(*config.policy, config.versions), Place::server_config_versions));
  const bool asks = config.client_authentication != ClientAuthentication::none;
  ASHLAR_CHECK(demand(is_whole(config.accepted), Place::server_config_accepted));
  ASHLAR_CHECK(
      demand(!asks || !takes_certificates(config.accepted) || config.verifier.verify_function != nullptr,
             Place::server_config_verifier));
  ASHLAR_CHECK(demand(are_names(config.client_ca_names), Place::server_config_client_ca_names));
  ASHLAR_CHECK(
      demand(config.sessions == nullptr || is_whole(*config.sessions), Place::server_config_sessions));
  ASHLAR_CHECK(check_padding(config.record_padding, Place::server_config));
  ASHLAR_CHECK(demand(config.max_tickets <= kMostTickets, Place::server_config_max_tickets));
  ASHLAR_CHECK(demand(config.tickets == nullptr || is_whole(*config.tickets), Place::server_config_tickets));
  const ServerEarlyData* const early = config.early_data;
  ASHLAR_CHECK(demand(early == nullptr || (early->max_size != 0 && early->max_size <= kMostEarlyData &&
                                           early->guard.first_use != nullptr),
                      Place::server_config_early_data));
  const SuiteKinds kinds = suite_kinds(*config.policy);
  const bool has_psks = config.psks.find != nullptr;
  ASHLAR_CHECK(check_psks({true, has_psks, Place::server_config_psks}, kinds, *config.policy));
  ASHLAR_CHECK(demand(config.psk_hint.size() <= 0xffff, Place::server_config_psk_hint));
  // With pre-shared keys no certificate is needed.
  if (config.ask_for_credential || (has_psks && config.credentials == nullptr)) {
    return {};
  }
  ASHLAR_CHECK(demand(config.credentials != nullptr, Place::server_config_credentials));
  return check_credentials(*config.credentials, Place::server_config_credentials,
                           [&](const Credential& each) { return serves(*config.policy, each); });
}

}  // namespace ashlar::tls
