// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/mldsa.hpp>

#include "wycheproof/crypto/on_rows.hpp"

#include <memory>

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::test::wycheproof;
using ashlar::test::Buffer;

namespace {

Buffer context(const Json& test) {
  return test.contains("ctx") ? bytes(test, "ctx") : Buffer();
}

// The random bytes that a vector gives.
Result<void> fill_given(void* given, MutBytes out) {
  copy_bytes(out, *static_cast<const Buffer*>(given));
  return {};
}

template <const MlDsaSet& Set>
Outcome sign_mldsa(const Json& group, const Json& test, const MlDsaKernel& row) {
  using Key = MlDsaPrivateKey<Set>;
  const auto key = group.contains("privateSeed") ? Key::from_seed(bytes(group, "privateSeed"), &row)
                                                 : Key::create(bytes(group, "privateKey"), &row);
  if (!key) {
    return Outcome::refused;
  }
  if (same(key->public_key(), bytes(group, "publicKey")) != Outcome::accepted) {
    return Outcome::wrong;
  }
  Buffer given = test.contains("rnd") ? bytes(test, "rnd") : Buffer();
  const Random source{fill_given, &given};
  const Random* const random = given.empty() ? nullptr : &source;
  Buffer signature(Set.signature_size());
  const MutBytesOf<Set.signature_size()> out(signature.data(), signature.size());
  const Buffer mu = test.contains("mu") ? bytes(test, "mu") : Buffer();
  if (test.contains("msg")) {
    if (!key->sign(bytes(test, "msg"), random, out, context(test))) {
      return Outcome::refused;
    }
    if (same(signature, bytes(test, "sig")) != Outcome::accepted) {
      return Outcome::wrong;
    }
  }
  // The representative that the vector gives leads to the same signature.
  if (!mu.empty() && !key->sign_mu(BytesOf<64>(mu.data(), 64), random, out)) {
    return Outcome::refused;
  }
  return same(signature, bytes(test, "sig"));
}

template <const MlDsaSet& Set>
Outcome verify(const Json& group, const Json& test, const MlDsaKernel& row) {
  const auto key = MlDsaPublicKey<Set>::create(bytes(group, "publicKey"), &row);
  return key && key->verify(bytes(test, "msg"), bytes(test, "sig"), context(test)) ? Outcome::accepted
                                                                                   : Outcome::refused;
}

void run_mldsa(File& file, Outcome (*check)(const Json&, const Json&, const MlDsaKernel&)) {
  file.run([check](const Json& group, const Json& test) {
    return on_rows(mldsa_kernels(), [&](const MlDsaKernel& row) { return check(group, test, row); });
  });
}

}  // namespace

#define MLDSA_FILE(stem, check)   \
  TEST_CASE("wycheproof-" stem) { \
    WYCHEPROOF_FILE(file, stem);  \
    run_mldsa(file, check);       \
  }
MLDSA_FILE("mldsa_44_sign_seed_test", sign_mldsa<kMlDsa44>)
MLDSA_FILE("mldsa_65_sign_seed_test", sign_mldsa<kMlDsa65>)
MLDSA_FILE("mldsa_87_sign_seed_test", sign_mldsa<kMlDsa87>)
MLDSA_FILE("mldsa_44_sign_noseed_test", sign_mldsa<kMlDsa44>)
MLDSA_FILE("mldsa_65_sign_noseed_test", sign_mldsa<kMlDsa65>)
MLDSA_FILE("mldsa_87_sign_noseed_test", sign_mldsa<kMlDsa87>)
MLDSA_FILE("mldsa_44_verify_test", verify<kMlDsa44>)
MLDSA_FILE("mldsa_65_verify_test", verify<kMlDsa65>)
MLDSA_FILE("mldsa_87_verify_test", verify<kMlDsa87>)
