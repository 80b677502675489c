// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/writer.hpp>
#include <ashlar/crypto/hkdf.hpp>

#include "cpu/forget.hpp"

namespace ashlar::crypto {

MutBytes hkdf_extract(const HashAlgorithm& hash, Bytes salt, Bytes input_key, MutBytes prk) {
  // An absent salt means as many zeros as the digest has bytes. HMAC pads its key with zeros, so the empty
  // key is the same.
  return HmacKey(hash, salt).mac(input_key, prk);
}

Result<void> hkdf_expand(const HmacKey& prk, std::span<const Bytes> info, MutBytes out) {
  const ForgetVectors forget;
  if (out.size() > 255 * prk.size()) {
    return Error{ErrorCode::length_overflow, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  std::uint8_t block[kMaxDigestSize];
  std::size_t block_size = 0;
  for (std::uint8_t counter = 1; !out.empty(); ++counter) {
    Hmac mac(prk);
    mac.update({block, block_size});
    for (const Bytes part : info) {
      mac.update(part);
    }
    block_size = mac.update({&counter, 1}).finish(block).size();
    const std::size_t n = out.size() < block_size ? out.size() : block_size;
    copy_bytes(out, {block, n});
    out = out.subspan(n);
  }
  wipe(block, sizeof block);
  return {};
}

Result<void> hkdf(const HashAlgorithm& hash, Bytes salt, Bytes input_key, std::span<const Bytes> info,
                  MutBytes out) {
  const ForgetVectors forget;
  std::uint8_t prk[kMaxDigestSize];
  const Result<void> result = hkdf_expand(HmacKey(hash, hkdf_extract(hash, salt, input_key, prk)), info, out);
  wipe(prk, sizeof prk);
  return result;
}

Result<void> hkdf_expand_label(const HmacKey& secret, std::string_view label, Bytes context, MutBytes out) {
  if (out.size() > 0xffff) {
    return Error{ErrorCode::length_overflow, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  std::uint8_t storage[2 + 1 + 255 + 1 + 255];
  Writer info(storage);
  info.u16(static_cast<std::uint16_t>(out.size()));
  {
    auto scope = info.u8_scope();
    info.text("tls13 ");
    info.text(label);
  }
  {
    auto scope = info.u8_scope();
    info.bytes(context);
  }
  const Result<Bytes> written = info.finish();
  if (!written) {
    return Error{ErrorCode::length_overflow, Place::none,
                 static_cast<std::uint32_t>(label.size() + context.size())};
  }
  const Bytes parts[] = {*written};
  return hkdf_expand(secret, parts, out);
}

}  // namespace ashlar::crypto
