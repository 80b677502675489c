// SPDX-License-Identifier: Apache-2.0
// A server whose records, Finished and key are not checked, so that any bytes get past them
#include "tls/endpoints.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  if (size > 16384 || size < 2) {
    return -1;
  }
  static const tls::Policy policies[] = {fuzz::unchecked::policy(false), fuzz::unchecked::policy(true)};
  const tls::Policy& policy = policies[data[0] & 1];
  crypto::DeterministicRandom random(2);
  tls::ServerConfig config;
  fuzz::check_connection(
      [&](const tls::Memory& memory) {
        random = crypto::DeterministicRandom(2);
        return fuzz::make_server(policy, memory, random, config,
                                 static_cast<tls::ClientAuthentication>(data[0] >> 1 & 1), true);
      },
      {data + 1, size - 1});
  return 0;
}
