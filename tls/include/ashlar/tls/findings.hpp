// SPDX-License-Identifier: Apache-2.0
// What is odd about certificates and configs that can still be used. A program can say so when it starts,
// before its users find out.
//
//   const tls::Findings found = tls::findings(config);
//   for (const tls::Finding& finding : found.all()) {
//     print(finding.credential, describe(finding.error, line));
//   }
#pragma once

#include <ashlar/tls/config.hpp>

namespace ashlar::tls {

// One thing that is odd.
struct Finding {
  // A row of the error table. Its detail is the index of the certificate in the chain (0: your own), or the
  // cipher suite.
  Error error;
  // Which of the config's credentials it is about.
  std::size_t credential = 0;
  // False: peers will refuse this. True: the config works, but a part of it is never used.
  bool harmless = false;
};

// Findings in the order in which they were found. Those that do not fit are counted.
class Findings {
 public:
  static constexpr std::size_t kMost = 32;
  // Valid as long as this object.
  std::span<const Finding> all() const& { return found_.span(); }
  std::span<const Finding> all() const&& = delete;
  std::size_t left_out() const { return left_out_; }
  bool empty() const { return found_.empty(); }
  // One that does not fit is counted.
  void add(const Finding& finding) { left_out_ += found_.push(finding).ok() ? 0u : 1u; }

 private:
  BoundedVector<Finding, kMost> found_;
  std::size_t left_out_ = 0;
};

// Why peers may refuse the credential at this time, when it is shown for this purpose. Certificates that have
// expired or are not valid yet. A purpose or key usage that its own certificate does not allow. A server
// certificate without a name. What readers refuse (x509::Certificate::deviations; harmless if only strict
// ones do). A certificate in the chain that may not issue.
Findings findings(const Credential& credential, asn1::Time now, const x509::Purpose& purpose);

// The same for all credentials of a config, by its clock. Also: credentials that fit no suite or scheme of
// the policy, and kinds of suites that no credential fits, each told once with the first such suite. The
// config must be one that create() takes. With ask_for_credential there are no findings.
Findings findings(const ServerConfig& config);
Findings findings(const ClientConfig& config);

}  // namespace ashlar::tls
