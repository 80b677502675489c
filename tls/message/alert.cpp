// SPDX-License-Identifier: Apache-2.0
// Alerts: RFC 5246 §7.2. A description that has no name here is kept as a number.
#include "message/message.hpp"

namespace ashlar::tls {
namespace {

Result<AlertMessage> parse_alert(Bytes body) {
  Reader reader(body);
  ASHLAR_TRY(const std::uint8_t level, reader.u8());
  ASHLAR_TRY(const std::uint8_t description, reader.u8());
  ASHLAR_CHECK(reader.expect_end());
  if (level != static_cast<std::uint8_t>(AlertLevel::warning) &&
      level != static_cast<std::uint8_t>(AlertLevel::fatal)) {
    return Error{ErrorCode::bad_alert_level, Place::none, level};
  }
  return AlertMessage{AlertLevel{level}, Alert{description}};
}

}  // namespace

Result<AlertMessage> AlertMessage::parse(Bytes body) {
  return at(Place::alert_message, parse_alert(body));
}

void AlertMessage::build(Writer& writer) const {
  writer.u8(static_cast<std::uint8_t>(level));
  writer.u8(static_cast<std::uint8_t>(alert));
}

}  // namespace ashlar::tls
