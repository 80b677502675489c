// SPDX-License-Identifier: Apache-2.0
// The key shares of a ClientHello (RFC 9846 §4.2.8) and the private key behind them: one key, and two shares
// where one group is part of the other, so that no server of either needs a second try.
#pragma once

#include "buffer.hpp"
#include "message/types.hpp"

namespace ashlar::tls {

class KeyShares {
 public:
  explicit KeyShares(const Memory& memory) : private_key_(memory), list_(memory) {}

  // A share of `group`, and one of its part if the policy has that too and it is asked for. `grease`: a group
  // that means nothing, whose share stands before them; 0: none.
  Result<void> make(const Group& group, bool with_part, const Policy& policy, crypto::Random random,
                    std::uint16_t grease = 0);
  // The content of the extension's list.
  Bytes list() const { return list_.bytes(); }
  bool has(GroupId group) const { return row_of(group) != nullptr; }
  // The row of a group of which there is a share; null if there is none.
  const Group* row_of(GroupId group) const;
  // The secret, from the server's share of a group that has(). It has the group's size.
  Result<void> finish(const Group& group, Bytes peer_share, MutBytes secret) const;

 private:
  const Group* group_ = nullptr;
  const Group* part_ = nullptr;
  SecretMemory private_key_;
  Buffer list_;
};

}  // namespace ashlar::tls
