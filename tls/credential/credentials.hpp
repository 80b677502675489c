// SPDX-License-Identifier: Apache-2.0
// The index of Credentials: which of them a handshake has to look at.
#pragma once

#include "credential/credential.hpp"

namespace ashlar::tls {

// Two credentials are of one class if their keys can do the same, so that no peer can tell them apart. If
// several of one class are for the same name, only the first is ever chosen. The index holds only that one.

// A credential and the name that it is listed under: a DNS name, or the part after "*." of a wildcard.
struct Listed {
  Bytes name;
  std::uint32_t credential;
  bool wildcard;
};

// The credentials that a handshake looks at, in order of preference.
class Candidates {
 public:
  Candidates() = default;  // none
  explicit Candidates(const Credential& only) : only_(&only) {}
  Candidates(const Credential* credentials, std::span<const Listed> first,
             std::span<const Listed> second = {}, std::span<const Listed> third = {})
      : credentials_(credentials), lists_{first, second, third} {}

  // Null at the end.
  const Credential* next();

 private:
  const Credential* only_ = nullptr;
  const Credential* credentials_ = nullptr;
  std::span<const Listed> lists_[3];  // each in order
};

// Whether it may be shown to who asks for this name, which is not empty.
bool is_for(const Credential& credential, std::string_view name);

struct Credentials::Impl {
  explicit Impl(const Allocation& allocation)
      : all(allocation.memory),
        by_name(allocation.memory),
        classes(allocation.memory),
        addressed(allocation.memory),
        raw_keys(allocation.memory),
        allocation_(allocation) {}
  const Allocation& allocation() const { return allocation_; }

  // The first of each class.
  Candidates of_any_name() const { return {all.span().data(), classes.span()}; }
  // The first of each class whose certificate may be for this name, or all that may be for this IP address,
  // and raw public keys, which are for every name. is_for makes the final decision.
  Candidates for_name(std::string_view name) const;

  Array<Credential> all;
  Array<Listed> by_name;  // sorted
  Array<Listed> classes;
  Array<Listed> addressed;  // those for IP addresses, which are few
  Array<Listed> raw_keys;   // the first of each class

 private:
  Allocation allocation_;
};

}  // namespace ashlar::tls
