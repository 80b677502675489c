// SPDX-License-Identifier: Apache-2.0
// The form of an extension's row. An extension is one file in this folder with one row. The row has its
// number and name, the messages in which it may stand, and for each hello the functions that read, build and
// send it. table.hpp lists the rows. block.hpp does what is the same for all.
//
// A row is constexpr and stands in a header. Code takes only the columns that it needs: a client does not
// link the parser of ClientHellos.
#pragma once

#include <ashlar/tls/config.hpp>

#include "message/fields.hpp"
#include "message/tls13.hpp"

namespace ashlar::tls {

// The messages that have extensions. A HelloRetryRequest has the type of a ServerHello, but other extensions.
enum class Carrier : std::uint8_t {
  client_hello,
  server_hello,
  hello_retry_request,
  encrypted_extensions,
  certificate,
  certificate_request,
  new_session_ticket,
};

// In which messages an extension may stand, for each version (RFC 9846 §4.2, RFC 5246 §7.4.1.4).
class Carriers {
 public:
  // Whether it may stand in such a message of any of these versions.
  constexpr bool has(Carrier carrier, Versions versions) const {
    return (includes(versions, Versions::tls12) && (tls12_ & bit(carrier)) != 0) ||
           (includes(versions, Versions::tls13) && (tls13_ & bit(carrier)) != 0);
  }

  friend constexpr Carriers in(Carrier carrier, Versions versions) {
    Carriers one;
    one.tls12_ = includes(versions, Versions::tls12) ? bit(carrier) : std::uint8_t{0};
    one.tls13_ = includes(versions, Versions::tls13) ? bit(carrier) : std::uint8_t{0};
    return one;
  }
  friend constexpr Carriers operator|(Carriers a, Carriers b) {
    a.tls12_ = static_cast<std::uint8_t>(a.tls12_ | b.tls12_);
    a.tls13_ = static_cast<std::uint8_t>(a.tls13_ | b.tls13_);
    return a;
  }

 private:
  static constexpr std::uint8_t bit(Carrier carrier) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(carrier));
  }
  std::uint8_t tls12_ = 0;
  std::uint8_t tls13_ = 0;
};
constexpr Carriers in(Carrier carrier, Versions versions);

// What a client builds its hello from.
struct Offer {
  const Policy& policy;
  std::string_view server_name;                 // a DNS name without a trailing dot, or empty
  std::span<const std::string_view> protocols;  // for ALPN
  Writer& room;                                 // for the lists that the hello points to
  Bytes ticket = {};                            // of the session to be resumed
  Versions versions = Versions::tls12;          // that are offered
  // What TLS 1.3 has to say: the versions as the wire has them, and contents of its lists.
  Bytes version_list = {};
  Bytes key_shares = {};
  Bytes cookie = {};
  Bytes identities = {};
  Bytes binders = {};
  bool early_data = false;              // follows
  bool certificates = true;             // a server may authenticate by them
  bool request_status = false;          // OCSP response and timestamps are wanted
  std::uint16_t record_size_limit = 0;  // 0: not offered
  const TicketRequest* tickets = nullptr;
  // CertificateTypes, empty: not offered.
  Bytes client_certificate_types = {};
  Bytes server_certificate_types = {};
  // Values that mean nothing, before all others (RFC 8701); 0: none.
  std::uint16_t grease_group = 0;
  std::uint16_t grease_scheme = 0;
};

// What a server builds its hello from.
struct Answer {
  const ClientHello& client;
  const Negotiated& negotiated;
  bool curves;                      // the suite's key exchange uses curves
  bool ticket = false;              // a NewSessionTicket follows
  bool status = false;              // a CertificateStatus follows
  Bytes timestamps = {};            // of the certificate
  bool client_certificate = false;  // a CertificateRequest follows
};

// A server's answer to a client's list of certificate types: none to a client without one.
inline std::optional<CertificateType> answered_type(Bytes listed, CertificateType type) {
  return listed.empty() ? std::nullopt : std::optional(type);
}

// An extension in one kind of message.
template <class Message>
struct In {
  Place place = Place::none;  // the place of errors in its body
  // Reads the body into the fields of the message.
  Result<void> (*parse)(Message& message, Reader body) = nullptr;
  // present: whether the fields say that the message has it. The next function writes its body then.
  bool (*present)(const Message& message) = nullptr;
  void (*build)(const Message& message, Writer& body) = nullptr;
};

struct Extension {
  ExtensionType type;
  std::string_view name;  // as IANA's registry writes it
  Carriers allowed;
  In<ClientHello> client_hello = {};
  In<ServerHello> server_hello = {};  // a HelloRetryRequest too
  In<tls13::EncryptedExtensions> encrypted_extensions = {};
  In<tls13::CertificateRequest> certificate_request = {};
  In<tls13::NewSessionTicket> new_session_ticket = {};
  // Decides whether a client sends it: sets the fields of the hello, or leaves them.
  Result<void> (*offer)(const Offer& from, ClientHello& hello) = nullptr;
  // The same for a server's hello; null if a server never sends it.
  void (*answer)(const Answer& from, ServerHello& hello) = nullptr;
};

// An extension without a body: its presence is all that it says.
template <class Message, bool Message::*Field>
constexpr In<Message> flag(Place place) {
  return {
      .place = place,
      .parse =
          [](Message& message, Reader body) {
            message.*Field = true;
            return body.expect_end();
          },
      .present = [](const Message& message) { return message.*Field; },
      .build = [](const Message&, Writer&) {},
  };
}

// A vector with a 16-bit length, of one or more elements of this many bytes.
template <class Message, Bytes Message::*Field, std::size_t ElementSize>
constexpr In<Message> u16_vector(Place place) {
  return {
      .place = place,
      .parse = [](Message& message, Reader body) -> Result<void> {
        ASHLAR_TRY(const Reader list, body.u16_prefixed());
        ASHLAR_CHECK(body.expect_end());
        ASHLAR_TRY(message.*Field, elements(list, ElementSize));
        return {};
      },
      .present = [](const Message& message) { return !(message.*Field).empty(); },
      .build = [](const Message& message, Writer& body) { write_u16_vector(body, message.*Field); },
  };
}
// The same with a length in one byte.
template <class Message, Bytes Message::*Field, std::size_t ElementSize>
constexpr In<Message> u8_vector(Place place) {
  return {
      .place = place,
      .parse = [](Message& message, Reader body) -> Result<void> {
        ASHLAR_TRY(const Reader list, body.u8_prefixed());
        ASHLAR_CHECK(body.expect_end());
        ASHLAR_TRY(message.*Field, elements(list, ElementSize));
        return {};
      },
      .present = [](const Message& message) { return !(message.*Field).empty(); },
      .build = [](const Message& message, Writer& body) { write_u8_vector(body, message.*Field); },
  };
}

// A list of 16-bit numbers with a 16-bit length, at least one.
template <class Message, Bytes Message::*Field>
constexpr In<Message> number_list(Place place) {
  return u16_vector<Message, Field, 2>(place);
}

}  // namespace ashlar::tls
