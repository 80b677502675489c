// SPDX-License-Identifier: Apache-2.0
// Where the parsers of a certificate's parts note deviations.
#pragma once

#include <ashlar/x509/deviation.hpp>

namespace ashlar::x509 {

// A list, and the place that is being read. Without a list nothing is noted, for parts that were read before.
class Noting {
 public:
  Noting() = default;
  Noting(Deviations& list, Place place) : list_(&list), place_(place) {}

  void operator()(Deviation rule, std::uint32_t offset) const {
    if (list_ != nullptr) {
      list_->note(rule, place_, offset);
    }
  }

 private:
  Deviations* list_ = nullptr;
  Place place_ = Place::none;
};

}  // namespace ashlar::x509
