// SPDX-License-Identifier: Apache-2.0
// Sides that send and take early data.
#pragma once

#include "tls/support/resumption.hpp"

namespace ashlar::test {

struct EarlyDataSetup : TicketSetup13 {
  EarlyDataSetup() {
    client.early_data = &tls::kClientEarlyData;
    server.early_data = &early;
  }
  // A session that allows early data.
  tls::Session session() {
    const tls::Session first = connect(*this).session;
    clock.seconds += 5;
    return std::move(*first.clone());
  }

  tls::ReplayCache::Slot cache_slots[16];
  tls::ReplayCache cache{cache_slots, asn1::Time{0}};
  tls::ServerEarlyData early = {1000, cache.guard()};
};

// Moves bytes until nothing moves, and takes a server's early data.
inline bool run_early(tls::Client& client, tls::Server& server, Buffer& early) {
  Pipe pipe(client, server);
  while (pipe.run() && !server.early_data().empty()) {
    const Bytes data = server.early_data();
    early.insert(early.end(), data.begin(), data.end());
    if (!server.consume_early_data(data.size())) {
      return false;
    }
  }
  return !client.error() && !server.error();
}

}  // namespace ashlar::test
