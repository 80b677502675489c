// SPDX-License-Identifier: Apache-2.0
// A whole client connection against any server's bytes: whole and split input come to the same
#include "tls/endpoints.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  if (size > 16384) {
    return -1;
  }
  crypto::DeterministicRandom random(1);
  tls::ClientConfig config;
  fuzz::check_connection(
      [&](const tls::Memory& memory) {
        random = crypto::DeterministicRandom(1);
        return fuzz::make_client(tls::policy::compat, memory, random, config);
      },
      {data, size});
  return 0;
}
