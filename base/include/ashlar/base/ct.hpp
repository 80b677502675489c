// SPDX-License-Identifier: Apache-2.0
// Decisions on secrets, without branches: ct::Mask and the functions that make, combine and use it.
#pragma once

#include <ashlar/base/needs_cxx20.hpp>

#include <ashlar/base/ct_core.h>
#include <ashlar/base/bytes.hpp>

#ifdef ASHLAR_CT_CHECK
#include <valgrind/memcheck.h>
#endif

namespace ashlar::ct {

// Tells the constant-time checker (a build with ASHLAR_CT_CHECK under valgrind) that these bytes are secret.
// Does nothing elsewhere.
inline void classify([[maybe_unused]] const void* bytes, [[maybe_unused]] std::size_t size) {
#ifdef ASHLAR_CT_CHECK
  VALGRIND_MAKE_MEM_UNDEFINED(const_cast<void*>(bytes), size);
#endif
}
inline void classify(Bytes bytes) {  // the same of a span
  classify(bytes.data(), bytes.size());
}

// Tells the checker that these bytes are public from here on, although they were computed from secrets. Each
// call is a claim. The line above it says why it holds.
inline void declassify([[maybe_unused]] const void* bytes, [[maybe_unused]] std::size_t size) {
#ifdef ASHLAR_CT_CHECK
  VALGRIND_MAKE_MEM_DEFINED(const_cast<void*>(bytes), size);
#endif
}
inline void declassify(Bytes bytes) {  // the same of a span
  declassify(bytes.data(), bytes.size());
}

// Returns the value. The optimiser can no longer reason about it.
inline std::uint64_t barrier(std::uint64_t value) {
  return ashlar_ct_barrier(value);
}

// A secret truth value: 0 or all ones. It does not convert to bool: declassify() makes it public, in the
// open.
class Mask {
 public:
  static Mask yes() { return Mask(~std::uint64_t{0}); }  // all ones
  static Mask no() { return Mask(0); }                   // all zeros
  // From 0 or 1.
  static Mask from_bit(std::uint64_t bit) { return Mask(ashlar_ct_barrier(0 - bit)); }

  friend Mask operator&(Mask a, Mask b) { return Mask(a.bits_ & b.bits_); }
  friend Mask operator|(Mask a, Mask b) { return Mask(a.bits_ | b.bits_); }
  friend Mask operator^(Mask a, Mask b) { return Mask(a.bits_ ^ b.bits_); }
  friend Mask operator~(Mask a) { return Mask(~a.bits_); }
  Mask& operator&=(Mask other) { return *this = *this & other; }
  Mask& operator|=(Mask other) { return *this = *this | other; }

  // 0 or all ones, for masked arithmetic.
  std::uint64_t bits() const { return ashlar_ct_barrier(bits_); }
  // 0 or 1.
  std::uint64_t bit() const { return ashlar_ct_barrier(bits_) & 1; }

  // The truth value in the open.
  [[nodiscard]] bool declassify() const {
    ct::declassify(&bits_, sizeof bits_);
    return bits_ != 0;
  }

 private:
  explicit Mask(std::uint64_t bits) : bits_(bits) {}
  friend Mask is_zero(std::uint64_t);
  friend Mask equal(std::uint64_t, std::uint64_t);
  friend Mask less(std::uint64_t, std::uint64_t);
  friend Mask equal(Bytes, Bytes);

  std::uint64_t bits_;
};

inline Mask is_zero(std::uint64_t value) {  // value == 0
  return Mask(ashlar_ct_is_zero(value));
}
inline Mask equal(std::uint64_t a, std::uint64_t b) {  // a == b
  return Mask(ashlar_ct_eq(a, b));
}
inline Mask less(std::uint64_t a, std::uint64_t b) {  // a < b
  return Mask(ashlar_ct_lt(a, b));
}

// Whether two byte strings are equal. Their lengths are public: different lengths give no() at once.
inline Mask equal(Bytes a, Bytes b) {
  return a.size() == b.size() ? Mask(ashlar_ct_equal_bytes(a.data(), b.data(), a.size())) : Mask::no();
}

inline std::uint64_t select(Mask mask, std::uint64_t a, std::uint64_t b) {  // a where the mask is yes, else b
  return ashlar_ct_select(mask.bits(), a, b);
}

// Copies `from` over the start of `to` if the mask says yes. It touches the same memory either way.
inline void copy_if(Mask mask, MutBytes to, Bytes from) {
  if (from.size() > to.size()) {
    __builtin_trap();
  }
  ashlar_ct_copy_bytes(mask.bits(), to.data(), from.data(), from.size());
}

}  // namespace ashlar::ct
