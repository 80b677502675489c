// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/prf.hpp>

#include <ashlar/crypto/hmac.hpp>

#include "cpu/forget.hpp"

namespace ashlar::crypto {

// P_hash (RFC 5246 §5): A(0) = label + seed, A(i) = HMAC(secret, A(i-1)), and the output is the concatenation
// of HMAC(secret, A(i) + label + seed). The secret is hashed into the key object once.
void tls12_prf(const HashAlgorithm& hash, Bytes secret, std::string_view label, std::span<const Bytes> seed,
               MutBytes out) {
  const ForgetVectors forget;
  const HmacKey key(hash, secret);
  Hmac mac(key);
  const auto absorb_label_and_seed = [&] {
    mac.update(bytes_of(label));
    for (const Bytes part : seed) {
      mac.update(part);
    }
  };

  std::uint8_t a[kMaxDigestSize];
  std::uint8_t block[kMaxDigestSize];
  absorb_label_and_seed();
  mac.finish(a);
  while (!out.empty()) {
    mac.update({a, key.size()});
    absorb_label_and_seed();
    mac.finish(block);
    const std::size_t take = out.size() < key.size() ? out.size() : key.size();
    copy_bytes(out, Bytes(block, take));
    out = out.subspan(take);
    if (!out.empty()) {
      mac.update({a, key.size()}).finish(a);
    }
  }
  wipe(a, sizeof a);
  wipe(block, sizeof block);
}

}  // namespace ashlar::crypto
