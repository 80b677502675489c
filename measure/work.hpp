// SPDX-License-Identifier: Apache-2.0
// An operation to measure, ready to run. Our library and the peers' hand it to the clock in the same
// form.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

namespace ashlar::measure {

// Runs the same operation any number of times. It is plain data and functions, since it passes from a peer's
// module to the program.
struct Work {
  void* state = nullptr;
  bool (*run)(void* state, std::size_t times) = nullptr;  // false: an operation failed
  void (*destroy)(void* state) = nullptr;
};

// Work of a body that runs the operation once and says whether it succeeded. The loop is here and is compiled
// together with the body, so it costs all libraries the same: next to nothing.
template <class Body>
Work repeat(Body body) {
  Work out;
  out.state = new Body(std::move(body));
  out.run = [](void* state, std::size_t times) {
    Body& once = *static_cast<Body*>(state);
    for (; times != 0; --times) {
      if (!once()) {
        return false;
      }
    }
    return true;
  };
  out.destroy = [](void* state) { delete static_cast<Body*>(state); };
  return out;
}

// Work that ends with its owner.
class OwnedWork {
 public:
  explicit OwnedWork(Work work) : work_(work) {}
  OwnedWork(OwnedWork&& other) noexcept : work_(std::exchange(other.work_, {})) {}
  OwnedWork& operator=(OwnedWork&&) = delete;
  ~OwnedWork() {
    if (work_.destroy != nullptr) {
      work_.destroy(work_.state);
    }
  }
  bool is_set() const { return work_.run != nullptr; }
  bool run(std::size_t times) const { return work_.run(work_.state, times); }

 private:
  Work work_;
};

}  // namespace ashlar::measure
