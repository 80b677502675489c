// SPDX-License-Identifier: Apache-2.0
// A whole server connection against any client's bytes: whole and split input come to the same
#include "tls/endpoints.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  if (size > 16384) {
    return -1;
  }
  crypto::DeterministicRandom random(2);
  tls::ServerConfig config;
  fuzz::check_connection(
      [&](const tls::Memory& memory) {
        random = crypto::DeterministicRandom(2);
        return fuzz::make_server(tls::policy::compat, memory, random, config,
                                 tls::ClientAuthentication::request, false);
      },
      {data, size});
  return 0;
}
