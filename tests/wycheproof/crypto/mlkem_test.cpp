// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/mlkem.hpp>

#include "wycheproof/crypto/on_rows.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::test::wycheproof;
using ashlar::test::Buffer;

namespace {

// Checks a seed, its public key, and the secret that a ciphertext decapsulates to.
template <const MlKemSet& Set>
Outcome whole(const Json& test, const MlKemKernel& row) {
  const auto key = MlKemDecapsulationKey<Set>::from_seed(bytes(test, "seed"), &row);
  Secret<kMlKemSecretSize> shared;
  if (!key || !key->decapsulate(bytes(test, "c"), shared)) {
    return Outcome::refused;
  }
  if (test.contains("ek") && same(key->encapsulation_key(), bytes(test, "ek")) != Outcome::accepted) {
    return Outcome::wrong;
  }
  return same(shared.reveal(), bytes(test, "K"));
}

template <const MlKemSet& Set>
Outcome encapsulation(const Json& test, const MlKemKernel& row) {
  const auto key = MlKemEncapsulationKey<Set>::create(bytes(test, "ek"), &row);
  if (!key) {
    return Outcome::refused;
  }
  const Buffer message = bytes(test, "m");
  Buffer ciphertext(Set.ciphertext_size());
  Secret<kMlKemSecretSize> shared;
  key->encapsulate_message(BytesOf<32>(message.data(), 32),
                           MutBytesOf<Set.ciphertext_size()>(ciphertext.data(), ciphertext.size()), shared);
  return same(ciphertext, bytes(test, "c")) == Outcome::accepted ? same(shared.reveal(), bytes(test, "K"))
                                                                 : Outcome::wrong;
}

template <const MlKemSet& Set>
Outcome generation(const Json& test, const MlKemKernel& row) {
  const auto key = MlKemDecapsulationKey<Set>::from_seed(bytes(test, "seed"), &row);
  if (!key) {
    return Outcome::refused;
  }
  Secret<Set.decapsulation_key_size()> expanded;
  key->expanded(expanded);
  return same(key->encapsulation_key(), bytes(test, "ek")) == Outcome::accepted
             ? same(expanded.reveal(), bytes(test, "dk"))
             : Outcome::wrong;
}

template <const MlKemSet& Set>
Outcome expanded_decapsulation(const Json& test, const MlKemKernel& row) {
  const auto key = MlKemDecapsulationKey<Set>::create(bytes(test, "dk"), &row);
  Secret<kMlKemSecretSize> shared;
  if (!key || !key->decapsulate(bytes(test, "c"), shared)) {
    return Outcome::refused;
  }
  return same(shared.reveal(), bytes(test, "K"));
}

void run_mlkem(File& file, Outcome (*check)(const Json&, const MlKemKernel&)) {
  file.run([check](const Json&, const Json& test) {
    return on_rows(mlkem_kernels(), [&](const MlKemKernel& row) { return check(test, row); });
  });
}

}  // namespace

#define MLKEM_FILE(stem, check)   \
  TEST_CASE("wycheproof-" stem) { \
    WYCHEPROOF_FILE(file, stem);  \
    run_mlkem(file, check);       \
  }
MLKEM_FILE("mlkem_512_test", whole<kMlKem512>)
MLKEM_FILE("mlkem_768_test", whole<kMlKem768>)
MLKEM_FILE("mlkem_1024_test", whole<kMlKem1024>)
MLKEM_FILE("mlkem_512_encaps_test", encapsulation<kMlKem512>)
MLKEM_FILE("mlkem_768_encaps_test", encapsulation<kMlKem768>)
MLKEM_FILE("mlkem_1024_encaps_test", encapsulation<kMlKem1024>)
MLKEM_FILE("mlkem_512_keygen_seed_test", generation<kMlKem512>)
MLKEM_FILE("mlkem_768_keygen_seed_test", generation<kMlKem768>)
MLKEM_FILE("mlkem_1024_keygen_seed_test", generation<kMlKem1024>)
MLKEM_FILE("mlkem_512_semi_expanded_decaps_test", expanded_decapsulation<kMlKem512>)
MLKEM_FILE("mlkem_768_semi_expanded_decaps_test", expanded_decapsulation<kMlKem768>)
MLKEM_FILE("mlkem_1024_semi_expanded_decaps_test", expanded_decapsulation<kMlKem1024>)
