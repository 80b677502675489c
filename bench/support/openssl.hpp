// SPDX-License-Identifier: Apache-2.0
// OpenSSL's figures stand beside ours where libssl-dev was there when this was built.
#pragma once

#include "support/measure.hpp"

namespace ashlar::bench {

// The measurements of OpenSSL; defined in openssl/ only where it is there.
namespace openssl {

// Such as "OpenSSL 3.0.11".
std::string name();
void digest(benchmark::State& state, const char* algorithm, std::size_t size);
void aead(benchmark::State& state, const char* algorithm, std::size_t key_size, std::size_t size, bool open);
void generate(benchmark::State& state, const char* curve);
void agree(benchmark::State& state, const char* curve);
// One signature or verification. key: "P-256" or "RSA-2048".
void sign(benchmark::State& state, const char* key, bool verify);
// A leaf certificate parsed, with its key if asked for.
void parse(benchmark::State& state, bool rsa, bool key);
// A TLS 1.2 handshake, client and server together.
void handshake(benchmark::State& state, bool rsa, bool resumed);

}  // namespace openssl

#ifdef ASHLAR_BENCH_OPENSSL
inline constexpr bool kOpenssl = true;
#else
inline constexpr bool kOpenssl = false;
#endif

// Registers a measurement of OpenSSL beside ours, named group + its version + tail; nothing where it is not
// there.
#define ADD_OPENSSL(group, tail, measurement)                                   \
  do {                                                                          \
    if constexpr (::ashlar::bench::kOpenssl) {                                  \
      ::ashlar::bench::add((group) + ::ashlar::bench::openssl::name() + (tail), \
                           [=](benchmark::State& state) { measurement; });      \
    }                                                                           \
  } while (false)

}  // namespace ashlar::bench
