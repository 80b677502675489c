// SPDX-License-Identifier: Apache-2.0
// AES-CCM: every kernel seals as the portable one, opens what it sealed, and refuses it with any bit flipped
//
// The lower half of the input's second byte gives the nonce's size. The upper half, without the highest bit,
// gives the tag size.
#include "crypto/aead_rows.hpp"

#include <ashlar/crypto/ccm.hpp>

using namespace ashlar;
using namespace ashlar::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::AeadMessage message;
  if (!message.parse({data, size}, [](std::uint8_t choice) -> std::size_t { return choice & 15; })) {
    return -1;
  }
  const std::size_t tag_size = 4 + 2 * std::size_t{(message.choice() >> 4) % 7u};
  const auto make = [&](const CcmKernel& row) { return AesCcmKey::create(message.key(), tag_size, &row); };
  const std::size_t nonce_size = message.nonce().size();
  message.check_rows(ccm_kernels(), make, tag_size, nonce_size >= 7 && nonce_size <= 13);
  return 0;
}
