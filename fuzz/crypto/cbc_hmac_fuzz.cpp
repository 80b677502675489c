// SPDX-License-Identifier: Apache-2.0
// AES-CBC with HMAC: every row seals as the standards say step by step; a flipped bit keeps it from opening
//
// Input: the hash and the key's size (2 bits each); the text's place in a cache line (1 byte); the sizes of
// the MAC key and of the header (1 byte each); the bit to flip (2 bytes); then key, initialisation vector,
// MAC key, header and text.
#include <ashlar/base/reader.hpp>
#include <ashlar/crypto/cbc_hmac.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "support/buffers.hpp"
#include "support/check.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using fuzz::Buffer;
using fuzz::joined;

namespace {

constexpr std::size_t kMaxInput = 4096;
constexpr std::size_t kKeySizes[] = {16, 24, 32, 16};
const HashAlgorithm* const kHashes[] = {&kSha256, &kSha1, &kSha384, &kSha224};

struct Message {
  const HashAlgorithm* hash = nullptr;
  std::size_t shift = 0;
  std::size_t bit = 0;
  Bytes key;
  Bytes iv;
  Bytes mac_key;
  Bytes header;
  Bytes text;
};

Result<Message> parse(Bytes input) {
  Reader reader(input);
  Message out;
  ASHLAR_TRY(const std::uint8_t choice, reader.u8());
  out.hash = kHashes[choice & 3];
  ASHLAR_TRY(const std::uint8_t shift, reader.u8());
  out.shift = shift % 64;
  ASHLAR_TRY(const std::uint8_t mac_key_size, reader.u8());
  ASHLAR_TRY(const std::uint8_t header_size, reader.u8());
  ASHLAR_TRY(out.bit, reader.u16());
  ASHLAR_TRY(out.key, reader.take(kKeySizes[choice >> 2 & 3]));
  ASHLAR_TRY(out.iv, reader.take(16));
  ASHLAR_TRY(out.mac_key, reader.take(mac_key_size));
  ASHLAR_TRY(out.header, reader.take(header_size));
  out.text = reader.take_rest();
  return out;
}

// The result of MAC-then-encrypt (RFC 5246 §6.2.3.2) or encrypt-then-MAC (RFC 7366 §3) on the portable rows.
Buffer sealed_by_steps(const Message& m, bool mac_first) {
  const HmacKey hmac(*m.hash, m.mac_key, &m.hash->kernels().back());
  Buffer mac(hmac.size());
  Buffer out = joined({m.text});
  if (mac_first) {
    hmac.mac(joined({m.header, m.text}), mac);
    out = joined({m.text, mac});
  }
  const std::size_t padding = 15 - out.size() % 16;
  out.insert(out.end(), padding + 1, static_cast<std::uint8_t>(padding));
  Buffer chain = joined({m.iv});
  const auto cipher = AesCbcEncryptor::create(m.key, &aes_kernels().back());
  FUZZ_CHECK(cipher && cipher->encrypt(MutBytes(chain).first<16>(), out, out));
  if (!mac_first) {
    hmac.mac(joined({m.header, m.iv, out}), mac);
    out = joined({out, mac});
  }
  return out;
}

// Whether a sealed message has the right MAC and padding; if so, `text` becomes its text. While the padding
// is not verified, the MAC is the one for a secret size, where the hash has such a MAC.
bool open(const Message& m, bool mac_first, Bytes iv, Bytes header, Bytes sealed, Buffer& text) {
  const HmacKey hmac(*m.hash, m.mac_key);
  Buffer mac(hmac.size());
  Buffer data = joined({sealed.first(sealed.size() - (mac_first ? 0 : mac.size()))});
  if (!mac_first) {
    hmac.mac(joined({header, iv, data}), mac);
    if (!equal_public(mac, sealed.last(mac.size()))) {
      return false;
    }
  }
  Buffer chain = joined({iv});
  const auto cipher = AesCbcDecryptor::create(m.key);
  FUZZ_CHECK(cipher && cipher->decrypt(MutBytes(chain).first<16>(), data, data));
  const std::size_t reserved = mac_first ? mac.size() : 0;
  const std::size_t padding = data.back();
  if (padding + 1 + reserved > data.size() || Buffer(data.end() - static_cast<std::ptrdiff_t>(padding + 1),
                                                     data.end()) != Buffer(padding + 1, data.back())) {
    return false;
  }
  text.assign(data.begin(), data.end() - static_cast<std::ptrdiff_t>(padding + 1 + reserved));
  if (!mac_first) {
    return true;
  }
  if (header.size() < m.hash->block_size) {
    const std::size_t most = data.size() - reserved - 1;
    hmac.mac_secret_size(header, Bytes(data).first(most), most < 255 ? 0 : most - 255, text.size(), mac);
  } else {
    hmac.mac(joined({header, text}), mac);
  }
  return equal_public(mac, Bytes(data).subspan(text.size(), mac.size()));
}

void check_opening(const Message& m, bool mac_first, Bytes sealed) {
  Buffer text;
  FUZZ_CHECK(open(m, mac_first, m.iv, m.header, sealed, text) && equal_public(text, m.text));
  Buffer all = joined({m.iv, m.header, sealed});
  const std::size_t bit = m.bit % (8 * all.size());
  all[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
  const Bytes changed(all);
  FUZZ_CHECK(!open(m, mac_first, changed.first(16), changed.subspan(16, m.header.size()),
                   changed.subspan(16 + m.header.size()), text));
}

Result<void> seal(const CbcHmacSealer& sealer, const Message& m, bool mac_first, Bytes text, MutBytes out) {
  return mac_first ? sealer.mac_then_encrypt(m.iv.first<16>(), m.header, text, out)
                   : sealer.encrypt_then_mac(m.iv.first<16>(), m.header, text, out);
}

// A text may stand at the start of the output or apart from it. Other places and other sizes are refused, and
// nothing is written.
void check_row(const CbcHmacKernel& row, const Message& m, bool mac_first, const Buffer& expected) {
  const auto sealer = CbcHmacSealer::create(*m.hash, m.mac_key, m.key, &row);
  FUZZ_CHECK(sealer.ok() && sealer->mac_size() == m.hash->digest_size);
  Buffer room(m.shift + expected.size() + 1);
  const MutBytes out = MutBytes(room).subspan(m.shift, expected.size());
  FUZZ_CHECK(seal(*sealer, m, mac_first, m.text, out).ok());
  FUZZ_CHECK(equal_public(out, expected) && room.back() == 0);

  copy_bytes(out, m.text);
  const Buffer before = room;
  const std::size_t size = m.text.size();
  for (const std::size_t wrong : {expected.size() - 1, expected.size() + 1}) {
    const auto refused =
        seal(*sealer, m, mac_first, out.first(size), MutBytes(room).subspan(m.shift).first(wrong));
    FUZZ_CHECK(!refused.ok() && refused.error() == ErrorCode::invalid_argument);
  }
  if (size > 1) {
    const auto refused =
        seal(*sealer, m, mac_first, out.first(size), MutBytes(room).subspan(m.shift + 1).first(out.size()));
    FUZZ_CHECK(!refused.ok() && refused.error() == ErrorCode::partial_overlap);
  }
  FUZZ_CHECK(room == before);
  FUZZ_CHECK(seal(*sealer, m, mac_first, out.first(size), out).ok());
  FUZZ_CHECK(equal_public(out, expected));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMaxInput) {
    return -1;
  }
  const Result<Message> parsed = parse({data, size});
  if (!parsed) {
    return -1;
  }
  for (const bool mac_first : {true, false}) {
    const Buffer expected = sealed_by_steps(*parsed, mac_first);
    for (const CbcHmacKernel& row : cbc_hmac_kernels(*parsed->hash)) {
      if (cpu::features().contains(row.required)) {
        check_row(row, *parsed, mac_first, expected);
      }
    }
    check_opening(*parsed, mac_first, expected);
  }
  return 0;
}
