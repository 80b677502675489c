// SPDX-License-Identifier: Apache-2.0
// The table of extensions against the RFCs' tables.
#include "extension/table.hpp"
#include "catch.hpp"

#include <ashlar/tls/event.hpp>

#include <set>

using namespace ashlar;
using namespace ashlar::tls;

namespace {

// RFC 9846 §4.2: where each extension may stand in TLS 1.3.
struct Tls13 {
  unsigned type;
  std::set<Carrier> carriers;
};
using enum Carrier;
const Tls13 kRfc9846[] = {
    {0, {client_hello, encrypted_extensions}},                       // server_name
    {1, {client_hello, encrypted_extensions}},                       // max_fragment_length
    {5, {client_hello, certificate_request, certificate}},           // status_request
    {10, {client_hello, encrypted_extensions}},                      // supported_groups
    {13, {client_hello, certificate_request}},                       // signature_algorithms
    {14, {client_hello, encrypted_extensions}},                      // use_srtp
    {15, {client_hello, encrypted_extensions}},                      // heartbeat
    {16, {client_hello, encrypted_extensions}},                      // ALPN
    {18, {client_hello, certificate_request, certificate}},          // signed_certificate_timestamp
    {19, {client_hello, encrypted_extensions}},                      // client_certificate_type
    {20, {client_hello, encrypted_extensions}},                      // server_certificate_type
    {21, {client_hello}},                                            // padding
    {28, {client_hello, encrypted_extensions}},                      // record_size_limit
    {41, {client_hello, server_hello}},                              // pre_shared_key
    {42, {client_hello, encrypted_extensions, new_session_ticket}},  // early_data
    {43, {client_hello, server_hello, hello_retry_request}},         // supported_versions
    {44, {client_hello, hello_retry_request}},                       // cookie
    {45, {client_hello}},                                            // psk_key_exchange_modes
    {47, {client_hello, certificate_request}},                       // certificate_authorities
    {48, {certificate_request}},                                     // oid_filters
    {49, {client_hello}},                                            // post_handshake_auth
    {50, {client_hello, certificate_request}},                       // signature_algorithms_cert
    {51, {client_hello, server_hello, hello_retry_request}},         // key_share
    {27, {client_hello, certificate_request}},                       // compress_certificate: RFC 8879 §3
    {58, {client_hello, encrypted_extensions}},                      // ticket_request: RFC 9149 §3
};

// TLS 1.2: which extensions a server answers in its hello. The RFC of each extension says so. All begin in a
// ClientHello.
struct Tls12 {
  unsigned type;
  bool answered;
};
const Tls12 kRfc5246[] = {
    {0, true},       // server_name: RFC 6066 §3
    {1, true},       // max_fragment_length: RFC 6066 §4
    {5, true},       // status_request: RFC 6066 §8
    {10, false},     // supported_groups: RFC 8422 §5.1.1
    {11, true},      // ec_point_formats: RFC 8422 §5.2
    {13, false},     // signature_algorithms: RFC 5246 §7.4.1.4.1
    {16, true},      // ALPN: RFC 7301 §3.1
    {18, true},      // signed_certificate_timestamp: RFC 6962 §3.3.1
    {19, true},      // client_certificate_type: RFC 7250 §3
    {20, true},      // server_certificate_type: RFC 7250 §3
    {22, true},      // encrypt_then_mac: RFC 7366 §2
    {23, true},      // extended_master_secret: RFC 7627 §5.1
    {28, true},      // record_size_limit: RFC 8449 §4
    {35, true},      // session_ticket: RFC 5077 §3.2
    {0xff01, true},  // renegotiation_info: RFC 5746 §3.6
};

template <std::size_t N, class Row>
const Row* find(const Row (&rows)[N], ExtensionType type) {
  for (const Row& row : rows) {
    if (row.type == static_cast<unsigned>(type)) {
      return &row;
    }
  }
  return nullptr;
}

constexpr Carrier kCarriers[] = {client_hello, server_hello,        hello_retry_request, encrypted_extensions,
                                 certificate,  certificate_request, new_session_ticket};

}  // namespace

TEST_CASE("H04 extensions: each may stand where the RFCs' tables say", "[tls]") {
  for (const Extension& row : kExtensions) {
    INFO(row.name);
    // An extension of TLS 1.2 only may stand in a ClientHello that also offers TLS 1.3, but in no other
    // message of TLS 1.3.
    const Tls13* tls13 = find(kRfc9846, row.type);
    for (const Carrier carrier : kCarriers) {
      INFO("message " << static_cast<int>(carrier));
      CHECK(row.allowed.has(carrier, Versions::tls13) ==
            (tls13 != nullptr && tls13->carriers.count(carrier) != 0));
    }
    const Tls12* tls12 = find(kRfc5246, row.type);
    REQUIRE((tls12 != nullptr || tls13 != nullptr));
    if (tls12 != nullptr) {
      CHECK(row.allowed.has(client_hello, Versions::tls12));
      CHECK(row.allowed.has(server_hello, Versions::tls12) == tls12->answered);
    }
    for (const Carrier carrier : {hello_retry_request, encrypted_extensions, certificate_request}) {
      CHECK(!row.allowed.has(carrier, Versions::tls12));
    }
  }
}

TEST_CASE("extensions: a set of messages knows versions apart", "[tls]") {
  constexpr Carriers some = in(client_hello, Versions::both) | in(server_hello, Versions::tls12);
  CHECK(some.has(client_hello, Versions::tls12));
  CHECK(some.has(client_hello, Versions::tls13));
  CHECK(some.has(server_hello, Versions::tls12));
  CHECK(!some.has(server_hello, Versions::tls13));
  CHECK(some.has(server_hello, Versions::both));
  CHECK(!some.has(certificate, Versions::both));
  CHECK(!Carriers().has(client_hello, Versions::both));
}

TEST_CASE("extensions: every row has a name and places of its own", "[tls]") {
  std::set<std::string_view> names;
  std::set<Place> places;
  for (const Extension& row : kExtensions) {
    INFO(row.name);
    CHECK(names.insert(row.name).second);
    CHECK(name(row.type) == row.name);
    for (const Place place : {row.client_hello.place, row.server_hello.place}) {
      CHECK((place == Place::none || places.insert(place).second));
    }
    // A place has the name of its extension.
    for (const PlaceRow& place : kPlaceTable) {
      if (place.place == row.client_hello.place && place.place != Place::none) {
        CHECK(place.text == row.name);
        CHECK(place.parent == Place::client_hello_extensions);
      }
      if (place.place == row.server_hello.place && place.place != Place::none) {
        CHECK(place.text == row.name);
        CHECK(place.parent == Place::server_hello_extensions);
      }
    }
  }
  // Extensions that Ashlar does not speak have names too.
  CHECK(name(ExtensionType{51}) == "key_share");
  CHECK(name(ExtensionType{0x0a0a}) == "unknown");
}
