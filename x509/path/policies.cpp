// SPDX-License-Identifier: Apache-2.0
#include "path/policies.hpp"

#include <ashlar/asn1/der.hpp>
#include <ashlar/x509/oids.hpp>

#include "path/report.hpp"

namespace ashlar::x509 {

using asn1::DerReader;

namespace {

// The OIDs were checked when the certificate was read.
Bytes next_policy(DerReader& policies) {
  auto information = policies.sequence();
  return *information->oid();
}

struct Mapping {
  Bytes from, to;
};
Mapping next_mapping(DerReader& mappings) {
  auto mapping = mappings.sequence();
  const Bytes from = *mapping->oid();
  return {from, *mapping->oid()};
}

void lower(std::uint64_t& counter, std::optional<std::uint32_t> limit) {
  if (limit && *limit < counter) {
    counter = *limit;
  }
}

}  // namespace

// Counted, so that lists made for it do not cost more than the budget (D01).
bool PolicyCheck::same(Bytes a, Bytes b) {
  budget_ -= budget_ > 0 ? 1 : 0;
  return equal_public(a, b);
}

bool PolicyCheck::names(const Level& level, Bytes policy) {
  for (const Entry& entry : level.entries.span()) {
    if (same(entry.policy, policy)) {
      return true;
    }
  }
  return false;
}

bool PolicyCheck::is_mapped(Bytes mappings, Bytes policy) {
  DerReader rest(mappings);
  while (!rest.empty() && budget_ > 0) {
    if (same(next_mapping(rest).from, policy)) {
      return true;
    }
  }
  return false;
}

bool PolicyCheck::add(Level& next, const Entry& entry) {
  for (const Entry& other : next.entries.span()) {
    if (same(other.policy, entry.policy) && equal_public(other.root, entry.root)) {
      return true;
    }
  }
  return next.entries.push(entry).ok();
}

bool PolicyCheck::bring(Level& next, Bytes from, Bytes to) {
  bool named = false;
  for (const Entry& entry : level_.entries.span()) {
    if (same(entry.policy, from)) {
      named = true;
      if (!add(next, {to, entry.root})) {
        return false;
      }
    }
  }
  return named || !level_.any || add(next, {to, from});
}

// §6.1.2: a counter that no certificate lowers does not reach zero on this path.
PolicyCheck::PolicyCheck(const PolicyDemand& demand, std::size_t count, std::uint32_t& budget)
    : demand_(demand),
      budget_(budget),
      explicit_policy_(demand.require_explicit ? 0 : count + 1),
      policy_mapping_(demand.inhibit_mapping ? 0 : count + 1),
      inhibit_any_policy_(demand.inhibit_any ? 0 : count + 1),
      left_(count) {
  level_.any = true;
}

Result<void> PolicyCheck::add(const PolicyRules& rules, bool self_issued, std::size_t index) {
  const bool last = --left_ == 0;
  // §6.1.3 (d), (e), (f).
  if (!rules.has_policies) {
    level_ = {};
  } else if (!level_.empty()) {
    ASHLAR_CHECK(take_policies(rules, inhibit_any_policy_ > 0 || (!last && self_issued), index));
  }
  if (explicit_policy_ == 0 && level_.empty()) {
    return error_of(ErrorCode::no_valid_policy, index);
  }
  if (last) {
    // §6.1.5 (a), (b), (g).
    explicit_policy_ -= explicit_policy_ > 0 ? 1 : 0;
    if (rules.require_explicit == 0u) {
      explicit_policy_ = 0;
    }
    return explicit_policy_ == 0 && !satisfied() ? Result<void>(error_of(ErrorCode::no_valid_policy, index))
                                                 : Result<void>();
  }
  // §6.1.4 (b), (h), (i), (j).
  ASHLAR_CHECK(map_policies(rules.mappings, index));
  if (!self_issued) {
    for (std::uint64_t* const counter : {&explicit_policy_, &policy_mapping_, &inhibit_any_policy_}) {
      *counter -= *counter > 0 ? 1 : 0;
    }
  }
  lower(explicit_policy_, rules.require_explicit);
  lower(policy_mapping_, rules.inhibit_mapping);
  lower(inhibit_any_policy_, rules.inhibit_any);
  return {};
}

// §6.1.3 (d).
Result<void> PolicyCheck::take_policies(const PolicyRules& rules, bool any_counts, std::size_t index) {
  Level next;
  bool fits = true, has_any = false;
  DerReader policies(rules.policies);
  while (!policies.empty() && budget_ > 0) {
    const Bytes policy = next_policy(policies);
    if (oids::kAnyPolicy.is(policy)) {
      has_any = true;
    } else {
      fits = fits && bring(next, policy, policy);
    }
  }
  if (has_any && any_counts) {
    for (const Entry& entry : level_.entries.span()) {
      // What the certificate names itself is there already.
      fits = fits && (names(next, entry.policy) || bring(next, entry.policy, entry.policy));
    }
    next.any = level_.any;
  }
  return replace_level(next, fits, index);
}

// §6.1.4 (b). Afterwards the level holds what the next certificate may name.
Result<void> PolicyCheck::map_policies(Bytes mappings, std::size_t index) {
  if (mappings.empty()) {
    return {};
  }
  Level next;
  bool fits = true;
  for (const Entry& entry : level_.entries.span()) {
    fits = fits && (is_mapped(mappings, entry.policy) || add(next, entry));
  }
  next.any = level_.any;
  DerReader rest(mappings);
  while (policy_mapping_ > 0 && !rest.empty() && budget_ > 0) {
    const Mapping mapping = next_mapping(rest);
    fits = fits && bring(next, mapping.from, mapping.to);
  }
  return replace_level(next, fits, index);
}

Result<void> PolicyCheck::replace_level(const Level& next, bool fits, std::size_t index) {
  if (budget_ == 0) {
    return error_of(ErrorCode::verification_budget_exhausted, kMaxPolicyChecks);
  }
  level_ = next;
  return fits ? Result<void>() : Result<void>(error_of(ErrorCode::too_many_policies, index));
}

// §6.1.5 (g): whether a policy that the caller accepts is valid for the path.
bool PolicyCheck::satisfied() {
  if (level_.any || demand_.acceptable.empty()) {
    return !level_.empty();
  }
  for (const Entry& entry : level_.entries.span()) {
    for (const Bytes acceptable : demand_.acceptable) {
      if (same(entry.root, acceptable)) {
        return true;
      }
    }
  }
  return false;
}

Result<void> check_mappings(const PolicyRules& rules, std::size_t index) {
  DerReader rest(rules.mappings);
  while (!rest.empty()) {
    const Mapping mapping = next_mapping(rest);
    if (oids::kAnyPolicy.is(mapping.from) || oids::kAnyPolicy.is(mapping.to)) {
      return error_of(ErrorCode::bad_policy_mapping, index);
    }
  }
  return {};
}

}  // namespace ashlar::x509
