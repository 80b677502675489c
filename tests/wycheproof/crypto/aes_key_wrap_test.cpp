// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/key_wrap.hpp>

#include "wycheproof/crypto/on_rows.hpp"

using namespace ashlar;
using namespace ashlar::test;
using namespace ashlar::test::wycheproof;

namespace {

// Unwraps the key. If that works, wraps it again and compares both results.
Outcome unwrap_and_wrap(const crypto::AesKernel& row, const Json& test, bool padded) {
  const Buffer kek = bytes(test, "key");
  const Buffer key = bytes(test, "msg");
  const Buffer wrapped = bytes(test, "ct");
  const auto wrapper = crypto::AesKeyWrapper::create(kek, &row);
  const auto unwrapper = crypto::AesKeyUnwrapper::create(kek, &row);
  Buffer opened(wrapped.size() < 8 ? 0 : wrapped.size() - 8);
  std::size_t size = opened.size();
  if (padded) {
    const auto found = unwrapper->unwrap_padded(wrapped, opened);
    if (!found) {
      return Outcome::refused;
    }
    size = found->size();
  } else if (!unwrapper->unwrap(wrapped, opened)) {
    return Outcome::refused;
  }
  Buffer made(wrapped.size());
  const auto done = padded ? wrapper->wrap_padded(key, made) : wrapper->wrap(key, made);
  return done && made == wrapped && equal_public(Bytes(opened).first(size), key) ? Outcome::accepted
                                                                                 : Outcome::wrong;
}

}  // namespace

TEST_CASE("wycheproof-aes_wrap_test") {
  WYCHEPROOF_FILE(file, "aes_wrap_test");
  // A key of one semiblock, which SP 800-38F does not allow.
  file.acceptable("ShortKey", Outcome::refused);
  file.run([](const Json&, const Json& test) {
    return on_rows(crypto::aes_kernels(),
                   [&](const crypto::AesKernel& row) { return unwrap_and_wrap(row, test, false); });
  });
}

TEST_CASE("wycheproof-aes_kwp_test") {
  WYCHEPROOF_FILE(file, "aes_kwp_test");
  file.run([](const Json&, const Json& test) {
    return on_rows(crypto::aes_kernels(),
                   [&](const crypto::AesKernel& row) { return unwrap_and_wrap(row, test, true); });
  });
}
