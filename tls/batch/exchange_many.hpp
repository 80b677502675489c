// SPDX-License-Identifier: Apache-2.0
// Answers to the shares of several peers side by side.
#pragma once

#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

// One key exchange: what Group::respond would return is put into `result`.
struct Exchange {
  const Group* group;
  Bytes peer_share;
  MutBytes share;   // group->response_share_size
  MutBytes secret;  // group->secret_size
  Result<void> result = {};
};

// The curve by which a group's exchanges go side by side: its part, or the group itself.
const Group& curve_of(const Group& group);

// Any number of them, of any groups. What is wrong with one touches no other.
void respond_many(std::span<Exchange> exchanges, crypto::Random random);

}  // namespace ashlar::tls
