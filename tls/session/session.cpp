// SPDX-License-Identifier: Apache-2.0
// A session as bytes: a byte for the format, then every field, the ticket last.
#include <ashlar/base/reader.hpp>
#include <ashlar/base/writer.hpp>
#include <ashlar/tls/session.hpp>

namespace ashlar::tls {

namespace {

constexpr std::uint8_t kFormat = 2;
constexpr std::size_t kMaxTicketSize = 65535;  // RFC 5077 §3.3, RFC 8446 §4.6.1
constexpr std::uint8_t kExtendedMasterSecret = 1;
constexpr std::uint8_t kClientAuthenticated = 2;
constexpr std::uint8_t kRawServerKey = 4;
constexpr std::uint8_t kRawClientKey = 8;
constexpr std::uint8_t kByPsk = 16;      // its identity follows
constexpr std::uint8_t kEarlyData = 32;  // its greatest size follows

CertificateType type_of(bool raw) {
  return raw ? CertificateType::raw_public_key : CertificateType::x509;
}

void write_prefixed(Writer& writer, Bytes value) {
  const auto scope = writer.u8_scope();
  writer.bytes(value);
}

template <std::size_t Capacity>
Result<void> read_prefixed(Reader& reader, BoundedBuffer<Capacity>& value) {
  ASHLAR_TRY(Reader content, reader.u8_prefixed());
  if (!value.assign(content.take_rest())) {
    return reader.fail(ErrorCode::bad_session);
  }
  return {};
}

}  // namespace

Ticket& Ticket::operator=(Ticket&& other) noexcept {
  if (this != &other) {
    clear();
    memory_ = other.memory_;
    data_ = other.data_;
    size_ = other.size_;
    other.data_ = nullptr;
    other.size_ = 0;
  }
  return *this;
}

Result<void> Ticket::assign(Bytes ticket, const Memory& memory) {
  if (ticket.size() > kMaxTicketSize) {
    return Error{ErrorCode::capacity_exceeded, Place::none, static_cast<std::uint32_t>(ticket.size())};
  }
  Ticket made;
  if (!ticket.empty()) {
    made.memory_ = memory;
    made.data_ = static_cast<std::uint8_t*>(memory.allocate(memory.context, ticket.size()));
    if (made.data_ == nullptr) {
      return Error{ErrorCode::out_of_memory, Place::none, static_cast<std::uint32_t>(ticket.size())};
    }
    made.size_ = ticket.size();
    copy_bytes({made.data_, made.size_}, ticket);
  }
  *this = std::move(made);
  return {};
}

void Ticket::clear() {
  if (data_ != nullptr) {
    wipe(data_, size_);
    memory_.free(memory_.context, data_, size_);
    data_ = nullptr;
    size_ = 0;
  }
}

Session Session::clone_without_ticket() const {
  Session copy;
  copy.version = version;
  copy.id = id;
  copy.secret.assign(secret.reveal());
  copy.suite = suite;
  copy.created = created;
  copy.expires = expires;
  copy.age_add = age_add;
  copy.max_early_data = max_early_data;
  copy.server_name = server_name;
  copy.alpn = alpn;
  copy.trust_id = trust_id;
  copy_bytes(copy.peer_certificate_hash, peer_certificate_hash);
  copy.extended_master_secret = extended_master_secret;
  copy.client_authenticated = client_authenticated;
  copy.server_certificate_type = server_certificate_type;
  copy.client_certificate_type = client_certificate_type;
  copy.by_psk = by_psk;
  copy.psk_identity = psk_identity;
  return copy;
}

Result<Session> Session::clone() const {
  Session copy = clone_without_ticket();
  ASHLAR_CHECK(copy.ticket.assign(ticket));
  return Result<Session>(std::move(copy));
}

Result<MutBytes> Session::serialize(MutBytes out) const {
  Writer writer(out);
  writer.u8(kFormat);
  writer.u16(static_cast<std::uint16_t>(version));
  write_prefixed(writer, id.bytes());
  write_prefixed(writer, secret.reveal());
  writer.u16(static_cast<std::uint16_t>(suite));
  writer.u64(static_cast<std::uint64_t>(created.seconds));
  writer.u64(static_cast<std::uint64_t>(expires.seconds));
  writer.u32(age_add);
  write_prefixed(writer, server_name.bytes());
  write_prefixed(writer, alpn.bytes());
  writer.u64(trust_id);
  writer.bytes(peer_certificate_hash);
  writer.u8(static_cast<std::uint8_t>((extended_master_secret ? kExtendedMasterSecret : 0) |
                                      (client_authenticated ? kClientAuthenticated : 0) |
                                      (server_certificate_type != CertificateType::x509 ? kRawServerKey : 0) |
                                      (client_certificate_type != CertificateType::x509 ? kRawClientKey : 0) |
                                      (by_psk ? kByPsk : 0) | (max_early_data != 0 ? kEarlyData : 0)));
  if (by_psk) {
    write_prefixed(writer, psk_identity.bytes());
  }
  if (max_early_data != 0) {
    writer.u32(max_early_data);
  }
  {
    const auto scope = writer.u16_scope();
    writer.bytes(ticket.bytes());
  }
  ASHLAR_TRY(const Bytes written, writer.finish());
  return out.first(written.size());
}

Result<Session> Session::parse(Bytes serialized, const Memory& memory) {
  Reader reader(serialized);
  ASHLAR_TRY(const std::uint8_t format, reader.u8());
  if (format != kFormat) {
    return reader.fail(ErrorCode::bad_session);
  }
  Session session;
  ASHLAR_TRY(const std::uint16_t version, reader.u16());
  session.version = ProtocolVersion{version};
  ASHLAR_CHECK(read_prefixed(reader, session.id));
  ASHLAR_TRY(Reader secret, reader.u8_prefixed());
  if (secret.remaining() > session.secret.capacity() ||
      (session.version == ProtocolVersion::tls12 && secret.remaining() != 48)) {
    return reader.fail(ErrorCode::bad_session);
  }
  session.secret.assign(secret.take_rest());
  ASHLAR_TRY(const std::uint16_t suite, reader.u16());
  session.suite = SuiteId{suite};
  ASHLAR_TRY(const std::uint64_t created, reader.u64());
  ASHLAR_TRY(const std::uint64_t expires, reader.u64());
  session.created = {static_cast<std::int64_t>(created)};
  session.expires = {static_cast<std::int64_t>(expires)};
  ASHLAR_TRY(session.age_add, reader.u32());
  ASHLAR_CHECK(read_prefixed(reader, session.server_name));
  ASHLAR_CHECK(read_prefixed(reader, session.alpn));
  ASHLAR_TRY(session.trust_id, reader.u64());
  ASHLAR_TRY(const auto hash, reader.take<32>());
  copy_bytes(session.peer_certificate_hash, hash);
  ASHLAR_TRY(const std::uint8_t flags, reader.u8());
  constexpr std::uint8_t kKnown =
      kExtendedMasterSecret | kClientAuthenticated | kRawServerKey | kRawClientKey | kByPsk | kEarlyData;
  if ((flags & ~kKnown) != 0) {
    return reader.fail(ErrorCode::bad_session);
  }
  session.extended_master_secret = (flags & kExtendedMasterSecret) != 0;
  session.client_authenticated = (flags & kClientAuthenticated) != 0;
  session.server_certificate_type = type_of((flags & kRawServerKey) != 0);
  session.client_certificate_type = type_of((flags & kRawClientKey) != 0);
  session.by_psk = (flags & kByPsk) != 0;
  if (session.by_psk) {
    ASHLAR_CHECK(read_prefixed(reader, session.psk_identity));
  }
  if ((flags & kEarlyData) != 0) {
    ASHLAR_TRY(session.max_early_data, reader.u32());
    if (session.max_early_data == 0) {
      return reader.fail(ErrorCode::bad_session);
    }
  }
  ASHLAR_TRY(Reader ticket, reader.u16_prefixed());
  ASHLAR_CHECK(reader.expect_end());
  ASHLAR_CHECK(session.ticket.assign(ticket.take_rest(), memory));
  return Result<Session>(std::move(session));
}

}  // namespace ashlar::tls
