// SPDX-License-Identifier: Apache-2.0
// ServerHelloDone: RFC 5246 §7.4.5.
#include "message/message.hpp"

namespace ashlar::tls {

Result<ServerHelloDone> ServerHelloDone::parse(Bytes body) {
  ASHLAR_CHECK(at(Place::server_hello_done, Reader(body).expect_end()));
  return ServerHelloDone{};
}

}  // namespace ashlar::tls
