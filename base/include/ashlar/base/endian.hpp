// SPDX-License-Identifier: Apache-2.0
// Integers to and from bytes in a named order, on any host order and alignment.
#pragma once

#include <ashlar/base/needs_cxx20.hpp>

#include <bit>
#include <cstdint>
#include <cstring>

namespace ashlar {

inline std::uint32_t byteswap(std::uint32_t v) {  // the bytes in the other order
  return __builtin_bswap32(v);
}
inline std::uint64_t byteswap(std::uint64_t v) {  // the bytes in the other order
  return __builtin_bswap64(v);
}

inline constexpr bool kLittleEndianHost = std::endian::native == std::endian::little;  // of this machine

inline std::uint16_t load_be16(const std::uint8_t* p) {  // 2 bytes, big-endian
  return static_cast<std::uint16_t>((p[0] << 8) | p[1]);
}
inline std::uint32_t load_be24(const std::uint8_t* p) {  // 3 bytes, big-endian
  return (std::uint32_t{p[0]} << 16) | (std::uint32_t{p[1]} << 8) | p[2];
}
inline std::uint32_t load_be32(const std::uint8_t* p) {  // 4 bytes, big-endian
  std::uint32_t v;
  std::memcpy(&v, p, sizeof v);
  return kLittleEndianHost ? byteswap(v) : v;
}
inline std::uint64_t load_be64(const std::uint8_t* p) {  // 8 bytes, big-endian
  std::uint64_t v;
  std::memcpy(&v, p, sizeof v);
  return kLittleEndianHost ? byteswap(v) : v;
}
inline std::uint32_t load_le32(const std::uint8_t* p) {  // 4 bytes, little-endian
  std::uint32_t v;
  std::memcpy(&v, p, sizeof v);
  return kLittleEndianHost ? v : byteswap(v);
}
inline std::uint64_t load_le64(const std::uint8_t* p) {  // 8 bytes, little-endian
  std::uint64_t v;
  std::memcpy(&v, p, sizeof v);
  return kLittleEndianHost ? v : byteswap(v);
}

inline void store_be16(std::uint8_t* p, std::uint16_t v) {  // 2 bytes, big-endian
  p[0] = static_cast<std::uint8_t>(v >> 8);
  p[1] = static_cast<std::uint8_t>(v);
}
inline void store_be24(std::uint8_t* p, std::uint32_t v) {  // 3 bytes, big-endian
  p[0] = static_cast<std::uint8_t>(v >> 16);
  p[1] = static_cast<std::uint8_t>(v >> 8);
  p[2] = static_cast<std::uint8_t>(v);
}
inline void store_be32(std::uint8_t* p, std::uint32_t v) {  // 4 bytes, big-endian
  v = kLittleEndianHost ? byteswap(v) : v;
  std::memcpy(p, &v, sizeof v);
}
inline void store_be64(std::uint8_t* p, std::uint64_t v) {  // 8 bytes, big-endian
  v = kLittleEndianHost ? byteswap(v) : v;
  std::memcpy(p, &v, sizeof v);
}
inline void store_le32(std::uint8_t* p, std::uint32_t v) {  // 4 bytes, little-endian
  v = kLittleEndianHost ? v : byteswap(v);
  std::memcpy(p, &v, sizeof v);
}
inline void store_le64(std::uint8_t* p, std::uint64_t v) {  // 8 bytes, little-endian
  v = kLittleEndianHost ? v : byteswap(v);
  std::memcpy(p, &v, sizeof v);
}

}  // namespace ashlar
