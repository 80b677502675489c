// SPDX-License-Identifier: Apache-2.0
// What MACs and AEADs authenticate besides the data: seq_num, type, version, length (RFC 5246 §6.2.3.1,
// §6.2.3.3).
#pragma once

#include <ashlar/base/endian.hpp>

#include "record/protection.hpp"

namespace ashlar::tls {

class FragmentHeader {
 public:
  FragmentHeader(std::uint64_t sequence, ContentType type, std::size_t length) {
    store_be64(bytes_, sequence);
    bytes_[8] = static_cast<std::uint8_t>(type);
    store_be16(bytes_ + 9, static_cast<std::uint16_t>(ProtocolVersion::tls12));
    store_be16(bytes_ + 11, static_cast<std::uint16_t>(length));
  }
  Bytes bytes() const { return bytes_; }

 private:
  std::uint8_t bytes_[13];
};

}  // namespace ashlar::tls
