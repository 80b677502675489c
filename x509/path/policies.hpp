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
  // count: how many certificates the path has. Each comparison of policies takes one step from `budget`.
  PolicyCheck(const PolicyDemand& demand, std::size_t count, std::uint32_t& budget);

  // The next certificate down. no_valid_policy, too_many_policies; with its index.
  // verification_budget_exhausted if the budget is used up.
  Result<void> add(const PolicyRules& rules, bool self_issued, std::size_t index);

 private:
  struct Entry {
    Bytes policy, root;
  };
  struct Level {
    BoundedVector<Entry, kMaxPolicies> entries;
    bool any = false;  // anyPolicy: whatever the next certificate names

    bool empty() const { return entries.size() == 0 && !any; }
  };

  bool same(Bytes a, Bytes b);
  bool names(const Level& level, Bytes policy);
  bool is_mapped(Bytes mappings, Bytes policy);
  // False if there is no room.
  bool add(Level& next, const Entry& entry);
  // What the level has of the policy `from`, as `to`: the entries with it, or else anyPolicy's.
  bool bring(Level& next, Bytes from, Bytes to);
  Result<void> take_policies(const PolicyRules& rules, bool any_counts, std::size_t index);
  Result<void> map_policies(Bytes mappings, std::size_t index);
  Result<void> replace_level(const Level& next, bool fits, std::size_t index);
  bool satisfied();

  const PolicyDemand& demand_;
  std::uint32_t& budget_;
  Level level_;
  std::uint64_t explicit_policy_, policy_mapping_, inhibit_any_policy_;
  std::size_t left_;
};

// §6.1.4 (a): no mapping of a CA is from or to anyPolicy; else bad_policy_mapping, with this index.
Result<void> check_mappings(const PolicyRules& rules, std::size_t index);

}  // namespace ashlar::x509
