// SPDX-License-Identifier: Apache-2.0
#include <ashlar/tls/findings.hpp>

#include "config_check.hpp"
#include "credential/fits.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

namespace {

// Adds the findings about one of the credentials.
class Examination {
 public:
  Examination(Findings& out, const Credential& credential, std::size_t number)
      : out_(out), credential_(credential), number_(number) {}

  // There is nothing to find in a raw public key.
  void judge(asn1::Time now, const x509::Purpose& purpose) const {
    if (credential_.size() == 0) {
      return;
    }
    for (std::size_t i = 0; i < credential_.size(); ++i) {
      const x509::Certificate& certificate = credential_.certificate(i);
      if (now.seconds < certificate.validity().not_before.seconds) {
        add(i, ErrorCode::certificate_not_yet_valid);
      } else if (now.seconds > certificate.validity().not_after.seconds) {
        add(i, ErrorCode::certificate_expired);
      }
      if (i != 0 && !certificate.basic_constraints().is_ca) {
        add(i, ErrorCode::not_a_ca);
      }
    }
    judge_own(purpose);
  }

  void judge_fit(bool fits) const {
    if (!fits) {
      out_.add({Error{ErrorCode::credential_fits_no_suite}, number_, true});
    }
  }

 private:
  void judge_own(const x509::Purpose& purpose) const {
    const x509::Certificate& own = credential_.certificate();
    if (!own.allows_purpose(purpose.extended_key_usage.bytes(), false)) {
      add(0, ErrorCode::wrong_extended_key_usage);
    }
    // The uses of a key in handshakes of TLS 1.2 (RFC 5246 §7.4.2).
    const bool usable = own.allows(x509::KeyUsage::digital_signature) ||
                        (credential_.decrypts() && own.allows(x509::KeyUsage::key_encipherment));
    if (!usable) {
      add(0, ErrorCode::wrong_key_usage);
    }
    if (purpose == x509::Purpose::server_auth && !has_name(own)) {
      add(0, ErrorCode::certificate_without_names);
    }
    for (const x509::FoundDeviation& found : own.deviations().span()) {
      const x509::Accepted accepted = x509::row_of(found.rule).leaf;
      if (accepted != x509::Accepted::always) {
        out_.add({x509::error_of(found, 0), number_, accepted == x509::Accepted::unless_strict});
      }
    }
  }

  static bool has_name(const x509::Certificate& certificate) {
    x509::GeneralNames names = certificate.subject_alt_names();
    while (const auto name = names.next()) {
      if (name->type == x509::GeneralName::Type::dns || name->type == x509::GeneralName::Type::ip) {
        return true;
      }
    }
    return false;
  }

  void add(std::size_t certificate, ErrorCode code) const {
    out_.add({Error{code, Place::none, static_cast<std::uint32_t>(certificate)}, number_, false});
  }

  Findings& out_;
  const Credential& credential_;
  std::size_t number_;
};

// The credentials that a config uses. If they are not used, they may be anything, even moved from.
template <class Config>
const Credentials* credentials_of(const Config& config) {
  return config.ask_for_credential ? nullptr : config.credentials;
}

// The findings of each credential of a config. fits(policy, credential): whether it can be used.
template <class Config, class Fits>
Findings judge_all(const Config& config, const x509::Purpose& purpose, const Fits& fits) {
  Findings out;
  const Credentials* const credentials = credentials_of(config);
  const std::size_t count = credentials != nullptr ? credentials->size() : 0;
  const asn1::Time now = config.clock.now(config.clock.context);
  for (std::size_t i = 0; i < count; ++i) {
    const Credential& each = (*credentials)[i];
    const Examination examination(out, each, i);
    examination.judge(now, purpose);
    examination.judge_fit(fits(*config.policy, each));
  }
  return out;
}

bool is_served(const ServerConfig& config, const tls12::Suite& suite) {
  for (std::size_t i = 0; i < config.credentials->size(); ++i) {
    if (serves(*config.policy, suite, (*config.credentials)[i])) {
      return true;
    }
  }
  return false;
}

// For each key exchange, the first suite that no credential serves. Suites of one key exchange need the same.
void judge_suites(const ServerConfig& config, Findings& out) {
  const std::span<const tls12::Suite* const> suites = config.policy->suites;
  for (std::size_t i = 0; i < suites.size(); ++i) {
    bool told = false;
    for (const tls12::Suite* earlier : suites.first(i)) {
      told = told || earlier->key_exchange == suites[i]->key_exchange;
    }
    if (!told && !suites[i]->key_exchange->by_psk() && !is_served(config, *suites[i])) {
      out.add(
          {Error{ErrorCode::suite_fits_no_credential, Place::none, static_cast<std::uint32_t>(suites[i]->id)},
           0, true});
    }
  }
}

}  // namespace

Findings findings(const Credential& credential, asn1::Time now, const x509::Purpose& purpose) {
  Findings out;
  Examination(out, credential, 0).judge(now, purpose);
  return out;
}

Findings findings(const ServerConfig& config) {
  using Serves = bool (*)(const Policy&, const Credential&);
  Findings out = judge_all(config, x509::Purpose::server_auth, Serves{serves});
  if (credentials_of(config) != nullptr) {
    judge_suites(config, out);
  }
  return out;
}

Findings findings(const ClientConfig& config) {
  return judge_all(config, x509::Purpose::client_auth, signs_under);
}

}  // namespace ashlar::tls
