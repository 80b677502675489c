// SPDX-License-Identifier: Apache-2.0
// The policies of a path (RFC 5280 §6.1.2 to §6.1.5, RFC 9618).
#pragma once

#include "path/candidate.hpp"

namespace ashlar::x509 {

// The certificates of a path from the one under the anchor down to the peer's own, one at a time. Whether the
// tree of valid policies is empty shows in its lowest level alone, so no more than that is kept: the policies
// that the next certificate may name, each with the policy at the top that it comes from.
class PolicyCheck {
 public:
  // count: how many certificates the path has.
  PolicyCheck(const PolicyDemand& demand, std::size_t count);

  // The next certificate down. no_valid_policy, bad_policy_mapping, too_many_policies; with its index.
  Result<void> add(const PolicyRules& rules, bool self_issued, std::size_t index);

 private:
  struct Entry {
    Bytes policy, root;
  };
  struct Level {
    BoundedVector<Entry, kMaxPolicies> entries;
    bool any = false;  // anyPolicy: whatever the next certificate names

    bool empty() const { return entries.size() == 0 && !any; }
    bool add(const Entry& entry);
    // Every entry of `from` with this policy, as `policy`.
    bool add_matching(const Level& from, Bytes wanted, Bytes policy);
    bool names(Bytes policy) const;
  };

  Result<void> take_policies(const PolicyRules& rules, bool any_counts, std::size_t index);
  Result<void> map_policies(Bytes mappings, std::size_t index);
  bool satisfied() const;

  const PolicyDemand& demand_;
  Level level_;
  std::uint64_t explicit_policy_, policy_mapping_, inhibit_any_policy_;
  std::size_t left_;
};

}  // namespace ashlar::x509
