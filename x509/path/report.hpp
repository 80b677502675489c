// SPDX-License-Identifier: Apache-2.0
// What a search without success ends with: the error of the path that got furthest. And, for who asks, a list
// of what was tried.
#pragma once

#include <ashlar/x509/verify.hpp>

namespace ashlar::x509 {

// How far a path got that failed: the greatest counts. Why a certificate may not issue is of less weight than
// a bad signature, being said by a certificate that may not be genuine.
enum class Promise : std::uint8_t { nothing, no_issuer, unfit, not_signed, not_allowed };

// The error of a certificate of the request's chain.
inline Error error_of(ErrorCode code, std::size_t index) {
  return {code, Place::none, static_cast<std::uint32_t>(index)};
}

class Judgement {
 public:
  explicit Judgement(PathReport* report) : report_(report) {}

  // Of two failures of one promise the one on the longer path counts, and the first of equals.
  void remember(Promise promise, Error error, std::size_t depth);
  // Writes a step down.
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
