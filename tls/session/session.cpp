// SPDX-License-Identifier: Apache-2.0
// A session as bytes: version byte, then every field in the order of the struct.
#include <ashlar/base/reader.hpp>
#include <ashlar/base/writer.hpp>
#include <ashlar/tls/session.hpp>

namespace ashlar::tls {

namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::uint8_t kExtendedMasterSecret = 1;
constexpr std::uint8_t kClientAuthenticated = 2;

template <std::size_t Capacity>
void write_prefixed(Writer& writer, const BoundedBuffer<Capacity>& value) {
  const auto scope = writer.u8_scope();
  writer.bytes(value.bytes());
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

Session Session::clone() const {
  Session copy;
  copy.id = id;
  copy.master_secret = Secret<48>(master_secret.reveal());
  copy.suite = suite;
  copy.created = created;
  copy.expires = expires;
  copy.server_name = server_name;
  copy.alpn = alpn;
  copy.trust_id = trust_id;
  copy_bytes(copy.peer_certificate_hash, peer_certificate_hash);
  copy.extended_master_secret = extended_master_secret;
  copy.client_authenticated = client_authenticated;
  return copy;
}

Result<MutBytes> Session::serialize(MutBytes out) const {
  Writer writer(out);
  writer.u8(kFormat);
  write_prefixed(writer, id);
  writer.bytes(master_secret.reveal());
  writer.u16(static_cast<std::uint16_t>(suite));
  writer.u64(static_cast<std::uint64_t>(created.seconds));
  writer.u64(static_cast<std::uint64_t>(expires.seconds));
  write_prefixed(writer, server_name);
  write_prefixed(writer, alpn);
  writer.u64(trust_id);
  writer.bytes(peer_certificate_hash);
  writer.u8(static_cast<std::uint8_t>((extended_master_secret ? kExtendedMasterSecret : 0) |
                                      (client_authenticated ? kClientAuthenticated : 0)));
  ASHLAR_TRY(const Bytes written, writer.finish());
  return out.first(written.size());
}

Result<Session> Session::parse(Bytes serialized) {
  Reader reader(serialized);
  ASHLAR_TRY(const std::uint8_t format, reader.u8());
  if (format != kFormat) {
    return reader.fail(ErrorCode::bad_session);
  }
  Session session;
  ASHLAR_CHECK(read_prefixed(reader, session.id));
  ASHLAR_TRY(const auto master, reader.take<48>());
  session.master_secret = Secret<48>(master);
  ASHLAR_TRY(const std::uint16_t suite, reader.u16());
  session.suite = SuiteId{suite};
  ASHLAR_TRY(const std::uint64_t created, reader.u64());
  ASHLAR_TRY(const std::uint64_t expires, reader.u64());
  session.created = {static_cast<std::int64_t>(created)};
  session.expires = {static_cast<std::int64_t>(expires)};
  ASHLAR_CHECK(read_prefixed(reader, session.server_name));
  ASHLAR_CHECK(read_prefixed(reader, session.alpn));
  ASHLAR_TRY(session.trust_id, reader.u64());
  ASHLAR_TRY(const auto hash, reader.take<32>());
  copy_bytes(session.peer_certificate_hash, hash);
  ASHLAR_TRY(const std::uint8_t flags, reader.u8());
  if ((flags & ~(kExtendedMasterSecret | kClientAuthenticated)) != 0) {
    return reader.fail(ErrorCode::bad_session);
  }
  session.extended_master_secret = (flags & kExtendedMasterSecret) != 0;
  session.client_authenticated = (flags & kClientAuthenticated) != 0;
  ASHLAR_CHECK(reader.expect_end());
  return session;
}

}  // namespace ashlar::tls
