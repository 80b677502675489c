// SPDX-License-Identifier: Apache-2.0
// HelloRequest: RFC 5246 §7.4.1.1.
#include "message/message.hpp"

namespace ashlar::tls {

Result<HelloRequest> HelloRequest::parse(Bytes body) {
  ASHLAR_CHECK(at(Place::hello_request, Reader(body).expect_end()));
  return HelloRequest{};
}

}  // namespace ashlar::tls
