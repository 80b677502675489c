// SPDX-License-Identifier: Apache-2.0
// ML-KEM. Encapsulation begins with the bytes of the peer's key, as a TLS server has them.
#include "measure/contest.hpp"

#include <ashlar/crypto/mlkem.hpp>

#include <array>
#include <memory>
#include <string>

namespace ashlar::measure {

namespace {

template <const crypto::MlKemSet& Set>
void add(const std::string& name) {
  using Decapsulation = crypto::MlKemDecapsulationKey<Set>;
  using Encapsulation = crypto::MlKemEncapsulationKey<Set>;
  const crypto::Random random = crypto::system_random();
  Group generate(name + " key");
  Group encapsulate(name + " encapsulate");
  Group decapsulate(name + " decapsulate");
  for (const crypto::MlKemKernel& kernel : usable(crypto::mlkem_kernels())) {
    generate.add(kernel.name, [random, &kernel] {
      return repeat([random, &kernel] { return Decapsulation::generate(random, &kernel).ok(); });
    });
    encapsulate.add(kernel.name, [random, &kernel] {
      auto key = std::make_shared<Decapsulation>(must(Decapsulation::generate(random)));
      return repeat([key, random, &kernel] {
        const auto peer = Encapsulation::create(key->encapsulation_key(), &kernel);
        std::array<std::uint8_t, Set.ciphertext_size()> ciphertext;
        Secret<crypto::kMlKemSecretSize> shared;
        return peer && peer->encapsulate(random, ciphertext, shared);
      });
    });
    decapsulate.add(kernel.name, [random, &kernel] {
      auto key = std::make_shared<Decapsulation>(must(Decapsulation::generate(random, &kernel)));
      std::array<std::uint8_t, Set.ciphertext_size()> ciphertext;
      Secret<crypto::kMlKemSecretSize> shared;
      if (!must(Encapsulation::create(key->encapsulation_key())).encapsulate(random, ciphertext, shared)) {
        return Work{};
      }
      return repeat([key, ciphertext] {
        Secret<crypto::kMlKemSecretSize> again;
        return bool(key->decapsulate(ciphertext, again));
      });
    });
  }
}

}  // namespace

void add_mlkem() {
  add<crypto::kMlKem512>("ml-kem-512");
  add<crypto::kMlKem768>("ml-kem-768");
  add<crypto::kMlKem1024>("ml-kem-1024");
}

}  // namespace ashlar::measure
