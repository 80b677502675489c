// SPDX-License-Identifier: Apache-2.0
// A client whose records and Finished are not checked, so that any bytes get past them
#include "tls/endpoints.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  if (size > 16384) {
    return -1;
  }
  static const tls::Policy policy = fuzz::unchecked::policy(false);
  crypto::DeterministicRandom random(1);
  tls::ClientConfig config;
  fuzz::check_connection(
      [&](const tls::Memory& memory) {
        random = crypto::DeterministicRandom(1);
        return fuzz::make_client(policy, memory, random, config);
      },
      {data, size});
  return 0;
}
