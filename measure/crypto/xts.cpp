// SPDX-License-Identifier: Apache-2.0
// AES-XTS of data units, a sector of 512 bytes among them.
#include "measure/contest.hpp"

#include <ashlar/crypto/xts.hpp>

namespace ashlar::measure {

namespace {

void add(const std::string& name, std::size_t key_size, std::size_t size, bool encrypts) {
  Group group(name + (encrypts ? " encrypt" : " decrypt"), size);
  for (const crypto::XtsKernel& kernel : usable(crypto::xts_kernels())) {
    group.add(kernel.name, [=, &kernel] {
      return repeat([key = must(crypto::AesXtsKey::create(filler(key_size), &kernel)), in = filler(size),
                     out = filler(size), encrypts, sector = std::uint64_t{0}]() mutable {
        ++sector;
        return bool(encrypts ? key.encrypt(sector, in, out) : key.decrypt(sector, in, out));
      });
    });
  }
}

}  // namespace

void add_xts() {
  for (const std::size_t key_size : {32u, 64u}) {
    const std::string name = key_size == 32 ? "aes-128-xts" : "aes-256-xts";
    for (const bool encrypts : {true, false}) {
      add(name, key_size, 512, encrypts);
      for (const std::size_t size : kSizes) {
        add(name, key_size, size, encrypts);
      }
    }
  }
}

}  // namespace ashlar::measure
