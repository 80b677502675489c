// SPDX-License-Identifier: Apache-2.0
// ML-DSA. Signatures are hedged, so the mean over many is measured. Verification begins with the bytes of the
// key.
#include "measure/contest.hpp"

#include <ashlar/crypto/mldsa.hpp>

#include <memory>
#include <string>
#include <vector>

namespace ashlar::measure {

namespace {

template <const crypto::MlDsaSet& Set>
void add(const std::string& name) {
  using Private = crypto::MlDsaPrivateKey<Set>;
  using Public = crypto::MlDsaPublicKey<Set>;
  const crypto::Random random = crypto::system_random();
  Group generate(name + " key");
  Group signing(name + " sign");
  Group verifying(name + " verify");
  for (const crypto::MlDsaKernel& kernel : usable(crypto::mldsa_kernels())) {
    generate.add(kernel.name, [random, &kernel] {
      return repeat([random, &kernel] { return Private::generate(random, &kernel).ok(); });
    });
    signing.add(kernel.name, [random, &kernel] {
      auto key = std::make_shared<Private>(must(Private::generate(random, &kernel)));
      auto signature = std::make_shared<std::vector<std::uint8_t>>(Set.signature_size());
      return repeat([key, signature, random, message = filler(32)] {
        return bool(key->sign(message, &random,
                              MutBytesOf<Set.signature_size()>(signature->data(), signature->size())));
      });
    });
    verifying.add(kernel.name, [random, &kernel] {
      auto key = std::make_shared<Private>(must(Private::generate(random)));
      std::vector<std::uint8_t> signature(Set.signature_size());
      const auto message = filler(32);
      if (!key->sign(message, &random,
                     MutBytesOf<Set.signature_size()>(signature.data(), signature.size()))) {
        return Work{};
      }
      return repeat([key, signature, message, &kernel] {
        const auto peer = Public::create(key->public_key(), &kernel);
        return peer && peer->verify(message, signature);
      });
    });
  }
}

}  // namespace

void add_mldsa() {
  add<crypto::kMlDsa44>("ml-dsa-44");
  add<crypto::kMlDsa65>("ml-dsa-65");
  add<crypto::kMlDsa87>("ml-dsa-87");
}

}  // namespace ashlar::measure
