// SPDX-License-Identifier: Apache-2.0
// What MACs and AEADs authenticate besides the data: seq_num, type, version, length (RFC 5246 §6.2.3.1,
// §6.2.3.3), or the record header as it is sent (RFC 8446 §5.2).
#pragma once

#include <ashlar/base/endian.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

class FragmentHeader {
 public:
  FragmentHeader(std::uint64_t sequence, ContentType type, std::size_t length) {
    store_be64(bytes_, sequence);
    bytes_[8] = static_cast<std::uint8_t>(type);
    store_be16(bytes_ + 9, static_cast<std::uint16_t>(ProtocolVersion::tls12));
    store_be16(bytes_ + 11, static_cast<std::uint16_t>(length));
  }
  // The header of a TLS 1.3 record with a fragment of this size: type, version and length are its last five
  // bytes. It has no sequence number.
  static FragmentHeader of_record(std::size_t fragment_size) {
    FragmentHeader header(0, ContentType::application_data, fragment_size);
    header.begin_ = 8;
    return header;
  }
  Bytes bytes() const { return Bytes(bytes_).subspan(begin_); }

 private:
  std::uint8_t bytes_[13];
  std::size_t begin_ = 0;
};

}  // namespace ashlar::tls
