// SPDX-License-Identifier: Apache-2.0
// The peers that this build has modules for.
#pragma once

#include "peers/peer.hpp"

#include <string>
#include <vector>

namespace ashlar::measure {

class LoadedPeer {
 public:
  explicit LoadedPeer(const Peer* peer) : peer_(peer) {}
  std::string name() const { return peer_->name(); }
  // Empty if the peer does not have the operation.
  Work prepare(const std::string& operation, std::size_t size) const;

 private:
  const Peer* peer_;
};

// To be called before peers(): there are none then.
void leave_out_peers();

// Loaded at the first call. A module that does not load ends the program with the reason.
const std::vector<LoadedPeer>& peers();

}  // namespace ashlar::measure
