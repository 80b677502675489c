// SPDX-License-Identifier: Apache-2.0
// The result of a failed search: the error of the path that got furthest. If asked for, also a list of what
// was tried.
#pragma once

#include <ashlar/x509/verify.hpp>

namespace ashlar::x509 {

// How far a failed path got; the greatest counts. That a certificate may not issue counts less than a bad
// signature, because that certificate may not be genuine.
enum class Promise : std::uint8_t { nothing, no_issuer, unfit, not_signed, not_allowed };

// The error of a certificate of the request's chain.
inline Error error_of(ErrorCode code, std::size_t index) {
  return {code, Place::none, static_cast<std::uint32_t>(index)};
}

class Judgement {
 public:
  explicit Judgement(PathReport* report) : report_(report) {}

  // Of two failures with one promise, the one on the longer path counts, then the first.
  void remember(Promise promise, Error error, std::size_t depth);
  // Records a step.
  void note(PathStep::Kind kind, std::size_t depth, std::size_t certificate,
            const TrustAnchor* anchor = nullptr, std::optional<Error> given_up = {});

  Error error() const { return error_; }

 private:
  PathReport* report_;
  Error error_{ErrorCode::unknown_issuer};
  Promise promise_ = Promise::nothing;
  std::size_t depth_ = 0;
};

}  // namespace ashlar::x509
