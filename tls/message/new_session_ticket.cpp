// SPDX-License-Identifier: Apache-2.0
// NewSessionTicket: RFC 5077 §3.3.
#include "message/fields.hpp"

namespace ashlar::tls {
namespace {

Result<NewSessionTicket> parse_new_session_ticket(Bytes body) {
  NewSessionTicket message;
  Reader reader(body);
  ASHLAR_TRY(message.lifetime, reader.u32());
  ASHLAR_TRY(Reader ticket, reader.u16_prefixed());
  ASHLAR_CHECK(reader.expect_end());
  message.ticket = ticket.take_rest();
  return message;
}

}  // namespace

Result<NewSessionTicket> NewSessionTicket::parse(Bytes body) {
  return at(Place::new_session_ticket, parse_new_session_ticket(body));
}

void NewSessionTicket::build(Writer& writer) const {
  writer.u32(lifetime);
  write_u16_vector(writer, ticket);
}

}  // namespace ashlar::tls
