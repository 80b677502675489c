// SPDX-License-Identifier: Apache-2.0
// Keys under a passphrase: any bytes are refused or opened within the limits; what is written opens, once
// only
//
// The first byte: an even one reads the rest as an EncryptedPrivateKeyInfo; with an odd one the rest is a
// passphrase, and three bytes before it say which byte of the written key is damaged, and how.
#include <ashlar/x509/encrypted_key.hpp>

#include "support/check.hpp"
#include "support/choices.hpp"
#include "tls/support/identities.hpp"

using namespace ashlar;
using namespace ashlar::x509;

namespace {

void read_any(Bytes der) {
  const auto parsed = EncryptedKey::parse_der(der);
  if (!parsed) {
    fuzz::refused(parsed.error());
    return;
  }
  // As much work as a file may ask for takes seconds: only cheap ones are opened.
  FUZZ_CHECK(parsed->workspace_size() <= kMaxKeyScryptMemory + 2 * kMaxKeyScryptBlocks);
  fuzz::accepted("readable, workspace", parsed->workspace_size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 5 || size > 2048) {
    return -1;
  }
  if ((data[0] & 1) == 0) {
    read_any(Bytes(data, size).subspan(1));
    return 0;
  }
  static const PrivateKey key = *PrivateKey::parse_pem(test::pem::kEcdsaKey);
  fuzz::Choices in(data, size);
  const bool scrypt = (in.byte() & 2) != 0;
  const std::size_t position = in.number(2);
  const std::uint8_t flips = in.byte();
  const Bytes passphrase = in.rest();
  KeyEncryption how;
  how.iterations = 2;
  if (scrypt) {
    how.scrypt = crypto::ScryptCost{4, 1, 1};
  }
  crypto::DeterministicRandom random(std::uint64_t{1});
  const auto needed = key_encryption_workspace_size(how);
  FUZZ_CHECK(needed);
  std::vector<std::uint8_t> workspace(*needed), room(kMaxEncryptedKeySize);
  const auto written = write_encrypted_key(key, passphrase, how, random.random(), workspace, room);
  FUZZ_CHECK(written);
  std::vector<std::uint8_t> der(written->begin(), written->end());
  const auto open = [&](Bytes with) -> Result<PrivateKey> {
    const auto parsed = EncryptedKey::parse_der(der);
    if (!parsed) {
      return parsed.error();
    }
    if (parsed->workspace_size() > 1 << 20) {
      return ErrorCode::key_encryption_too_costly;  // a damaged cost
    }
    std::vector<std::uint8_t> work(parsed->workspace_size());
    return parsed->open(with, work);
  };
  const auto opened = open(passphrase);
  FUZZ_CHECK(opened && opened->public_key().equals(key.public_key()));
  std::vector<std::uint8_t> other(passphrase.begin(), passphrase.end());
  other.push_back('x');
  FUZZ_CHECK(!open(other).ok());
  if (flips == 0) {
    fuzz::accepted("opens");
    return 0;
  }
  // A damaged iteration count may ask for ten million: leave the parameters' numbers alone.
  const std::size_t at = der.size() - 1 - position % 128;
  der[at] = static_cast<std::uint8_t>(der[at] ^ flips);
  const auto damaged = open(passphrase);
  // CBC without a MAC: a key that is not the same, if any.
  FUZZ_CHECK(!damaged || !damaged->public_key().equals(key.public_key()) || position % 128 >= 112);
  if (damaged) {
    fuzz::accepted("damaged, and opens");
  } else {
    fuzz::refused(damaged.error());
  }
  return 0;
}
