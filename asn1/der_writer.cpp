// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/der_writer.hpp>

namespace ashlar::asn1 {
namespace {

// A length in DER: at most five bytes (X.690 §10.1).
struct Length {
  std::uint8_t bytes[5];
  std::size_t size = 0;
};

Length encode_length(std::size_t value) {
  Length length{};
  if (value < 0x80) {
    length.bytes[length.size++] = static_cast<std::uint8_t>(value);
    return length;
  }
  std::size_t octets = 1;
  while (octets < 4 && (value >> (8 * octets)) != 0) {
    octets++;
  }
  length.bytes[length.size++] = static_cast<std::uint8_t>(0x80 | octets);
  while (octets-- > 0) {
    length.bytes[length.size++] = static_cast<std::uint8_t>(value >> (8 * octets));
  }
  return length;
}

}  // namespace

void DerWriter::close(std::size_t start) {
  if (!writer_.ok()) {
    return;
  }
  const Length length = encode_length(writer_.size() - start);
  const MutBytes gap = writer_.insert(start, length.size);
  if (!gap.empty()) {
    copy_bytes(gap, Bytes(length.bytes, length.size));
  }
}

void DerWriter::length(std::size_t size) {
  const Length length = encode_length(size);
  writer_.bytes(Bytes(length.bytes, length.size));
}

void DerWriter::element(Tag tag, Bytes content) {
  writer_.u8(static_cast<std::uint8_t>(tag));
  length(content.size());
  writer_.bytes(content);
}

void DerWriter::boolean(bool value) {
  const std::uint8_t byte = value ? 0xff : 0x00;
  element(Tag::boolean, Bytes(&byte, 1));
}

void DerWriter::unsigned_integer(Bytes magnitude) {
  while (!magnitude.empty() && magnitude[0] == 0) {
    magnitude = magnitude.subspan(1);
  }
  const bool needs_zero = magnitude.empty() || (magnitude[0] & 0x80) != 0;
  writer_.u8(static_cast<std::uint8_t>(Tag::integer));
  length(magnitude.size() + (needs_zero ? 1 : 0));
  if (needs_zero) {
    writer_.u8(0);
  }
  writer_.bytes(magnitude);
}

void DerWriter::small_integer(std::uint32_t value) {
  std::uint8_t bytes[4];
  for (std::size_t i = 4; i-- > 0; value >>= 8) {
    bytes[i] = static_cast<std::uint8_t>(value);
  }
  unsigned_integer(bytes);
}

void DerWriter::bit_string(Bytes content, Tag tag) {
  writer_.u8(static_cast<std::uint8_t>(tag));
  length(content.size() + 1);
  writer_.u8(0);
  writer_.bytes(content);
}

void DerWriter::named_bits(std::uint16_t bits) {
  std::uint8_t bytes[3] = {0, 0, 0};
  std::size_t count = 0;  // bits up to and with the last one set
  for (std::size_t i = 0; i < 16; i++) {
    if ((bits >> i) & 1) {
      bytes[1 + i / 8] = static_cast<std::uint8_t>(bytes[1 + i / 8] | (0x80 >> (i % 8)));
      count = i + 1;
    }
  }
  const std::size_t size = (count + 7) / 8;
  bytes[0] = static_cast<std::uint8_t>(8 * size - count);
  element(Tag::bit_string, Bytes(bytes, 1 + size));
}

void DerWriter::time(Time time) {
  char text[20];
  const std::string_view shown = format(time, text);
  if (shown.size() != 20) {
    writer_.fail(ErrorCode::invalid_argument);
    return;
  }
  // "2026-11-21T03:00:00Z" without its punctuation; a UTCTime leaves the century out as well.
  const bool general = time >= kFirstGeneralizedTime || time < kFirstTime;
  std::uint8_t content[15];
  std::size_t size = 0;
  for (std::size_t i = general ? 0 : 2; i < shown.size(); i++) {
    const char c = shown[i];
    if (c != '-' && c != 'T' && c != ':') {
      content[size++] = static_cast<std::uint8_t>(c);
    }
  }
  element(general ? Tag::generalized_time : Tag::utc_time, Bytes(content, size));
}

}  // namespace ashlar::asn1
