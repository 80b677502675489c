// SPDX-License-Identifier: Apache-2.0
// ML-KEM: a key or a ciphertext of any bytes means the same on every kernel
//
// The input: the parameter set, then bytes that are used as a public key, a key in expanded form or a
// ciphertext, by their size. An accepted key is written as the same bytes again. A ciphertext decapsulates to
// the same secret on every row. The portable row decapsulates what any row encapsulates.
#include <ashlar/crypto/mlkem.hpp>

#include "crypto/every_row.hpp"
#include "support/buffers.hpp"
#include "support/check.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using fuzz::on_every_row;

namespace {

template <const MlKemSet& Set>
int run(Bytes input) {
  using Decapsulation = MlKemDecapsulationKey<Set>;
  using Encapsulation = MlKemEncapsulationKey<Set>;
  const MlKemKernel& portable = mlkem_kernels().back();
  static constexpr std::uint8_t kSeed[64] = {1, 2, 3};
  std::uint8_t expected_ciphertext[Set.ciphertext_size()], ciphertext[Set.ciphertext_size()];
  Secret<32> expected, shared;

  if (input.size() == Encapsulation::kSize) {
    const auto wanted = Encapsulation::create(input, &portable);
    if (wanted) {
      wanted->encapsulate_message(BytesOf<64>(kSeed).first<32>(), expected_ciphertext, expected);
    }
    on_every_row(mlkem_kernels(), [&](const MlKemKernel& row) {
      const auto key = Encapsulation::create(input, &row);
      FUZZ_CHECK(key.ok() == wanted.ok());
      if (key) {
        FUZZ_CHECK(equal_public(key->encoded(), input));
        key->encapsulate_message(BytesOf<64>(kSeed).first<32>(), ciphertext, shared);
        FUZZ_CHECK(equal_public(ciphertext, expected_ciphertext));
        FUZZ_CHECK(equal_public(shared.reveal(), expected.reveal()));
      }
    });
    return 0;
  }
  if (input.size() == Set.ciphertext_size()) {
    const auto wanted = Decapsulation::from_seed(kSeed, &portable);
    FUZZ_CHECK(wanted.ok() && wanted->decapsulate(input, expected).ok());
    on_every_row(mlkem_kernels(), [&](const MlKemKernel& row) {
      const auto key = Decapsulation::from_seed(kSeed, &row);
      FUZZ_CHECK(key.ok() && key->decapsulate(input, shared).ok());
      FUZZ_CHECK(equal_public(shared.reveal(), expected.reveal()));
    });
    return 0;
  }
  if (input.size() == Decapsulation::kSize) {
    const auto wanted = Decapsulation::create(input, &portable);
    on_every_row(mlkem_kernels(), [&](const MlKemKernel& row) {
      const auto key = Decapsulation::create(input, &row);
      FUZZ_CHECK(key.ok() == wanted.ok());
      if (key) {
        Secret<Decapsulation::kSize> written;
        key->expanded(written);
        FUZZ_CHECK(equal_public(written.reveal(), input));
      }
    });
    return 0;
  }
  // Any other size is refused as a wrong size.
  FUZZ_CHECK(Encapsulation::create(input).error() == ErrorCode::bad_key_size);
  FUZZ_CHECK(Decapsulation::create(input).error() == ErrorCode::bad_key_size);
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
      return run<kMlKem512>(input);
    case 1:
      return run<kMlKem768>(input);
    default:
      return run<kMlKem1024>(input);
  }
}
