// SPDX-License-Identifier: Apache-2.0
// What a connection spends on the input of its peer.
#pragma once

#include <ashlar/crypto/sha2.hpp>

#include "message/types.hpp"
#include "tls/message/build.hpp"
#include "tls/support/endpoint.hpp"

#include <algorithm>
#include <ctime>

namespace ashlar::test {

// The processor time of this thread.
inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// The least processor time of a connection for whole flights, one after the other. `make` prepares a new
// Setup and makes the connection each time.
template <class Make>
double least_time(const std::vector<Buffer>& flights, Make make) {
  double least = 1e9;
  for (int round = 0; round < 7; ++round) {
    Setup setup;
    auto connection = make(setup);
    (void)drain(connection);
    const double start = cpu_seconds();
    for (const Buffer& flight : flights) {
      (void)feed_all(connection, flight);
      (void)drain(connection);
    }
    least = std::min(least, cpu_seconds() - start);
  }
  return least;
}

// The least processor time of hashing a message of so many bytes, which is to be read at all.
inline double hashing_time(std::size_t size) {
  const Buffer message(std::min<std::size_t>(size, tls::kMaxClientHelloSize));
  double least = 1e9;
  for (int round = 0; round < 7; ++round) {
    std::uint8_t digest[32];
    const double start = cpu_seconds();
    crypto::Hash hash(crypto::kSha256);
    hash.update(message);
    hash.finish(digest);
    least = std::min(least, cpu_seconds() - start);
  }
  return least;
}

// How often a hostile flight may cost what an honest handshake costs, and what reading the flight costs
// (D01).
inline constexpr double kMostCost = 4;

// Whether spent() is at most bound(). Where another program disturbed one of the two, both are measured
// again. Work that grows faster than its input exceeds the bound each time.
template <class Spent, class Bound>
bool costs_at_most(Spent spent, Bound bound) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (spent() <= bound()) {
      return true;
    }
  }
  return false;
}

// Handshake bytes in records of `size` bytes each.
inline Buffer in_records(const Buffer& message, std::size_t size) {
  Buffer out;
  for (std::size_t at = 0; at < message.size(); at += size) {
    const std::size_t count = std::min(size, message.size() - at);
    const Buffer record = plain_record(tls::ContentType::handshake, Bytes(message).subspan(at, count));
    out.insert(out.end(), record.begin(), record.end());
  }
  return out;
}

}  // namespace ashlar::test
