// SPDX-License-Identifier: Apache-2.0
#include "path/report.hpp"

namespace ashlar::x509 {

void Judgement::remember(Promise promise, Error error, std::size_t depth) {
  if (promise > promise_ || (promise == promise_ && depth > depth_)) {
    promise_ = promise;
    error_ = error;
    depth_ = depth;
  }
}

void Judgement::note(PathStep::Kind kind, std::size_t depth, std::size_t certificate,
                     const TrustAnchor* anchor, std::optional<Error> given_up) {
  if (report_ == nullptr) {
    return;
  }
  const PathStep step = {kind, static_cast<std::uint8_t>(depth), static_cast<std::uint8_t>(certificate),
                         anchor, given_up};
  if (!report_->steps_.push(step)) {
    ++report_->left_out_;
  }
}

}  // namespace ashlar::x509
