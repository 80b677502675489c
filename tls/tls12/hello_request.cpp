// SPDX-License-Identifier: Apache-2.0
#include "tls12/hello_request.hpp"

#include "warnings.hpp"

namespace ashlar::tls::tls12 {

Result<void> pass_over_hello_request(const Outbox& outbox, const HandshakeMessage& message) {
  ASHLAR_CHECK(HelloRequest::parse(message.body));
  outbox.tell(Direction::received, MessageEvent{message.type, message.body});
  return count_warning(outbox.outcome);
}

Result<void> refuse_renegotiation(const Outbox& outbox, const HandshakeMessage& message) {
  if (message.type == HandshakeType::hello_request) {
    ASHLAR_CHECK(HelloRequest::parse(message.body));
  }
  outbox.tell(Direction::received, MessageEvent{message.type, message.body});
  ASHLAR_CHECK(count_warning(outbox.outcome));
  return outbox.warn(Alert::no_renegotiation);
}

}  // namespace ashlar::tls::tls12
