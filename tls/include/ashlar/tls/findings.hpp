// SPDX-License-Identifier: Apache-2.0
// What is odd about certificates and configs without making them unusable: for a program to say when it
// starts, before its users find out.
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
  // A row of the error table. Its detail says which certificate of the chain it is about (0: one's own), or
  // which cipher suite.
  Error error;
  // Which of the config's credentials it is about.
  std::size_t credential = 0;
  // False: peers refuse what is found. True: the config works, but some of it is never used.
  bool harmless = false;
};

// In the order in which they were found. What does not fit is counted.
class Findings {
 public:
  static constexpr std::size_t kMost = 32;
  // Valid as long as this object.
  std::span<const Finding> all() const& { return found_.span(); }
  std::span<const Finding> all() const&& = delete;
  std::size_t left_out() const { return left_out_; }
  bool empty() const { return found_.empty(); }
  // What does not fit is counted.
  void add(const Finding& finding) { left_out_ += found_.push(finding).ok() ? 0u : 1u; }

 private:
  BoundedVector<Finding, kMost> found_;
  std::size_t left_out_ = 0;
};

// What peers will hold against the credential at this time, when it is shown for this purpose: certificates
// that have expired or are not valid yet, a purpose or key usage that its own certificate does not allow, one
// for servers without a name, what readers refuse (x509::Certificate::deviations; harmless if only strict
// ones do), and a certificate in the chain that may not issue.
Findings findings(const Credential& credential, asn1::Time now, const x509::Purpose& purpose);

// The same for all credentials of a config by its clock, and besides: credentials that fit no suite or scheme
// of the policy, and kinds of suites that no credential fits, each told once by the first suite that needs
// it. The config is one that create() takes; where it says ask_for_credential there is nothing to find.
Findings findings(const ServerConfig& config);
Findings findings(const ClientConfig& config);

}  // namespace ashlar::tls
