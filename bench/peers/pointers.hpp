// SPDX-License-Identifier: Apache-2.0
// The peers' objects with owners.
#pragma once

#include <memory>

namespace ashlar::measure {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using Ptr = std::unique_ptr<T, Freer<Free>>;

}  // namespace ashlar::measure
