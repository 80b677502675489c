// SPDX-License-Identifier: Apache-2.0
// ML-DSA: a private key or a signature of any bytes means the same on every kernel
//
// The input: the parameter set, then bytes that are used as a private key in expanded form, or as a
// signature and a public key, by their size. An accepted private key has no other form, and its signatures
// verify.
#include <ashlar/crypto/mldsa.hpp>

#include "crypto/every_row.hpp"
#include "support/buffers.hpp"
#include "support/check.hpp"

#include <memory>
#include <vector>

using namespace ashlar;
using namespace ashlar::crypto;
using fuzz::on_every_row;

namespace {

template <const MlDsaSet& Set>
int run(Bytes input) {
  using Private = MlDsaPrivateKey<Set>;
  using Public = MlDsaPublicKey<Set>;
  const MlDsaKernel& portable = mldsa_kernels().back();
  const Bytes message = bytes_of("fuzz");
  if (input.size() == Set.signature_size() + Set.public_key_size()) {
    const Bytes signature = input.first(Set.signature_size()), encoded = input.subspan(signature.size());
    const auto wanted = Public::create(encoded, &portable);
    FUZZ_CHECK(wanted.ok());
    const bool good = wanted->verify(message, signature).ok();
    on_every_row(mldsa_kernels(), [&](const MlDsaKernel& row) {
      const auto key = Public::create(encoded, &row);
      FUZZ_CHECK(key.ok() && equal_public(key->encoded(), encoded));
      FUZZ_CHECK(key->verify(message, signature).ok() == good);
    });
    return 0;
  }
  if (input.size() == Set.private_key_size()) {
    const bool good = Private::create(input, &portable).ok();
    std::vector<std::uint8_t> first;
    on_every_row(mldsa_kernels(), [&](const MlDsaKernel& row) {
      const auto key = Private::create(input, &row);
      FUZZ_CHECK(key.ok() == good);
      if (!key) {
        return;
      }
      FUZZ_CHECK(equal_public(key->reveal(), input));
      std::vector<std::uint8_t> signature(Set.signature_size());
      FUZZ_CHECK(
          key->sign(message, nullptr, MutBytesOf<Set.signature_size()>(signature.data(), signature.size()))
              .ok());
      FUZZ_CHECK(first.empty() || first == signature);
      FUZZ_CHECK(Public::create(key->public_key())->verify(message, signature).ok());
      first = signature;
    });
    return 0;
  }
  FUZZ_CHECK(Private::create(input).error() == ErrorCode::bad_key_size);
  return -1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return -1;
  }
  const Bytes input = Bytes(data, size).subspan(1);
  switch (data[0] % 3) {
    case 0:
      return run<kMlDsa44>(input);
    case 1:
      return run<kMlDsa65>(input);
    default:
      return run<kMlDsa87>(input);
  }
}
