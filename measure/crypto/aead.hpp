// SPDX-License-Identifier: Apache-2.0
// What all AEADs are measured by: a message with the additional data of a TLS record, under a key set up
// beforehand.
#pragma once

#include "measure/contest.hpp"

#include <cstdint>

namespace ashlar::measure {

// Seals or opens one message. Key: with seal and open as in AesGcmKey.
template <class Key>
Work aead_work(Key made, std::size_t nonce_size, std::size_t size, bool open) {
  struct Message {
    Key key;
    std::vector<std::uint8_t> nonce, aad, plaintext, sealed;
    std::uint8_t tag[16] = {};
    bool seal() {
      const Bytes parts[] = {aad};
      return bool(key.seal(nonce, parts, plaintext, sealed, tag));
    }
    bool open() {
      const Bytes parts[] = {aad};
      return bool(key.open(nonce, parts, sealed, tag, plaintext));
    }
  };
  Message message{std::move(made), filler(nonce_size), filler(13), filler(size), filler(size)};
  if (!message.seal()) {
    return {};
  }
  return open ? repeat([message = std::move(message)]() mutable { return message.open(); })
              : repeat([message = std::move(message)]() mutable { return message.seal(); });
}

// The groups of one AEAD: sealing and opening, each size, each kernel.
// make: from a kernel to a key.
template <class Kernels, class Make>
void add_aead(const std::string& name, const Kernels& kernels, std::size_t nonce_size, Make make) {
  for (const bool open : {false, true}) {
    for (const std::size_t size : kSizes) {
      Group group(name + (open ? " open" : " seal"), size);
      for (const typename Kernels::value_type& kernel : usable(kernels)) {
        group.add(kernel.name, [=, &kernel] { return aead_work(make(kernel), nonce_size, size, open); });
      }
    }
  }
}

}  // namespace ashlar::measure
