// SPDX-License-Identifier: Apache-2.0
// ECDSA signatures: read as a plain reading of ECDSA-Sig-Value has them, and written to the same bytes
//
// The first byte is the size of a number, 32, 48 or 66; the rest is a signature in DER.
#include "key_kinds/ec.hpp"

#include <vector>

#include "support/check.hpp"
#include "support/plain.hpp"

using namespace ashlar;

namespace {

// A non-negative number, right-aligned in `size` bytes; false if it is none or too long.
bool plain_number(const fuzz::plain::Der& number, std::size_t size, std::vector<std::uint8_t>& out) {
  if (number.tag != 0x02 || !fuzz::plain::primitive_is_strict(0x02, number.content) ||
      number.content[0] >= 0x80) {
    return false;
  }
  const std::size_t zero = number.content.size() > 1 && number.content[0] == 0 ? 1 : 0;
  const Bytes magnitude = number.content.subspan(zero);
  if (magnitude.size() > size) {
    return false;
  }
  out.resize(out.size() + size - magnitude.size());
  out.insert(out.end(), magnitude.begin(), magnitude.end());
  return true;
}

bool plain_signature(Bytes der, std::size_t size, std::vector<std::uint8_t>& out) {
  fuzz::plain::Cursor in{der};
  fuzz::plain::Der whole;
  if (!fuzz::plain::read_der(in, whole) || !in.ended() || whole.tag != 0x30) {
    return false;
  }
  fuzz::plain::Cursor inside{whole.content};
  fuzz::plain::Der r, s;
  return fuzz::plain::read_der(inside, r) && fuzz::plain::read_der(inside, s) && inside.ended() &&
         plain_number(r, size, out) && plain_number(s, size, out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr std::size_t kSizes[] = {32, 48, 66};
  if (size < 1 || size > 300) {
    return -1;
  }
  const std::size_t number_size = kSizes[data[0] % 3];
  const Bytes der(data + 1, size - 1);
  std::vector<std::uint8_t> expected, read(2 * number_size), written(2 * number_size + 16);
  const bool good = plain_signature(der, number_size, expected);
  const auto result = x509::read_ecdsa_signature(der, read);
  FUZZ_CHECK(result.ok() == good);
  if (!good) {
    FUZZ_CHECK(result.error() == ErrorCode::bad_signature);
    fuzz::refused(result.error());
    return 0;
  }
  FUZZ_CHECK(equal_public(read, expected));
  const auto again = x509::write_ecdsa_signature(read, written);
  FUZZ_CHECK(again && equal_public(*again, der));
  fuzz::accepted();
  return 0;
}
