// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value or an Error, and no third thing. Nothing throws.
//
//   Result<Certificate> parsed = Certificate::parse(der);
//   if (!parsed) return parsed.error();
//   use(*parsed);
//
// or, inside a function that returns a Result:
//
//   ASHLAR_TRY(Certificate certificate, Certificate::parse(der));   // binds the value or returns the error
//   ASHLAR_CHECK(reader.expect_end());                              // for Result<void>
#pragma once

#include <ashlar/base/error.hpp>

#include <new>
#include <utility>

#ifndef NDEBUG
#include <ashlar/base/describe.hpp>

#include <unistd.h>
#endif

namespace ashlar {
namespace result_detail {

// Stops the program. Without NDEBUG it first says what was asked for and which error was there.
#ifdef NDEBUG
[[noreturn]] inline void no_value(Error) {
  __builtin_trap();
}
[[noreturn]] inline void no_error() {
  __builtin_trap();
}
#else
[[noreturn]] inline void stop(std::string_view said, std::string_view sentence) {
  for (const std::string_view part : {std::string_view("ashlar: "), said, sentence, std::string_view("\n")}) {
    if (::write(STDERR_FILENO, part.data(), part.size()) < 0) {
      break;
    }
  }
  __builtin_trap();
}
[[noreturn, gnu::noinline]] inline void no_value(Error error) {
  char line[kDescribeSize];
  stop("the value of a Result was used, but it is an error: ", describe(error, line));
}
[[noreturn, gnu::noinline]] inline void no_error() {
  stop("the error of a Result was used, but it is a value", {});
}
#endif

}  // namespace result_detail

template <class T>
class [[nodiscard]] Result {
 public:
  Result(const T& value) : ok_(true) { new (&value_) T(value); }
  Result(T&& value) : ok_(true) { new (&value_) T(std::move(value)); }
  Result(Error error) : ok_(false) { new (&error_) Error(error); }
  Result(ErrorCode code) : Result(Error{code}) {}  // a failure without a place
  Result(Result&& other) noexcept : ok_(other.ok_) {
    if (ok_) {
      new (&value_) T(std::move(other.value_));
    } else {
      new (&error_) Error(other.error_);
    }
  }
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  Result& operator=(Result&& other) noexcept {
    if (this != &other) {
      destroy();
      new (this) Result(std::move(other));
    }
    return *this;
  }
  ~Result() { destroy(); }

  explicit operator bool() const { return ok_; }
  bool ok() const { return ok_; }

  // The value. Reading it from an error is a mistake in the calling code and stops the program. Builds
  // without NDEBUG print the error first.
  T& operator*() & { return *checked(); }
  const T& operator*() const& { return *const_cast<Result*>(this)->checked(); }
  T&& operator*() && { return std::move(*checked()); }
  T* operator->() { return checked(); }
  const T* operator->() const { return const_cast<Result*>(this)->checked(); }

  Error error() const {  // the error; asking a value for it stops the program
    if (ok_) {
      result_detail::no_error();
    }
    return error_;
  }

 private:
  T* checked() {
    if (!ok_) {
      result_detail::no_value(error_);
    }
    return &value_;
  }
  void destroy() {
    if (ok_) {
      value_.~T();
    }
  }

  union {
    T value_;
    Error error_;
  };
  bool ok_;
};

template <>
class [[nodiscard]] Result<void> {  // success, or an Error
 public:
  Result() = default;
  Result(Error error) : error_(error), ok_(false) {}  // a failure
  Result(ErrorCode code) : Result(Error{code}) {}     // a failure without a place

  explicit operator bool() const { return ok_; }
  bool ok() const { return ok_; }
  Error error() const {  // the error; asking a success for it stops the program
    if (ok_) {
      result_detail::no_error();
    }
    return error_;
  }

 private:
  Error error_{};
  bool ok_ = true;
};

// The same result, with its error placed at `where` if it has no place yet.
template <class T>
Result<T> at(Place where, Result<T> result) {
  if (!result) {
    return result.error().at(where);
  }
  return result;
}

}  // namespace ashlar

#define ASHLAR_CONCAT_(a, b) a##b
#define ASHLAR_CONCAT(a, b) ASHLAR_CONCAT_(a, b)
#define ASHLAR_TRY_(temporary, declaration, expression) \
  auto temporary = (expression);                        \
  if (!temporary) {                                     \
    return temporary.error();                           \
  }                                                     \
  declaration = std::move(*temporary)

// Evaluates a Result. Binds its value to `declaration`, or returns its error from the enclosing function.
#define ASHLAR_TRY(declaration, ...) \
  ASHLAR_TRY_(ASHLAR_CONCAT(ashlar_try_, __LINE__), declaration, __VA_ARGS__)

// Evaluates a Result of any kind. If it is an error, returns it from the enclosing function.
#define ASHLAR_CHECK(...)                                       \
  do {                                                          \
    if (auto ashlar_checked = (__VA_ARGS__); !ashlar_checked) { \
      return ashlar_checked.error();                            \
    }                                                           \
  } while (false)
