// SPDX-License-Identifier: Apache-2.0
// The CBC record check: the constant-time verdict is that of the plain reading of RFC 5246 §6.2.3.2
//
// The first byte says whether the MAC is to be made right; the rest is the decrypted data.
#include "record/cbc_check.hpp"
#include "support/check.hpp"

#include <ashlar/crypto/sha2.hpp>

#include <array>

using namespace ashlar;
using namespace ashlar::tls;

namespace {

constexpr std::size_t kMaxInput = 1024;
constexpr std::size_t kMacSize = 32;

// Whether the last byte equals the bytes before it, as many as it says, with `reserved` bytes left.
bool plain_padding(Bytes data, std::size_t reserved, std::size_t& padding) {
  padding = data.back();
  if (padding + 1 + reserved > data.size()) {
    return false;
  }
  for (std::size_t i = 0; i <= padding; ++i) {
    if (data[data.size() - 1 - i] != padding) {
      return false;
    }
  }
  return true;
}

void plain_mac(const crypto::HmacKey& key, Bytes content, MutBytes mac) {
  const std::uint8_t header[13] = {0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   9,
                                   23,
                                   3,
                                   3,
                                   static_cast<std::uint8_t>(content.size() >> 8),
                                   static_cast<std::uint8_t>(content.size())};
  const Bytes parts[] = {header, content};
  key.mac(parts, mac);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 + kMacSize + 1 || size > kMaxInput) {
    return -1;
  }
  std::array<std::uint8_t, kMaxInput> memory;
  const MutBytes body = MutBytes(memory).first(size - 1);
  copy_bytes(body, Bytes(data, size).subspan(1));
  const std::uint8_t key_bytes[32] = {1, 2, 3};
  const crypto::HmacKey key(crypto::kSha256, key_bytes);

  std::size_t padding = 0;
  const bool padding_good = plain_padding(body, kMacSize, padding);
  bool good = false;
  if (padding_good) {
    const std::size_t content = body.size() - kMacSize - padding - 1;
    std::uint8_t mac[kMacSize];
    plain_mac(key, body.first(content), mac);
    if ((data[0] & 1) != 0) {
      copy_bytes(body.subspan(content), mac);
    }
    good = equal_public(body.subspan(content, kMacSize), mac);
  }
  const CbcVerdict verdict = check_mac_then_encrypt(key, 9, ContentType::application_data, body);
  FUZZ_CHECK(verdict.good.declassify() == good);
  FUZZ_CHECK(verdict.padding_size == (padding_good ? padding : 0));

  const CbcVerdict without_mac = check_cbc_padding(body, 0);
  std::size_t expected = 0;
  const bool expected_good = plain_padding(body, 0, expected);
  FUZZ_CHECK(without_mac.good.declassify() == expected_good);
  FUZZ_CHECK(without_mac.padding_size == (expected_good ? expected : 0));
  return 0;
}
