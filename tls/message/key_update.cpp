// SPDX-License-Identifier: Apache-2.0
// KeyUpdate: RFC 9846 §4.6.3.
#include "message/tls13.hpp"

namespace ashlar::tls::tls13 {
namespace {

Result<KeyUpdate> parse_key_update(Bytes body) {
  Reader reader(body);
  ASHLAR_TRY(const std::uint8_t request, reader.u8());
  ASHLAR_CHECK(reader.expect_end());
  if (request > 1) {
    return Error{ErrorCode::bad_key_update, Place::none, request};
  }
  return KeyUpdate{request == 1};
}

}  // namespace

Result<KeyUpdate> KeyUpdate::parse(Bytes body) {
  return at(Place::key_update, parse_key_update(body));
}

void KeyUpdate::build(Writer& writer) const {
  writer.u8(update_requested ? 1 : 0);
}

}  // namespace ashlar::tls::tls13
