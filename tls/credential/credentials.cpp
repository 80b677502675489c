// SPDX-License-Identifier: Apache-2.0
// Many credentials in an index. Those for a name are found by binary search.
#include "credential/credentials.hpp"

#include <ashlar/base/sort.hpp>
#include <ashlar/x509/verify.hpp>

#include "extension/server_name.hpp"

namespace ashlar::tls {

namespace {

std::uint8_t lower_case(std::uint8_t c) {
  return c >= 'A' && c <= 'Z' ? static_cast<std::uint8_t>(c + ('a' - 'A')) : c;
}

// Returns less than, equal to or greater than 0. Letter case is ignored.
int order_names(Bytes a, Bytes b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const int difference = lower_case(a[i]) - lower_case(b[i]);
    if (difference != 0) {
      return difference;
    }
  }
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

int order_listing(const Listed& listed, bool wildcard, Bytes name) {
  if (listed.wildcard != wildcard) {
    return listed.wildcard ? 1 : -1;
  }
  return order_names(listed.name, name);
}

bool stands_before(const Listed& a, const Listed& b) {
  const int order = order_listing(a, b.wildcard, b.name);
  return order != 0 ? order < 0 : a.credential < b.credential;
}

bool can_sign(const Credential& credential) {
  return credential.is_elsewhere() || credential.signer().sign != nullptr;
}

bool same_class(const Credential& a, const Credential& b) {
  const std::span<const SchemeId> schemes = a.impl().schemes.span(), others = b.impl().schemes.span();
  bool same = a.type() == b.type() && &a.kind() == &b.kind() && can_sign(a) == can_sign(b) &&
              a.decrypts() == b.decrypts() && schemes.size() == others.size();
  for (std::size_t i = 0; same && i < schemes.size(); ++i) {
    same = schemes[i] == others[i];
  }
  return same;
}

// Whether a credential of the class of `all[number]` is listed.
bool has_class(std::span<const Listed> listed, std::span<const Credential> all, std::uint32_t number) {
  for (const Listed& each : listed) {
    if (same_class(all[each.credential], all[number])) {
      return true;
    }
  }
  return false;
}

// Calls each(name, wildcard) for the DNS names of a certificate. A raw public key has none.
template <class Each>
void for_each_name(const Credential& credential, const Each& each) {
  if (credential.size() == 0) {
    return;
  }
  x509::GeneralNames names = credential.certificate().subject_alt_names();
  while (const auto name = names.next()) {
    if (name->type == x509::GeneralName::Type::dns) {
      const bool wildcard = name->value.size() > 2 && name->value[0] == '*' && name->value[1] == '.';
      each(name->value.subspan(wildcard ? 2 : 0), wildcard);
    }
  }
}

// The credentials listed under one name.
std::span<const Listed> listed_under(std::span<const Listed> sorted, bool wildcard, std::string_view name) {
  std::size_t first = 0, behind = sorted.size();
  while (first < behind) {
    const std::size_t middle = first + (behind - first) / 2;
    if (order_listing(sorted[middle], wildcard, bytes_of(name)) < 0) {
      first = middle + 1;
    } else {
      behind = middle;
    }
  }
  std::size_t end = first;
  while (end < sorted.size() && order_listing(sorted[end], wildcard, bytes_of(name)) == 0) {
    ++end;
  }
  return sorted.subspan(first, end - first);
}

Result<void> list_names(Credentials::Impl& index) {
  const std::span<const Credential> all = index.all.span();
  std::size_t count = 0;
  for (const Credential& each : all) {
    for_each_name(each, [&count](Bytes, bool) { ++count; });
  }
  ASHLAR_CHECK(index.by_name.reserve(count));
  for (std::uint32_t number = 0; number < all.size(); ++number) {
    for_each_name(all[number], [&](Bytes name, bool wildcard) {
      index.by_name.push(Listed{name, number, wildcard});
    });
  }
  const std::span<Listed> sorted = index.by_name.span();
  heap_sort(sorted, stands_before);
  // For each name, keeps the first of each class.
  std::size_t kept = 0, group = 0;
  for (const Listed& each : sorted) {
    if (kept != 0 && order_listing(sorted[group], each.wildcard, each.name) != 0) {
      group = kept;
    }
    if (!has_class(sorted.subspan(group, kept - group), all, each.credential)) {
      sorted[kept++] = each;
    }
  }
  index.by_name.shorten(kept);
  return {};
}

Result<void> list_classes(Credentials::Impl& index) {
  const std::span<const Credential> all = index.all.span();
  ASHLAR_CHECK(index.classes.reserve(all.size()));
  ASHLAR_CHECK(index.raw_keys.reserve(all.size()));
  for (std::uint32_t number = 0; number < all.size(); ++number) {
    if (!has_class(index.classes.span(), all, number)) {
      index.classes.push(Listed{{}, number, false});
      if (all[number].size() == 0) {
        index.raw_keys.push(Listed{{}, number, false});
      }
    }
  }
  return {};
}

bool has_address(const Credential& credential) {
  if (credential.size() == 0) {
    return false;
  }
  x509::GeneralNames names = credential.certificate().subject_alt_names();
  while (const auto name = names.next()) {
    if (name->type == x509::GeneralName::Type::ip) {
      return true;
    }
  }
  return false;
}

Result<void> list_addressed(Credentials::Impl& index) {
  const std::span<const Credential> all = index.all.span();
  ASHLAR_CHECK(index.addressed.reserve(all.size()));
  for (std::uint32_t number = 0; number < all.size(); ++number) {
    if (has_address(all[number])) {
      index.addressed.push(Listed{{}, number, false});
    }
  }
  return {};
}

Result<void> fill(Credentials::Impl& index, std::span<Credential> credentials) {
  ASHLAR_CHECK(index.all.reserve(credentials.size()));
  for (Credential& each : credentials) {
    index.all.push(std::move(each));
  }
  ASHLAR_CHECK(list_names(index));
  ASHLAR_CHECK(list_classes(index));
  return list_addressed(index);
}

}  // namespace

Result<Credentials> Credentials::create(std::span<Credential> credentials, const Memory& memory) {
  bool good = !credentials.empty() && memory.allocate != nullptr && memory.free != nullptr;
  for (const Credential& each : credentials) {
    good = good && !each.empty();
  }
  if (!good) {
    return ErrorCode::invalid_argument;
  }
  auto* impl = make_in<Impl>(memory);
  if (impl == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, sizeof(Impl)};
  }
  if (const Result<void> filled = fill(*impl, credentials); !filled) {
    destroy_in(impl);
    return filled.error();
  }
  return Credentials(impl);
}

Credentials& Credentials::operator=(Credentials&& other) noexcept {
  if (this != &other) {
    if (impl_ != nullptr) {
      destroy_in(impl_);
    }
    impl_ = std::exchange(other.impl_, nullptr);
  }
  return *this;
}

Credentials::~Credentials() {
  if (impl_ != nullptr) {
    destroy_in(impl_);
  }
}

std::size_t Credentials::size() const {
  return impl_->all.span().size();
}

const Credential& Credentials::operator[](std::size_t index) const {
  if (index >= size()) {
    __builtin_trap();
  }
  return impl_->all.span()[index];
}

const Credential* Credentials::find(std::string_view name) const {
  Candidates candidates = impl_->for_name(name);
  const Credential* found = candidates.next();
  while (found != nullptr && (found->size() == 0 || !x509::match_name(found->certificate(), name))) {
    found = candidates.next();
  }
  return found;
}

const Credential* Candidates::next() {
  if (only_ != nullptr) {
    return std::exchange(only_, nullptr);
  }
  std::span<const Listed>* from = &lists_[0];
  for (std::span<const Listed>& each : lists_) {
    if (!each.empty() && (from->empty() || each[0].credential < (*from)[0].credential)) {
      from = &each;
    }
  }
  if (from->empty()) {
    return nullptr;
  }
  const Credential* const found = &credentials_[(*from)[0].credential];
  *from = from->subspan(1);
  return found;
}

bool is_for(const Credential& credential, std::string_view name) {
  return credential.size() == 0 || x509::match_name(credential.certificate(), name);
}

Candidates Credentials::Impl::for_name(std::string_view name) const {
  const std::string_view host = host_name_of(name);
  if (host.empty()) {
    return {all.span().data(), addressed.span(), raw_keys.span()};
  }
  std::string_view domain = host;
  const std::size_t dot = host.find('.');
  domain.remove_prefix(dot == std::string_view::npos ? host.size() : dot + 1);
  return {all.span().data(), listed_under(by_name.span(), false, host),
          listed_under(by_name.span(), true, domain), raw_keys.span()};
}

}  // namespace ashlar::tls
