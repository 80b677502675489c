// SPDX-License-Identifier: Apache-2.0
#include "tls12/exporter.hpp"

#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/prf.hpp>

namespace ashlar::tls::tls12 {

namespace {

// RFC 5705 §4: what TLS derives under these must not be had by asking.
constexpr std::string_view kReserved[] = {"client finished", "server finished", "master secret",
                                          "extended master secret", "key expansion"};

}  // namespace

Result<void> Exporter::make(std::string_view label, const std::optional<Bytes>& context, MutBytes out) const {
  bool reserved = context && context->size() > 0xffff;
  for (const std::string_view each : kReserved) {
    reserved = reserved || each == label;
  }
  if (reserved) {
    return ErrorCode::invalid_argument;
  }
  // A context that is empty and none at all give different keys.
  std::uint8_t length[2] = {};
  if (context) {
    store_be16(length, static_cast<std::uint16_t>(context->size()));
  }
  const Bytes seed[] = {randoms, context ? Bytes(length) : Bytes(), context ? *context : Bytes()};
  crypto::tls12_prf(*hash, master_secret.reveal(), label, seed, out);
  return {};
}

}  // namespace ashlar::tls::tls12
