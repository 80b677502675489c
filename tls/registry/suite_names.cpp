// SPDX-License-Identifier: Apache-2.0
// IANA's registry of TLS cipher suites, in two parts of a name and one row of four bytes for each suite. It
// is apart from the rows that are spoken, so that a program which does not ask for these names does not link
// them.
#include <ashlar/tls/suite_names.hpp>

#include <algorithm>
#include <iterator>

namespace ashlar::tls {
namespace {

// What stands before _WITH_; the first is for names without it.
constexpr std::string_view kExchanges[] = {
    "",
    "NULL",
    "RSA",
    "RSA_EXPORT",
    "DH_DSS_EXPORT",
    "DH_DSS",
    "DH_RSA_EXPORT",
    "DH_RSA",
    "DHE_DSS_EXPORT",
    "DHE_DSS",
    "DHE_RSA_EXPORT",
    "DHE_RSA",
    "DH_anon_EXPORT",
    "DH_anon",
    "KRB5",
    "KRB5_EXPORT",
    "PSK",
    "DHE_PSK",
    "RSA_PSK",
    "ECDH_ECDSA",
    "ECDHE_ECDSA",
    "ECDH_RSA",
    "ECDHE_RSA",
    "ECDH_anon",
    "SRP_SHA",
    "SRP_SHA_RSA",
    "SRP_SHA_DSS",
    "ECDHE_PSK",
    "PSK_DHE",
    "ECCPWD",
    "GOSTR341112_256",
};
// What stands behind it.
constexpr std::string_view kCiphers[] = {
    "NULL_NULL",
    "NULL_MD5",
    "NULL_SHA",
    "RC4_40_MD5",
    "RC4_128_MD5",
    "RC4_128_SHA",
    "RC2_CBC_40_MD5",
    "IDEA_CBC_SHA",
    "DES40_CBC_SHA",
    "DES_CBC_SHA",
    "3DES_EDE_CBC_SHA",
    "DES_CBC_MD5",
    "3DES_EDE_CBC_MD5",
    "IDEA_CBC_MD5",
    "DES_CBC_40_SHA",
    "RC2_CBC_40_SHA",
    "RC4_40_SHA",
    "DES_CBC_40_MD5",
    "AES_128_CBC_SHA",
    "AES_256_CBC_SHA",
    "NULL_SHA256",
    "AES_128_CBC_SHA256",
    "AES_256_CBC_SHA256",
    "CAMELLIA_128_CBC_SHA",
    "CAMELLIA_256_CBC_SHA",
    "SEED_CBC_SHA",
    "AES_128_GCM_SHA256",
    "AES_256_GCM_SHA384",
    "AES_256_CBC_SHA384",
    "NULL_SHA384",
    "CAMELLIA_128_CBC_SHA256",
    "CAMELLIA_256_CBC_SHA256",
    "SM4_GCM_SM3",
    "SM4_CCM_SM3",
    "EMPTY_RENEGOTIATION_INFO_SCSV",
    "CHACHA20_POLY1305_SHA256",
    "AES_128_CCM_SHA256",
    "AES_128_CCM_8_SHA256",
    "AEGIS_256_SHA512",
    "AEGIS_128L_SHA256",
    "FALLBACK_SCSV",
    "ARIA_128_CBC_SHA256",
    "ARIA_256_CBC_SHA384",
    "ARIA_128_GCM_SHA256",
    "ARIA_256_GCM_SHA384",
    "CAMELLIA_256_CBC_SHA384",
    "CAMELLIA_128_GCM_SHA256",
    "CAMELLIA_256_GCM_SHA384",
    "AES_128_CCM",
    "AES_256_CCM",
    "AES_128_CCM_8",
    "AES_256_CCM_8",
    "AES_256_CCM_SHA384",
    "SHA256_SHA256",
    "SHA384_SHA384",
    "KUZNYECHIK_CTR_OMAC",
    "MAGMA_CTR_OMAC",
    "28147_CNT_IMIT",
    "KUZNYECHIK_MGM_L",
    "MAGMA_MGM_L",
    "KUZNYECHIK_MGM_S",
    "MAGMA_MGM_S",
};

struct Row {
  std::uint16_t id;
  std::uint8_t exchange;  // the places in the two tables
  std::uint8_t cipher;
};
// Sorted by number.
// clang-format off
constexpr Row kRows[] = {
    {0x0000, 1, 0}, {0x0001, 2, 1}, {0x0002, 2, 2}, {0x0003, 3, 3}, {0x0004, 2, 4}, {0x0005, 2, 5},
    {0x0006, 3, 6}, {0x0007, 2, 7}, {0x0008, 3, 8}, {0x0009, 2, 9}, {0x000a, 2, 10}, {0x000b, 4, 8},
    {0x000c, 5, 9}, {0x000d, 5, 10}, {0x000e, 6, 8}, {0x000f, 7, 9}, {0x0010, 7, 10}, {0x0011, 8, 8},
    {0x0012, 9, 9}, {0x0013, 9, 10}, {0x0014, 10, 8}, {0x0015, 11, 9}, {0x0016, 11, 10}, {0x0017, 12, 3},
    {0x0018, 13, 4}, {0x0019, 12, 8}, {0x001a, 13, 9}, {0x001b, 13, 10}, {0x001e, 14, 9}, {0x001f, 14, 10},
    {0x0020, 14, 5}, {0x0021, 14, 7}, {0x0022, 14, 11}, {0x0023, 14, 12}, {0x0024, 14, 4}, {0x0025, 14, 13},
    {0x0026, 15, 14}, {0x0027, 15, 15}, {0x0028, 15, 16}, {0x0029, 15, 17}, {0x002a, 15, 6}, {0x002b, 15, 3},
    {0x002c, 16, 2}, {0x002d, 17, 2}, {0x002e, 18, 2}, {0x002f, 2, 18}, {0x0030, 5, 18}, {0x0031, 7, 18},
    {0x0032, 9, 18}, {0x0033, 11, 18}, {0x0034, 13, 18}, {0x0035, 2, 19}, {0x0036, 5, 19}, {0x0037, 7, 19},
    {0x0038, 9, 19}, {0x0039, 11, 19}, {0x003a, 13, 19}, {0x003b, 2, 20}, {0x003c, 2, 21}, {0x003d, 2, 22},
    {0x003e, 5, 21}, {0x003f, 7, 21}, {0x0040, 9, 21}, {0x0041, 2, 23}, {0x0042, 5, 23}, {0x0043, 7, 23},
    {0x0044, 9, 23}, {0x0045, 11, 23}, {0x0046, 13, 23}, {0x0067, 11, 21}, {0x0068, 5, 22}, {0x0069, 7, 22},
    {0x006a, 9, 22}, {0x006b, 11, 22}, {0x006c, 13, 21}, {0x006d, 13, 22}, {0x0084, 2, 24}, {0x0085, 5, 24},
    {0x0086, 7, 24}, {0x0087, 9, 24}, {0x0088, 11, 24}, {0x0089, 13, 24}, {0x008a, 16, 5}, {0x008b, 16, 10},
    {0x008c, 16, 18}, {0x008d, 16, 19}, {0x008e, 17, 5}, {0x008f, 17, 10}, {0x0090, 17, 18},
    {0x0091, 17, 19}, {0x0092, 18, 5}, {0x0093, 18, 10}, {0x0094, 18, 18}, {0x0095, 18, 19}, {0x0096, 2, 25},
    {0x0097, 5, 25}, {0x0098, 7, 25}, {0x0099, 9, 25}, {0x009a, 11, 25}, {0x009b, 13, 25}, {0x009c, 2, 26},
    {0x009d, 2, 27}, {0x009e, 11, 26}, {0x009f, 11, 27}, {0x00a0, 7, 26}, {0x00a1, 7, 27}, {0x00a2, 9, 26},
    {0x00a3, 9, 27}, {0x00a4, 5, 26}, {0x00a5, 5, 27}, {0x00a6, 13, 26}, {0x00a7, 13, 27}, {0x00a8, 16, 26},
    {0x00a9, 16, 27}, {0x00aa, 17, 26}, {0x00ab, 17, 27}, {0x00ac, 18, 26}, {0x00ad, 18, 27},
    {0x00ae, 16, 21}, {0x00af, 16, 28}, {0x00b0, 16, 20}, {0x00b1, 16, 29}, {0x00b2, 17, 21},
    {0x00b3, 17, 28}, {0x00b4, 17, 20}, {0x00b5, 17, 29}, {0x00b6, 18, 21}, {0x00b7, 18, 28},
    {0x00b8, 18, 20}, {0x00b9, 18, 29}, {0x00ba, 2, 30}, {0x00bb, 5, 30}, {0x00bc, 7, 30}, {0x00bd, 9, 30},
    {0x00be, 11, 30}, {0x00bf, 13, 30}, {0x00c0, 2, 31}, {0x00c1, 5, 31}, {0x00c2, 7, 31}, {0x00c3, 9, 31},
    {0x00c4, 11, 31}, {0x00c5, 13, 31}, {0x00c6, 0, 32}, {0x00c7, 0, 33}, {0x00ff, 0, 34}, {0x1301, 0, 26},
    {0x1302, 0, 27}, {0x1303, 0, 35}, {0x1304, 0, 36}, {0x1305, 0, 37}, {0x1306, 0, 38}, {0x1307, 0, 39},
    {0x5600, 0, 40}, {0xc001, 19, 2}, {0xc002, 19, 5}, {0xc003, 19, 10}, {0xc004, 19, 18}, {0xc005, 19, 19},
    {0xc006, 20, 2}, {0xc007, 20, 5}, {0xc008, 20, 10}, {0xc009, 20, 18}, {0xc00a, 20, 19}, {0xc00b, 21, 2},
    {0xc00c, 21, 5}, {0xc00d, 21, 10}, {0xc00e, 21, 18}, {0xc00f, 21, 19}, {0xc010, 22, 2}, {0xc011, 22, 5},
    {0xc012, 22, 10}, {0xc013, 22, 18}, {0xc014, 22, 19}, {0xc015, 23, 2}, {0xc016, 23, 5}, {0xc017, 23, 10},
    {0xc018, 23, 18}, {0xc019, 23, 19}, {0xc01a, 24, 10}, {0xc01b, 25, 10}, {0xc01c, 26, 10},
    {0xc01d, 24, 18}, {0xc01e, 25, 18}, {0xc01f, 26, 18}, {0xc020, 24, 19}, {0xc021, 25, 19},
    {0xc022, 26, 19}, {0xc023, 20, 21}, {0xc024, 20, 28}, {0xc025, 19, 21}, {0xc026, 19, 28},
    {0xc027, 22, 21}, {0xc028, 22, 28}, {0xc029, 21, 21}, {0xc02a, 21, 28}, {0xc02b, 20, 26},
    {0xc02c, 20, 27}, {0xc02d, 19, 26}, {0xc02e, 19, 27}, {0xc02f, 22, 26}, {0xc030, 22, 27},
    {0xc031, 21, 26}, {0xc032, 21, 27}, {0xc033, 27, 5}, {0xc034, 27, 10}, {0xc035, 27, 18},
    {0xc036, 27, 19}, {0xc037, 27, 21}, {0xc038, 27, 28}, {0xc039, 27, 2}, {0xc03a, 27, 20},
    {0xc03b, 27, 29}, {0xc03c, 2, 41}, {0xc03d, 2, 42}, {0xc03e, 5, 41}, {0xc03f, 5, 42}, {0xc040, 7, 41},
    {0xc041, 7, 42}, {0xc042, 9, 41}, {0xc043, 9, 42}, {0xc044, 11, 41}, {0xc045, 11, 42}, {0xc046, 13, 41},
    {0xc047, 13, 42}, {0xc048, 20, 41}, {0xc049, 20, 42}, {0xc04a, 19, 41}, {0xc04b, 19, 42},
    {0xc04c, 22, 41}, {0xc04d, 22, 42}, {0xc04e, 21, 41}, {0xc04f, 21, 42}, {0xc050, 2, 43}, {0xc051, 2, 44},
    {0xc052, 11, 43}, {0xc053, 11, 44}, {0xc054, 7, 43}, {0xc055, 7, 44}, {0xc056, 9, 43}, {0xc057, 9, 44},
    {0xc058, 5, 43}, {0xc059, 5, 44}, {0xc05a, 13, 43}, {0xc05b, 13, 44}, {0xc05c, 20, 43}, {0xc05d, 20, 44},
    {0xc05e, 19, 43}, {0xc05f, 19, 44}, {0xc060, 22, 43}, {0xc061, 22, 44}, {0xc062, 21, 43},
    {0xc063, 21, 44}, {0xc064, 16, 41}, {0xc065, 16, 42}, {0xc066, 17, 41}, {0xc067, 17, 42},
    {0xc068, 18, 41}, {0xc069, 18, 42}, {0xc06a, 16, 43}, {0xc06b, 16, 44}, {0xc06c, 17, 43},
    {0xc06d, 17, 44}, {0xc06e, 18, 43}, {0xc06f, 18, 44}, {0xc070, 27, 41}, {0xc071, 27, 42},
    {0xc072, 20, 30}, {0xc073, 20, 45}, {0xc074, 19, 30}, {0xc075, 19, 45}, {0xc076, 22, 30},
    {0xc077, 22, 45}, {0xc078, 21, 30}, {0xc079, 21, 45}, {0xc07a, 2, 46}, {0xc07b, 2, 47}, {0xc07c, 11, 46},
    {0xc07d, 11, 47}, {0xc07e, 7, 46}, {0xc07f, 7, 47}, {0xc080, 9, 46}, {0xc081, 9, 47}, {0xc082, 5, 46},
    {0xc083, 5, 47}, {0xc084, 13, 46}, {0xc085, 13, 47}, {0xc086, 20, 46}, {0xc087, 20, 47},
    {0xc088, 19, 46}, {0xc089, 19, 47}, {0xc08a, 22, 46}, {0xc08b, 22, 47}, {0xc08c, 21, 46},
    {0xc08d, 21, 47}, {0xc08e, 16, 46}, {0xc08f, 16, 47}, {0xc090, 17, 46}, {0xc091, 17, 47},
    {0xc092, 18, 46}, {0xc093, 18, 47}, {0xc094, 16, 30}, {0xc095, 16, 45}, {0xc096, 17, 30},
    {0xc097, 17, 45}, {0xc098, 18, 30}, {0xc099, 18, 45}, {0xc09a, 27, 30}, {0xc09b, 27, 45},
    {0xc09c, 2, 48}, {0xc09d, 2, 49}, {0xc09e, 11, 48}, {0xc09f, 11, 49}, {0xc0a0, 2, 50}, {0xc0a1, 2, 51},
    {0xc0a2, 11, 50}, {0xc0a3, 11, 51}, {0xc0a4, 16, 48}, {0xc0a5, 16, 49}, {0xc0a6, 17, 48},
    {0xc0a7, 17, 49}, {0xc0a8, 16, 50}, {0xc0a9, 16, 51}, {0xc0aa, 28, 50}, {0xc0ab, 28, 51},
    {0xc0ac, 20, 48}, {0xc0ad, 20, 49}, {0xc0ae, 20, 50}, {0xc0af, 20, 51}, {0xc0b0, 29, 26},
    {0xc0b1, 29, 27}, {0xc0b2, 29, 36}, {0xc0b3, 29, 52}, {0xc0b4, 0, 53}, {0xc0b5, 0, 54}, {0xc100, 30, 55},
    {0xc101, 30, 56}, {0xc102, 30, 57}, {0xc103, 30, 58}, {0xc104, 30, 59}, {0xc105, 30, 60},
    {0xc106, 30, 61}, {0xcca8, 22, 35}, {0xcca9, 20, 35}, {0xccaa, 11, 35}, {0xccab, 16, 35},
    {0xccac, 27, 35}, {0xccad, 17, 35}, {0xccae, 18, 35}, {0xd001, 27, 26}, {0xd002, 27, 27},
    {0xd003, 27, 37}, {0xd005, 27, 36},
};
// clang-format on

constexpr bool is_sorted() {
  for (std::size_t i = 1; i < std::size(kRows); ++i) {
    if (kRows[i - 1].id >= kRows[i].id) {
      return false;
    }
  }
  return true;
}
static_assert(is_sorted());

// A text that grows in the caller's room.
class Text {
 public:
  explicit Text(std::span<char, kMaxSuiteName> room) : room_(room) {}
  void add(std::string_view part) {
    for (const char c : part) {
      room_[size_++] = c;
    }
  }
  std::string_view whole() const { return {room_.data(), size_}; }

 private:
  std::span<char, kMaxSuiteName> room_;
  std::size_t size_ = 0;
};

constexpr std::string_view kStart = "TLS_", kWith = "_WITH_";
constexpr std::size_t longest(std::span<const std::string_view> names) {
  std::size_t size = 0;
  for (const std::string_view name : names) {
    size = name.size() > size ? name.size() : size;
  }
  return size;
}
static_assert(kStart.size() + longest(kExchanges) + kWith.size() + longest(kCiphers) <= kMaxSuiteName);

}  // namespace

std::string_view iana_name(SuiteId suite, std::span<char, kMaxSuiteName> room) {
  const auto id = static_cast<std::uint16_t>(suite);
  const auto* const row =
      std::lower_bound(std::begin(kRows), std::end(kRows), id,
                       [](const Row& each, std::uint16_t wanted) { return each.id < wanted; });
  if (row == std::end(kRows) || row->id != id) {
    return {};
  }
  Text name(room);
  name.add(kStart);
  if (row->exchange != 0) {
    name.add(kExchanges[row->exchange]);
    name.add(kWith);
  }
  name.add(kCiphers[row->cipher]);
  return name.whole();
}

}  // namespace ashlar::tls
