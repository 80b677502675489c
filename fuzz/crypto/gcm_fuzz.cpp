// SPDX-License-Identifier: Apache-2.0
// AES-GCM: every kernel seals as the portable one, opens what it sealed, and refuses it with any bit flipped
//
// The second byte of the input is the nonce's size.
#include "crypto/aead_rows.hpp"

#include <ashlar/crypto/gcm.hpp>

using namespace ashlar;
using namespace ashlar::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::AeadMessage message;
  if (!message.parse({data, size}, [](std::uint8_t choice) -> std::size_t { return choice; })) {
    return -1;
  }
  const auto make = [&](const GcmKernel& row) { return AesGcmKey::create(message.key(), &row); };
  message.check_rows(gcm_kernels(), make, 16, !message.nonce().empty());
  return 0;
}
