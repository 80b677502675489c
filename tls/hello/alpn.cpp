// SPDX-License-Identifier: Apache-2.0
#include "hello/alpn.hpp"

#include <ashlar/base/reader.hpp>

namespace ashlar::tls {

std::string_view choose_protocol(std::span<const std::string_view> ours, Bytes offered) {
  for (const std::string_view protocol : ours) {
    Reader reader(offered);
    while (!reader.empty()) {
      auto name = reader.u8_prefixed();
      if (!name) {
        return {};
      }
      if (equal_public(name->peek(), bytes_of(protocol))) {
        return protocol;
      }
    }
  }
  return {};
}

std::string_view find_protocol(std::span<const std::string_view> protocols, std::string_view protocol) {
  for (const std::string_view each : protocols) {
    if (each == protocol) {
      return each;
    }
  }
  return {};
}

}  // namespace ashlar::tls
