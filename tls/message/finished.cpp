// SPDX-License-Identifier: Apache-2.0
// Finished: RFC 5246 §7.4.9.
#include "message/message.hpp"

namespace ashlar::tls {
namespace {

Result<Finished> parse_finished(Bytes body) {
  Finished message;
  Reader reader(body);
  ASHLAR_TRY(message.verify_data, reader.take(kVerifyDataSize));
  ASHLAR_CHECK(reader.expect_end());
  return message;
}

}  // namespace

Result<Finished> Finished::parse(Bytes body) {
  return at(Place::finished, parse_finished(body));
}

void Finished::build(Writer& writer) const {
  writer.bytes(verify_data);
}

}  // namespace ashlar::tls
