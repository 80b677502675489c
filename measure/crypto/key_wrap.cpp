// SPDX-License-Identifier: Apache-2.0
// AES key wrap: keys of symmetric algorithms, and one as long as a private key.
#include "measure/contest.hpp"

#include <ashlar/crypto/key_wrap.hpp>

namespace ashlar::measure {

namespace {

Work wrapping(std::size_t kek_size, std::size_t size, const crypto::AesKernel& kernel) {
  return repeat([wrapper = must(crypto::AesKeyWrapper::create(filler(kek_size), &kernel)), key = filler(size),
                 wrapped = filler(size + crypto::kKeyWrapOverhead)]() mutable {
    return bool(wrapper.wrap(key, wrapped));
  });
}

Work unwrapping(std::size_t kek_size, std::size_t size, const crypto::AesKernel& kernel) {
  auto wrapped = filler(size + crypto::kKeyWrapOverhead);
  if (!must(crypto::AesKeyWrapper::create(filler(kek_size), &kernel)).wrap(filler(size), wrapped)) {
    return {};
  }
  return repeat([unwrapper = must(crypto::AesKeyUnwrapper::create(filler(kek_size), &kernel)),
                 key = filler(size),
                 wrapped = std::move(wrapped)]() mutable { return bool(unwrapper.unwrap(wrapped, key)); });
}

}  // namespace

void add_key_wrap() {
  for (const std::size_t kek_size : {16u, 32u}) {
    const std::string name = kek_size == 16 ? "aes-128-kw" : "aes-256-kw";
    for (const std::size_t size : {16u, 32u, 1200u}) {
      Group wrap(name + " wrap", size);
      Group unwrap(name + " unwrap", size);
      for (const crypto::AesKernel& kernel : usable(crypto::aes_kernels())) {
        wrap.add(kernel.name, [=, &kernel] { return wrapping(kek_size, size, kernel); });
        unwrap.add(kernel.name, [=, &kernel] { return unwrapping(kek_size, size, kernel); });
      }
    }
  }
}

}  // namespace ashlar::measure
