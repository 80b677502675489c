// SPDX-License-Identifier: Apache-2.0
// The parts of an adapter. Each module has its own symmetric and public_key. Calls that all three libraries
// have in common are written once.
#pragma once

#include "peers/peer.hpp"

namespace ashlar::measure {

Work symmetric(const PeerTask& task);
Work public_key(const PeerTask& task);
Work shared(const PeerTask& task);
Work certificates_and_tls(const PeerTask& task);

inline Work prepare_any(const PeerTask& task) {
  for (const auto part : {symmetric, public_key, shared, certificates_and_tls}) {
    if (const Work work = part(task); work.run != nullptr) {
      return work;
    }
  }
  return {};
}

}  // namespace ashlar::measure
