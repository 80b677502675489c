// SPDX-License-Identifier: Apache-2.0
// ashlar cert verify: whether a chain would be accepted, and why or why not.
#include "certificates/credentials.hpp"
#include "certificates/describe.hpp"
#include "certificates/refusal.hpp"
#include "certificates/steps.hpp"
#include "commands/commands.hpp"
#include "http/http.hpp"
#include "options/policy_options.hpp"
#include "output/terminal.hpp"

#include <ashlar/base/describe.hpp>
#include <ashlar/x509/ocsp.hpp>
#include <ashlar/x509/verify.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace ashlar::cli {
namespace {

struct Options {
  std::string file = "-";
  std::vector<std::string> intermediates;
  std::vector<std::string> trust;
  std::string name;
  std::string time;
  std::string purpose = "server";
  std::string ocsp;
  std::uint32_t minimum_rsa = 0;
  bool strict = false;
  bool steps = false;
};

std::string subject_of(Bytes der) {
  const auto certificate = x509::Certificate::parse(der);
  return certificate ? name_text(certificate->subject()) : "(not readable)";
}

void print_accepted(const Options& options, std::span<const Bytes> chain, const x509::VerifiedChain& verified,
                    asn1::Time now) {
  std::printf("Accepted at %s as a TLS %s\n", time_text(now).c_str(), options.purpose.c_str());
  for (const std::uint8_t index : verified.path()) {
    const auto certificate = x509::Certificate::parse(chain[index]);
    if (!certificate) {
      continue;
    }
    std::printf("  %zu  %s\n", static_cast<std::size_t>(index), name_text(certificate->subject()).c_str());
    std::printf("     %s, %s; %s\n", time_text(certificate->validity().not_after).c_str(),
                validity_state(certificate->validity(), now).c_str(), public_key_text(*certificate).c_str());
    std::printf("     signed (%s) by %s\n", signature_text(*certificate).c_str(),
                name_text(certificate->issuer()).c_str());
    for (const std::string& broken : deviations(*certificate)) {
      std::printf("     breaks %s\n", broken.c_str());
    }
  }
  std::printf("  *  %s\n     trusted by decree\n", name_text(verified.anchor().subject()).c_str());
  if (options.name.empty()) {
    std::printf("No name was compared; --name compares one.\n");
  } else {
    std::printf("The name %s is one of: %s\n", escape(options.name).c_str(),
                joined(alt_names(verified.leaf())).c_str());
  }
}

// The key that a certificate of the chain was signed with, by the issuer's name: of the chain or of the
// anchors.
struct IssuerKey {
  Bytes spki;
  std::string name;
};
std::vector<IssuerKey> issuers_of(const x509::Certificate& certificate, std::span<const Bytes> chain,
                                  const x509::AnchorIndex& anchors) {
  std::vector<IssuerKey> found;
  const auto add = [&](Bytes subject, Bytes spki, const char* where) {
    if (std::ranges::equal(subject, certificate.issuer()) &&
        std::none_of(found.begin(), found.end(),
                     [&](const IssuerKey& key) { return std::ranges::equal(key.spki, spki); })) {
      found.push_back({spki, name_text(subject) + where});
    }
  };
  for (const Bytes der : chain) {
    if (const auto candidate = x509::Certificate::parse(der)) {
      add(candidate->subject(), candidate->spki(), " (of the chain)");
    }
  }
  for (const x509::TrustAnchor& anchor : anchors.all()) {
    add(anchor.subject(), anchor.spki(), " (trusted)");
  }
  return found;
}

// How each signature was made and is checked, for the certificates of a path, or for all if there is none.
void print_steps(std::span<const Bytes> chain, const std::vector<std::size_t>& which,
                 const x509::AnchorIndex& anchors) {
  for (const std::size_t index : which) {
    const auto certificate = x509::Certificate::parse(chain[index]);
    if (!certificate) {
      continue;
    }
    const std::vector<IssuerKey> issuers = issuers_of(*certificate, chain, anchors);
    if (issuers.empty()) {
      std::printf("Signature of %zu  %s\n   no certificate of its issuer is there: %s\n", index,
                  name_text(certificate->subject()).c_str(), name_text(certificate->issuer()).c_str());
    }
    for (const IssuerKey& issuer : issuers) {
      std::printf("Signature of %zu  %s\n   by            %s\n", index,
                  name_text(certificate->subject()).c_str(), issuer.name.c_str());
      const auto key = x509::PublicKey::parse_spki(issuer.spki, x509::kAllKeys.kinds);
      if (!key) {
        std::printf("   the issuer's key cannot be used: %s\n", sentence(key.error()).c_str());
        continue;
      }
      const Steps steps = signature_steps(*certificate, *key);
      std::fputs(steps.text.c_str(), stdout);
      if (steps.holds) {
        break;  // other keys of this name did not sign it
      }
    }
  }
}

// The reasons of RFC 5280 §5.3.1.
std::string reason_text(std::uint8_t reason) {
  constexpr const char* kReasons[] = {"unspecified",        "keyCompromise", "cACompromise",
                                      "affiliationChanged", "superseded",    "cessationOfOperation",
                                      "certificateHold",    nullptr,         "removeFromCRL",
                                      "privilegeWithdrawn", "aACompromise"};
  const char* const name = reason < std::size(kReasons) ? kReasons[reason] : nullptr;
  return name != nullptr ? name : "reason " + std::to_string(reason);
}

// What an OCSP response says about the certificate of a path that was accepted. One that is not good is a
// Failure.
void judge_ocsp(const std::string& path, std::span<const Bytes> chain, const x509::VerifiedChain& verified,
                const x509::VerifyRequest& request) {
  const FileBytes response = read_whole(path);
  x509::OcspEntry entry;
  const x509::OcspQuery query{response.bytes(), chain[0],     verified.issuer_key(),
                              request.now,      request.keys, &entry};
  entry.this_update = asn1::Time{-1};
  const auto judged = x509::check_ocsp_response(query);
  if (entry.this_update.seconds != -1) {
    constexpr const char* kStatus[] = {"good", "revoked", "unknown"};
    std::printf("OCSP response: %s, by %s\n", kStatus[static_cast<std::size_t>(entry.status)],
                entry.delegated ? "a responder of the issuer's" : "the issuer");
    std::printf("  of %s, next %s\n", time_text(entry.this_update).c_str(),
                entry.next_update ? time_text(*entry.next_update).c_str() : "at any time");
    if (entry.status == x509::OcspStatus::revoked) {
      std::printf("  revoked on %s%s\n", time_text(entry.revoked_at).c_str(),
                  entry.reason ? (": " + reason_text(*entry.reason)).c_str() : "");
    }
  }
  if (!judged) {
    throw Failure(words_of(input_name(path), judged.error()));
  }
}

void run(Options options) {
  options.name = reference_name(options.name);
  if (!options.name.empty() && !x509::check_reference_name(options.name)) {
    throw Failure(Words{.cause = "--name is neither a DNS name nor an IP address",
                        .found = "--name \"" + escape(options.name) + "\"",
                        .wanted = "a host name in ASCII (an international one as xn--…) or an IP address",
                        .next = "write the name as it stands in the certificate: ashlar cert show FILE"},
                  ExitCode::usage);
  }
  const posix::CertificateFile file = load_certificates(options.file);
  std::vector<Bytes> chain(file.certificates().begin(), file.certificates().end());
  std::vector<posix::CertificateFile> more;
  for (const std::string& path : options.intermediates) {
    more.push_back(load_certificates(path));
    chain.insert(chain.end(), more.back().certificates().begin(), more.back().certificates().end());
  }
  const Trust trust(options.trust);
  const ChosenKeys keys(x509::kAllKeys, options.minimum_rsa);
  x509::VerifyRequest request{};
  request.keys = keys.keys();
  request.chain = chain;
  request.anchors = trust.anchors();
  request.now = options.time.empty() ? posix::now() : parse_time(options.time);
  request.purpose = options.purpose == "client" ? x509::Purpose::client_auth : x509::Purpose::server_auth;
  request.name = options.name;
  request.strict = options.strict;
  // A certificate given with --trust may be the leaf itself.
  request.leaf_may_be_anchor = !options.trust.empty();
  std::printf("Chain: %s of %s\nTrust: %s\n", counted(chain.size(), "certificate").c_str(),
              options.file.c_str(), trust.description().c_str());
  const auto verified =
      options.name.empty() ? x509::verify_chain_without_name(request) : x509::verify_chain(request);
  if (options.steps) {
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < chain.size() && !verified; ++i) {
      which.push_back(i);
    }
    if (verified) {
      which.assign(verified->path().begin(), verified->path().end());
    }
    print_steps(chain, which, request.anchors);
  }
  if (verified) {
    print_accepted(options, chain, *verified, request.now);
    if (!options.ocsp.empty()) {
      judge_ocsp(options.ocsp, chain, *verified, request);
    }
    return;
  }
  const Error error = verified.error();
  std::printf("Refused at %s as a TLS %s\n", time_text(request.now).c_str(), options.purpose.c_str());
  for (std::size_t i = 0; i < chain.size(); ++i) {
    std::printf("  %zu  %s\n", i, subject_of(chain[i]).c_str());
  }
  throw Failure(refusal_words({.about = input_name(options.file),
                               .chain = chain,
                               .trust = trust.description(),
                               .anchors = trust.anchors(),
                               .name = options.name,
                               .now = request.now,
                               .from_peer = false},
                              error));
}

}  // namespace

void add_cert_verify(CLI::App& cert) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = cert.add_subcommand("verify", "Whether a chain is accepted, and why or why not");
  command->add_option("file", options->file,
                      "The certificate to judge, then its chain; none or - is standard input");
  command->add_option("--intermediate", options->intermediates, "More certificates that the path may use")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command
      ->add_option("--trust", options->trust,
                   "Roots, or the certificate itself, to trust instead of the system's")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command->add_option("--name", options->name, "DNS name or IP address that the certificate must be for");
  command->add_option("--time", options->time, "Judge at this time instead of now");
  command
      ->add_option("--ocsp", options->ocsp,
                   "An OCSP response in DER for the certificate (openssl ocsp -respout): judge it, too")
      ->type_name("FILE");
  command->add_option("--purpose", options->purpose, "server or client")
      ->check(CLI::IsMember(std::vector<std::string>{"server", "client"}))
      ->capture_default_str();
  add_minimum_rsa(*command, options->minimum_rsa);
  command->add_flag("--strict", options->strict,
                    "Refuse also what breaks rules without harm (docs/x509-strictness.md lists it)");
  command->add_flag("--steps", options->steps,
                    "Show how each signature was made and is checked, number by number");
  command->footer(
      "Exit status 0: accepted; 1: refused, with the reason.\n\n"
      "  ashlar cert verify chain.pem --name example.com\n"
      "  ashlar cert verify leaf.pem --intermediate ca1.pem --trust root.pem --time 2027-01-01\n");
  command->callback([options] { run(*options); });
}

}  // namespace ashlar::cli
