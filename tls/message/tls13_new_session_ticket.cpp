// SPDX-License-Identifier: Apache-2.0
// NewSessionTicket of TLS 1.3: RFC 9846 §4.6.1.
#include "extension/block.hpp"

namespace ashlar::tls::tls13 {
namespace {

Result<NewSessionTicket> parse_new_session_ticket(Bytes body) {
  NewSessionTicket message;
  Reader reader(body);
  ASHLAR_TRY(message.lifetime, reader.u32());
  ASHLAR_TRY(message.age_add, reader.u32());
  ASHLAR_TRY(Reader nonce, reader.u8_prefixed());
  message.nonce = nonce.take_rest();
  ASHLAR_TRY(const Reader ticket, reader.u16_prefixed());
  ASHLAR_TRY(message.ticket, elements(ticket, 1));
  ASHLAR_CHECK(read_required_extensions(reader, message));
  return message;
}

}  // namespace

Result<NewSessionTicket> NewSessionTicket::parse(Bytes body) {
  return at(Place::new_session_ticket, parse_new_session_ticket(body));
}

void NewSessionTicket::build(Writer& writer) const {
  writer.u32(lifetime);
  writer.u32(age_add);
  write_u8_vector(writer, nonce);
  write_u16_vector(writer, ticket);
  write_extensions(*this, writer);
}

}  // namespace ashlar::tls::tls13
