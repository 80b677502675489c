// SPDX-License-Identifier: Apache-2.0
// The common code of all extensions, row by row.
#include "extension/block.hpp"
#include "tls/message/build.hpp"

using namespace ashlar;
using namespace ashlar::tls;
using namespace ashlar::test;

namespace {

// A hello with every extension.
struct Full {
  std::uint8_t storage[512];
  Writer room{MutBytes(storage)};
  std::string_view protocols[2] = {"h2", "http/1.1"};
  const Buffer versions = unhex("0304 0303");
  const Buffer shares = unhex("001d 0003 010203");
  const Buffer cookie = unhex("c0c1");
  const Buffer identities = unhex("0002 abcd 01020304");
  const Buffer binders = unhex("20") + Buffer(32, 7);
  const Buffer schemes = unhex("0403");
  const Buffer names = unhex("0002 3000");
  ClientHello client;
  Buffer ticket = noise(20);
  Buffer types = unhex("0200");
  Buffer timestamps = unhex("0003 aabbcc");
  TicketRequest tickets{3, 2};
  const CertificateCompression zlib = {CertificateCompressionId::zlib, "zlib", nullptr, nullptr};
  const CertificateCompression* const compressions[1] = {&zlib};
  Policy compressing = policy::compat;
  Result<ExtensionSet> offered = offer();
  ServerHello server;
  Negotiated negotiated;

  Full() {
    REQUIRE(offered);
    // What no client here sends.
    client.signature_algorithms_cert = schemes;
    client.certificate_authorities = names;
    client.early_data = true;
    negotiated.suite = &kEcdheRsaAes128GcmSha256;
    negotiated.alpn = "h2";
    negotiated.encrypt_then_mac = true;
    negotiated.extended_master_secret = true;
    negotiated.secure_renegotiation = true;
    client.max_fragment_length = 1;
    answer_extensions({client, negotiated, true, true, true, timestamps, true}, server);
    server.max_fragment_length = 1;  // with record_size_limit in the offer it is not answered
    server.selected_version = ProtocolVersion::tls13;
    server.has_key_share = true;
    server.key_share_group = GroupId::x25519;
    server.key_share = cookie;
    server.cookie = cookie;
    server.has_pre_shared_key = true;
  }

 private:
  Result<ExtensionSet> offer() {
    compressing.certificate_compressions = compressions;
    Offer from{compressing, "a.example", protocols, room, ticket};
    from.versions = Versions::both;
    from.version_list = versions;
    from.key_shares = shares;
    from.cookie = cookie;
    from.identities = identities;
    from.binders = binders;
    from.request_status = true;
    from.record_size_limit = 1000;
    from.tickets = &tickets;
    from.client_certificate_types = from.server_certificate_types = types;
    return offer_extensions(from, client);
  }
};

template <class Message>
Buffer block_of(const Message& message) {
  return written([&](Writer& writer) { write_extensions(message, writer); });
}
// The body of one extension of a message, as its row builds it.
template <class Message>
Buffer body_of(const Extension& row, const Message& message) {
  return written([&](Writer& writer) { Carries<Message>::of(row).build(message, writer); });
}
template <class Message>
Result<ExtensionSet> read(const Buffer& extensions) {
  const Buffer block = prefixed(2, extensions);
  Reader reader(block);
  Message message;
  return read_extensions(reader, message);
}
template <class Message>
bool may_stand(const Extension& row) {
  return Carries<Message>::may_stand(row);
}

template <class Message>
void check_each(const Message& full) {
  for (std::size_t i = 0; i < std::size(kExtensions); ++i) {
    const Extension& row = kExtensions[i];
    INFO(row.name);
    if (!may_stand<Message>(row)) {
      continue;
    }
    const Buffer body = body_of(row, full);
    const Buffer once = extension(static_cast<unsigned>(row.type), body);
    // Alone it is read, and found.
    const auto found = read<Message>(once);
    REQUIRE(found);
    CHECK(found->has(i));
    // Twice it is refused, whatever is between.
    const Buffer between = Carries<Message>::kAnswers ? Buffer() : extension(0x0a0a, {});
    const auto twice = read<Message>(once + between + once);
    REQUIRE(!twice);
    CHECK(twice.error() == ErrorCode::duplicate_extension);
    CHECK(twice.error().detail == static_cast<std::uint32_t>(row.type));
    CHECK(twice.error().place == Carries<Message>::kPlace);
    if (row.type == ExtensionType::session_ticket && !Carries<Message>::kAnswers) {
      continue;  // all of its body is the ticket
    }
    // Cut short, or with one byte more, the error names its place.
    for (std::size_t size = 0; size <= body.size() + 1; ++size) {
      if (size == body.size()) {
        continue;
      }
      Buffer other = body;
      other.resize(size);
      const auto wrong = read<Message>(extension(static_cast<unsigned>(row.type), other));
      REQUIRE(!wrong);
      CHECK(wrong.error().place == Carries<Message>::of(row).place);
      CHECK(alert_of(wrong.error().code) == Alert::decode_error);
    }
  }
}

}  // namespace

TEST_CASE("H15 extensions: each row is read, found, and refused twice or cut, in either hello", "[tls]") {
  const Full full;
  check_each(full.client);
  check_each(full.server);
}

TEST_CASE("extensions: hellos are written in the order of the table", "[tls]") {
  const Full full;
  Buffer client, server;
  for (const Extension& row : kExtensions) {
    client = client + extension(static_cast<unsigned>(row.type), body_of(row, full.client));
    if (may_stand<ServerHello>(row)) {
      server = server + extension(static_cast<unsigned>(row.type), body_of(row, full.server));
    }
  }
  CHECK_BYTES(block_of(full.client), prefixed(2, client));
  CHECK_BYTES(block_of(full.server), prefixed(2, server));
}

TEST_CASE("H04 extensions: what is unknown is passed over in an offer and refused in an answer", "[tls]") {
  for (const unsigned type : {15u, 26u, 0x0a0au, 0xffffu}) {
    const auto offered = read<ClientHello>(extension(type, noise(3)));
    REQUIRE(offered);
    CHECK(offered->empty());
    const auto answered = read<ServerHello>(extension(type, noise(3)));
    REQUIRE(!answered);
    CHECK(answered.error() == ErrorCode::unsolicited_extension);
    CHECK(answered.error().detail == type);
    CHECK(answered.error().place == Place::server_hello_extensions);
  }
}

TEST_CASE("H04 extensions: what may not stand in a ServerHello is found there and not read", "[tls]") {
  std::size_t passed_over = 0;
  for (std::size_t i = 0; i < std::size(kExtensions); ++i) {
    const Extension& row = kExtensions[i];
    if (!may_stand<ServerHello>(row)) {
      INFO(row.name);
      // Its body may be anything. It only matters whether the client offered it.
      const auto answered = read<ServerHello>(extension(static_cast<unsigned>(row.type), noise(3)));
      REQUIRE(answered);
      CHECK(answered->has(i));
      CHECK(!check_offered(*answered, {}));
      CHECK(check_offered(*answered, *answered));
      ++passed_over;
    }
  }
  CHECK(passed_over >= 6);
}

TEST_CASE("H04 extensions: an answer to what was not offered is refused, for every row", "[tls]") {
  ExtensionSet all;
  for (std::size_t row = 0; row < std::size(kExtensions); ++row) {
    all.add(row);
  }
  CHECK(check_offered(all, all));
  CHECK(check_offered({}, {}));
  for (std::size_t row = 0; row < std::size(kExtensions); ++row) {
    INFO(kExtensions[row].name);
    ExtensionSet one, others;
    one.add(row);
    for (std::size_t other = 0; other < std::size(kExtensions); ++other) {
      if (other != row) {
        others.add(other);
      }
    }
    CHECK(check_offered(one, one));
    CHECK(check_offered({}, one));
    const auto checked = check_offered(all, others);
    REQUIRE(!checked);
    CHECK(checked.error() == ErrorCode::unsolicited_extension);
    CHECK(checked.error().detail == static_cast<std::uint32_t>(kExtensions[row].type));
    CHECK(alert_of(checked.error().code) == Alert::unsupported_extension);
  }
}

TEST_CASE("extensions: a client offers what its config calls for", "[tls]") {
  const Full full;
  for (std::size_t row = 0; row < std::size(kExtensions); ++row) {
    INFO(kExtensions[row].name);
    const ExtensionType type = kExtensions[row].type;
    // Ours offers record_size_limit, which replaces max_fragment_length.
    const bool never = type == ExtensionType::signature_algorithms_cert ||
                       type == ExtensionType::certificate_authorities || type == ExtensionType::early_data ||
                       type == ExtensionType::max_fragment_length;
    CHECK(full.offered->has(row) == !never);
  }
  CHECK(full.client.server_name == "a.example");
  CHECK_BYTES(full.client.alpn, unhex("02") + buffer_of("h2") + unhex("08") + buffer_of("http/1.1"));

  // No name, no protocols, no groups, no CBC: fewer extensions.
  const tls12::Suite* suites[] = {&kRsaAes128GcmSha256};
  const Scheme* schemes[] = {&kRsaPkcs1Sha256};
  Policy bare = policy::compat;
  bare.suites = suites;
  bare.groups = {};
  bare.schemes = schemes;
  std::uint8_t storage[64];
  Writer room{MutBytes(storage)};
  ClientHello hello;
  const auto offered = offer_extensions({bare, {}, {}, room}, hello);
  REQUIRE(offered);
  CHECK_BYTES(block_of(hello), prefixed(2, extension(13, unhex("0002 0401")) + extension(23, {}) +
                                               extension(0xff01, unhex("00")) + extension(35, {})));
  CHECK(*offered == extensions_of(hello));
}

TEST_CASE("ALPN: names that the wire cannot carry are refused before anything is sent", "[tls]") {
  const std::string long_name(256, 'a');
  for (const std::string_view name : {std::string_view(), std::string_view(long_name)}) {
    const std::string_view protocols[] = {"h2", name};
    std::uint8_t storage[600];
    Writer room{MutBytes(storage)};
    ClientHello hello;
    const auto offered = offer_extensions({policy::modern, {}, protocols, room}, hello);
    REQUIRE(!offered);
    CHECK(offered.error() == ErrorCode::invalid_argument);
  }
}

TEST_CASE("extensions: lists that do not fit into the room are told by it", "[tls]") {
  std::uint8_t storage[3];
  Writer room{MutBytes(storage)};
  CHECK(list_ids(policy::modern.groups, room).empty());
  CHECK(!room.finish());
}

TEST_CASE("extensions: what only one version has is offered where that version is", "[tls]") {
  const auto offers = [](Versions versions) {
    std::uint8_t storage[512];
    Writer room{MutBytes(storage)};
    const Buffer list = unhex("0304");
    ClientHello hello;
    Offer from{policy::compat, "a.example", {}, room};
    from.versions = versions;
    from.version_list = list;
    const auto offered = offer_extensions(from, hello);
    REQUIRE(offered);
    return *offered;
  };
  const ExtensionSet older = offers(Versions::tls12), newer = offers(Versions::tls13),
                     all = offers(Versions::both);
  for (const ExtensionType type :
       {ExtensionType::ec_point_formats, ExtensionType::encrypt_then_mac,
        ExtensionType::extended_master_secret, ExtensionType::renegotiation_info}) {
    CHECK(older.has(row_number(type)));
    CHECK_FALSE(newer.has(row_number(type)));
    CHECK(all.has(row_number(type)));
  }
  for (const ExtensionType type :
       {ExtensionType::supported_versions, ExtensionType::key_share, ExtensionType::psk_key_exchange_modes}) {
    CHECK_FALSE(older.has(row_number(type)));
    CHECK(newer.has(row_number(type)));
    CHECK(all.has(row_number(type)));
  }
}

TEST_CASE("H04 extensions: in messages of TLS 1.3 each stands where it may and nowhere else", "[tls]") {
  const auto refused = [](const auto& parsed) { return parsed.error().code; };
  // ec_point_formats is no answer, key_share none of EncryptedExtensions; 0x0a0a was not offered.
  CHECK(refused(tls13::EncryptedExtensions::parse(prefixed(2, extension(11, unhex("0100"))))) ==
        ErrorCode::misplaced_extension);
  CHECK(refused(tls13::EncryptedExtensions::parse(prefixed(2, extension(51, unhex("001d"))))) ==
        ErrorCode::misplaced_extension);
  CHECK(refused(tls13::EncryptedExtensions::parse(prefixed(2, extension(0x0a0a, {})))) ==
        ErrorCode::unsolicited_extension);
  CHECK(refused(tls13::EncryptedExtensions::parse({})) == ErrorCode::truncated);
  CHECK(tls13::EncryptedExtensions::parse(unhex("0000")));
  // A CertificateRequest and a NewSessionTicket pass over what they do not know.
  CHECK(tls13::CertificateRequest::parse(
      unhex("00") + prefixed(2, extension(13, unhex("0002 0403")) + extension(0x0a0a, unhex("01")))));
  CHECK(refused(tls13::CertificateRequest::parse(unhex("00 0000"))) == ErrorCode::missing_extension);
  CHECK(refused(tls13::CertificateRequest::parse(unhex("00") + prefixed(2, extension(0, {})))) ==
        ErrorCode::misplaced_extension);
  CHECK(
      tls13::NewSessionTicket::parse(unhex("00000001 00000000 00 0001 41") +
                                     prefixed(2, extension(42, unhex("00000000")) + extension(0x0a0a, {}))));
}
