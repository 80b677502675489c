// SPDX-License-Identifier: Apache-2.0
// The verdict on a message that was opened.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>
#include <ashlar/base/result.hpp>

namespace ashlar::crypto {

// Succeeds if the tag is right, else bad_tag with `plaintext` wiped. The caller is told the verdict, so it is
// public.
inline Result<void> judge(ct::Mask right, MutBytes plaintext) {
  if (!right.declassify()) {
    wipe(plaintext);
    return ErrorCode::bad_tag;
  }
  return {};
}

// The same for a tag of 16 bytes; also wipes the expected one. Constant time except for the verdict. It
// compares two words: for bytes, compilers make forty vector instructions, as many cycles for a short
// message.
inline Result<void> judge_tag(std::uint8_t (&expected)[16], BytesOf<16> tag, MutBytes plaintext) {
  const std::uint64_t difference =
      (load_le64(expected) ^ load_le64(tag.data())) | (load_le64(expected + 8) ^ load_le64(tag.data() + 8));
  wipe(expected, sizeof expected);
  return judge(ct::is_zero(difference), plaintext);
}

}  // namespace ashlar::crypto
