// SPDX-License-Identifier: Apache-2.0
// AES-GCM-SIV: every kernel seals as the portable one, opens what it sealed, and refuses it with any bit
// flipped
//
// The second byte of the input is the nonce's size if its highest bit is set; otherwise the size is 12. Only
// the first 16 bytes of a key of 24 bytes are used.
#include "crypto/aead_rows.hpp"

#include <ashlar/crypto/gcm_siv.hpp>

using namespace ashlar;
using namespace ashlar::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::AeadMessage message;
  if (!message.parse({data, size},
                     [](std::uint8_t choice) -> std::size_t { return choice < 0x80 ? 12 : choice & 0x1f; })) {
    return -1;
  }
  const Bytes key = message.key().size() == 24 ? message.key().first(16) : message.key();
  const auto make = [&](const GcmSivKernel& row) { return AesGcmSivKey::create(key, &row); };
  message.check_rows(gcm_siv_kernels(), make, 16, message.nonce().size() == 12);
  return 0;
}
