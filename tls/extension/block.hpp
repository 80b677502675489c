// SPDX-License-Identifier: Apache-2.0
// The work that is the same for all extensions: reading and writing the extensions of a message, offering
// them, answering them, and checking an answer against the offer.
#pragma once

#include "extension/table.hpp"

#include <optional>

namespace ashlar::tls {

// What differs from message to message.
template <class Message>
struct Carries;
template <>
struct Carries<ClientHello> {
  static constexpr bool may_stand(const Extension& row) {  // no version has been chosen yet
    return row.allowed.has(Carrier::client_hello, Versions::both);
  }
  static constexpr auto kPlace = Place::client_hello_extensions;
  static constexpr bool kAnswers = false;  // an unknown extension is ignored
  static constexpr bool kStrict = false;   // all rows may stand here
  static constexpr const In<ClientHello>& of(const Extension& row) { return row.client_hello; }
};
template <>
struct Carries<ServerHello> {
  static constexpr bool may_stand(const Extension& row) {  // that of TLS 1.3 is two messages
    return row.allowed.has(Carrier::server_hello, Versions::both) ||
           row.allowed.has(Carrier::hello_retry_request, Versions::tls13);
  }
  static constexpr auto kPlace = Place::server_hello_extensions;
  static constexpr bool kAnswers = true;  // an unknown extension was not offered
  static constexpr bool kStrict = false;  // one that may not stand here is noted and not read
  static constexpr const In<ServerHello>& of(const Extension& row) { return row.server_hello; }
};

// The messages of TLS 1.3, in which an extension that may not stand there is refused.
template <Carrier Which, bool Answers>
struct CarriesTls13 {
  static constexpr bool may_stand(const Extension& row) { return row.allowed.has(Which, Versions::tls13); }
  static constexpr bool kAnswers = Answers;
  static constexpr bool kStrict = true;
};
template <>
struct Carries<tls13::EncryptedExtensions> : CarriesTls13<Carrier::encrypted_extensions, true> {
  static constexpr auto kPlace = Place::encrypted_extensions;
  static constexpr const In<tls13::EncryptedExtensions>& of(const Extension& row) {
    return row.encrypted_extensions;
  }
};
template <>
struct Carries<tls13::CertificateRequest> : CarriesTls13<Carrier::certificate_request, false> {
  static constexpr auto kPlace = Place::certificate_request_extensions;
  static constexpr const In<tls13::CertificateRequest>& of(const Extension& row) {
    return row.certificate_request;
  }
};
template <>
struct Carries<tls13::NewSessionTicket> : CarriesTls13<Carrier::new_session_ticket, false> {
  static constexpr auto kPlace = Place::new_session_ticket_extensions;
  static constexpr const In<tls13::NewSessionTicket>& of(const Extension& row) {
    return row.new_session_ticket;
  }
};

inline Error unsolicited(ExtensionType type) {
  return {ErrorCode::unsolicited_extension, Place::none, static_cast<std::uint32_t>(type)};
}
inline Error misplaced(ExtensionType type) {
  return {ErrorCode::misplaced_extension, Place::none, static_cast<std::uint32_t>(type)};
}
inline Error missing(ExtensionType type) {
  return {ErrorCode::missing_extension, Place::none, static_cast<std::uint32_t>(type)};
}

// The first type that stands twice in a block of many extensions, or null (H15). Takes time that is linear in
// the block's length, and 8 KiB of stack.
std::optional<std::uint16_t> twice_among_many(Reader block);

// Splits the extensions of a message, which reach to its end. Calls each(type, body) for every extension and
// returns its first error. An extension that comes twice, known or not, is duplicate_extension: a few are
// compared with each other, and one look goes over the whole block where there are more.
inline constexpr std::size_t kFewExtensions = 32;
template <class Each>
Result<void> split_block(Reader block, Each each) {
  const Reader whole = block;
  BoundedVector<std::uint16_t, kFewExtensions> seen;
  bool few = true;
  while (!block.empty()) {
    ASHLAR_TRY(const std::uint16_t type, block.u16());
    ASHLAR_TRY(Reader body, block.u16_prefixed());
    if (few) {
      for (const std::uint16_t earlier : seen) {
        if (earlier == type) {
          return Error{ErrorCode::duplicate_extension, Place::none, type};
        }
      }
      if (!seen.push(type)) {
        few = false;
        if (const std::optional<std::uint16_t> twice = twice_among_many(whole)) {
          return Error{ErrorCode::duplicate_extension, Place::none, *twice};
        }
      }
    }
    ASHLAR_CHECK(each(ExtensionType{type}, body));
  }
  return {};
}
template <class Each>
Result<void> split_extensions(Reader& message, Each each) {
  if (message.empty()) {
    return {};
  }
  ASHLAR_TRY(const Reader block, message.u16_prefixed());
  ASHLAR_CHECK(message.expect_end());
  return split_block(block, each);
}

// Reads the extensions of a message into its fields, and returns the set of them. An unknown extension is
// ignored in a hello that offers. In a hello that answers, nobody asked for it, and it is refused (H04). An
// extension that has a row but may not stand in this message is noted and not read, because some servers send
// back extensions for clients only, such as supported_groups. check_offered refuses what was not offered.
template <class Message>
Result<ExtensionSet> read_extensions(Reader& rest, Message& message) {
  using Kind = Carries<Message>;
  struct Column {
    bool allowed;
    Place place;
    Result<void> (*parse)(Message&, Reader);
  };
  static constexpr auto kColumn = column([](const Extension& row) {
    const In<Message>& in = Kind::of(row);
    return Column{Kind::may_stand(row), in.place, in.parse};
  });
  ExtensionSet found;
  const auto read_one = [&](ExtensionType type, Reader body) -> Result<void> {
    const std::size_t row = find_row(type);
    if (row == std::size(kColumn)) {
      return Kind::kAnswers ? Result<void>(unsolicited(type)) : Result<void>();
    }
    found.add(row);
    if (kColumn[row].allowed) {
      return at(kColumn[row].place, kColumn[row].parse(message, body));
    }
    return Kind::kStrict ? Result<void>(misplaced(type)) : Result<void>();
  };
  ASHLAR_CHECK(at(Kind::kPlace, split_extensions(rest, read_one)));
  return found;
}

// The same for a message that has a block of extensions always.
template <class Message>
Result<ExtensionSet> read_required_extensions(Reader& rest, Message& message) {
  if (rest.empty()) {
    return at(Carries<Message>::kPlace, rest.u16()).error();
  }
  return read_extensions(rest, message);
}

// Adds to `found` the extensions of a block whose message has no fields for them. They answer: none is
// unknown or misplaced.
inline Result<void> note_extensions(Reader block, Carrier carrier, Place place, ExtensionSet& found) {
  static constexpr auto kAllowed = column([](const Extension& row) { return row.allowed; });
  const auto note = [&](ExtensionType type, Reader) -> Result<void> {
    const std::size_t row = find_row(type);
    if (row == std::size(kAllowed)) {
      return unsolicited(type);
    }
    found.add(row);
    return kAllowed[row].has(carrier, Versions::tls13) ? Result<void>() : misplaced(type);
  };
  return at(place, split_block(block, note));
}

// The extensions that are set in the fields of a message.
template <class Message>
ExtensionSet extensions_of(const Message& message) {
  static constexpr auto kPresent =
      column([](const Extension& row) { return Carries<Message>::of(row).present; });
  ExtensionSet present;
  for (std::size_t row = 0; row < std::size(kPresent); ++row) {
    if (kPresent[row] != nullptr && kPresent[row](message)) {
      present.add(row);
    }
  }
  return present;
}

// Writes one extension, which the message has.
template <class Message>
void write_extension(std::size_t row, const Message& message, Writer& writer) {
  struct Column {
    ExtensionType type;
    void (*build)(const Message&, Writer&);
  };
  static constexpr auto kColumn = column([](const Extension& from) {
    return Column{from.type, Carries<Message>::of(from).build};
  });
  writer.u16(static_cast<std::uint16_t>(kColumn[row].type));
  auto body = writer.u16_scope();
  kColumn[row].build(message, writer);
}

// Writes all that it has, in the order of the table, with the length before them.
template <class Message>
void write_extensions(const Message& message, Writer& writer) {
  const ExtensionSet present = extensions_of(message);
  auto block = writer.u16_scope();
  if constexpr (requires { message.grease_extension; }) {
    if (message.grease_extension != 0) {
      writer.u16(message.grease_extension);
      writer.u16(0);
    }
  }
  for (std::size_t row = 0; row < std::size(kExtensions); ++row) {
    if (present.has(row)) {
      write_extension(row, message, writer);
    }
  }
}

// Fills a client's hello with its offers, and returns the set of their extensions. The server may answer
// these and no others.
inline Result<ExtensionSet> offer_extensions(const Offer& from, ClientHello& hello) {
  struct Column {
    Carriers allowed;
    Result<void> (*offer)(const Offer&, ClientHello&);
  };
  static constexpr auto kOffers = column([](const Extension& row) { return Column{row.allowed, row.offer}; });
  hello.has_extensions = true;
  for (const Column& row : kOffers) {
    if (row.offer != nullptr && row.allowed.has(Carrier::client_hello, from.versions)) {
      ASHLAR_CHECK(row.offer(from, hello));
    }
  }
  return extensions_of(hello);
}

// Puts a server's answers into its hello.
inline void answer_extensions(const Answer& from, ServerHello& hello) {
  static constexpr auto kAnswers = column([](const Extension& row) { return row.answer; });
  for (const auto answer : kAnswers) {
    if (answer != nullptr) {
      answer(from, hello);
    }
  }
}

// Everything that was answered must have been offered (H04).
inline Result<void> check_offered(ExtensionSet answered, ExtensionSet offered,
                                  Place place = Place::server_hello_extensions) {
  static constexpr auto kTypes = column([](const Extension& row) { return row.type; });
  for (std::size_t row = 0; row < std::size(kTypes); ++row) {
    if (answered.has(row) && !offered.has(row)) {
      return unsolicited(kTypes[row]).at(place);
    }
  }
  return {};
}

// Everything that a message of TLS 1.3 has may stand there.
inline Result<void> check_allowed(ExtensionSet found, Carrier carrier, Place place) {
  struct Column {
    ExtensionType type;
    Carriers allowed;
  };
  static constexpr auto kColumn = column([](const Extension& row) { return Column{row.type, row.allowed}; });
  for (std::size_t row = 0; row < std::size(kColumn); ++row) {
    if (found.has(row) && !kColumn[row].allowed.has(carrier, Versions::tls13)) {
      return misplaced(kColumn[row].type).at(place);
    }
  }
  return {};
}

}  // namespace ashlar::tls
