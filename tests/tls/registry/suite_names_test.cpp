// SPDX-License-Identifier: Apache-2.0
// The names of cipher suites against the RFCs that gave them.
#include "catch.hpp"

#include <ashlar/tls/policy.hpp>
#include <ashlar/tls/suite_names.hpp>

#include <set>
#include <string>

using namespace ashlar;
using namespace ashlar::tls;

namespace {

std::string name_of(unsigned id) {
  char room[kMaxSuiteName];
  return std::string(iana_name(SuiteId{static_cast<std::uint16_t>(id)}, room));
}

struct Published {
  unsigned id;
  const char* name;
};
const Published kPublished[] = {
    {0x0000, "TLS_NULL_WITH_NULL_NULL"},                       // RFC 5246
    {0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5"},                // RFC 4346
    {0x0005, "TLS_RSA_WITH_RC4_128_SHA"},                      // RFC 5246
    {0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"},                 // RFC 5246
    {0x001b, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA"},             // RFC 5246
    {0x001e, "TLS_KRB5_WITH_DES_CBC_SHA"},                     // RFC 2712
    {0x002c, "TLS_PSK_WITH_NULL_SHA"},                         // RFC 4785
    {0x0088, "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA"},         // RFC 5932
    {0x0096, "TLS_RSA_WITH_SEED_CBC_SHA"},                     // RFC 4162
    {0x00aa, "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256"},           // RFC 5487
    {0x00c6, "TLS_SM4_GCM_SM3"},                               // RFC 8998
    {0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"},             // RFC 5746
    {0x1301, "TLS_AES_128_GCM_SHA256"},                        // RFC 9846
    {0x1305, "TLS_AES_128_CCM_8_SHA256"},                      // RFC 9846
    {0x5600, "TLS_FALLBACK_SCSV"},                             // RFC 7507
    {0xc001, "TLS_ECDH_ECDSA_WITH_NULL_SHA"},                  // RFC 8422
    {0xc018, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA"},            // RFC 8422
    {0xc01a, "TLS_SRP_SHA_WITH_3DES_EDE_CBC_SHA"},             // RFC 5054
    {0xc03c, "TLS_RSA_WITH_ARIA_128_CBC_SHA256"},              // RFC 6209
    {0xc097, "TLS_DHE_PSK_WITH_CAMELLIA_256_CBC_SHA384"},      // RFC 6367
    {0xc0aa, "TLS_PSK_DHE_WITH_AES_128_CCM_8"},                // RFC 6655
    {0xc0b5, "TLS_SHA384_SHA384"},                             // RFC 9150
    {0xc100, "TLS_GOSTR341112_256_WITH_KUZNYECHIK_CTR_OMAC"},  // RFC 9189
    {0xccac, "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256"},   // RFC 7905
    {0xd005, "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256"},         // RFC 8442
};

}  // namespace

TEST_CASE("suite names: those that the RFCs give, and none where the registry has none", "[tls]") {
  for (const Published& row : kPublished) {
    CHECK(name_of(row.id) == row.name);
  }
  // Unassigned, reserved, GREASE (RFC 8701), private use.
  for (const unsigned id :
       {0x001cu, 0x001du, 0x0047u, 0x00c8u, 0x0a0au, 0x1300u, 0xc000u, 0xccabu + 0x20, 0xff00u}) {
    CHECK(name_of(id).empty());
  }
}

TEST_CASE("suite names: suites that are spoken have the same name in their rows", "[tls]") {
  for (const tls12::Suite* suite : policy::compat.suites) {
    CHECK(name_of(static_cast<unsigned>(suite->id)) == suite->name);
  }
  for (const tls13::Suite* suite : policy::compat.tls13_suites) {
    CHECK(name_of(static_cast<unsigned>(suite->id)) == suite->name);
  }
}

TEST_CASE("suite names: no two suites share one", "[tls]") {
  std::set<std::string> names;
  std::size_t count = 0;
  for (unsigned id = 0; id <= 0xffff; ++id) {
    const std::string name = name_of(id);
    if (!name.empty()) {
      ++count;
      CHECK(names.insert(name).second);
      CHECK(name.rfind("TLS_", 0) == 0);
    }
  }
  CHECK(count == 352);
}
