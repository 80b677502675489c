// SPDX-License-Identifier: Apache-2.0
// Looking rows up in a policy. Each policy has its own file, so that a program with its own policy does not
// link the rows of the named ones.
#include <ashlar/tls/policy.hpp>

namespace ashlar::tls {
namespace {

template <class Row, class Id>
const Row* find(std::span<const Row* const> rows, Id id) {
  for (const Row* row : rows) {
    if (row->id == id) {
      return row;
    }
  }
  return nullptr;
}

}  // namespace

bool Policy::speaks(ProtocolVersion version) const {
  for (const ProtocolVersion allowed : versions) {
    if (allowed == version) {
      return version == ProtocolVersion::tls13 ? !tls13_suites.empty() : !suites.empty();
    }
  }
  return false;
}
const tls12::Suite* Policy::suite(SuiteId id) const {
  return find(suites, id);
}
const tls13::Suite* Policy::tls13_suite(SuiteId id) const {
  return find(tls13_suites, id);
}
const Group* Policy::group(GroupId id) const {
  return find(groups, id);
}
const Scheme* Policy::scheme(SchemeId id) const {
  return find(schemes, id);
}

}  // namespace ashlar::tls
