// SPDX-License-Identifier: Apache-2.0
// The interface through which the program measures another library.
//
// The libraries define the same symbols. So each is linked into a shared module of its own, whose
// only visible symbol is ashlar_bench_peer, and loaded with its symbols hidden from others. An
// adapter calls the fastest public interface of its library: keys are set up and contexts made
// beforehand.
#pragma once

#include "measure/work.hpp"

#include <cstdint>
#include <string_view>

namespace ashlar::measure {

// DER.
struct PeerBytes {
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
};

struct PeerTask {
  const char* operation;  // a group's name, such as "aes-128-gcm seal"
  std::size_t size;       // bytes of one message; 0 where that means nothing
  // For certificates and TLS: a CA, a leaf for "localhost" and the leaf's key in PKCS#8.
  PeerBytes ca, leaf, key;
};

struct Peer {
  const char* (*name)();  // with the version
  // Prepares the operation; Work{} if the library does not have it.
  Work (*prepare)(const PeerTask& task);
};

// A row of an adapter's table.
struct PeerRow {
  std::string_view operation;
  Work (*prepare)(const PeerTask& task);
};

template <std::size_t N>
Work prepare_from(const PeerRow (&rows)[N], const PeerTask& task) {
  for (const PeerRow& row : rows) {
    if (row.operation == task.operation) {
      return row.prepare(task);
    }
  }
  return {};
}

}  // namespace ashlar::measure
