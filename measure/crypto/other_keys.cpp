// SPDX-License-Identifier: Apache-2.0
// X448, Ed448, FFDHE and HPKE.
#include "measure/contest.hpp"

#include <ashlar/crypto/bignum.hpp>
#include <ashlar/crypto/ed448.hpp>
#include <ashlar/crypto/ffdhe.hpp>
#include <ashlar/crypto/hpke.hpp>
#include <ashlar/crypto/x448.hpp>

#include <array>

namespace ashlar::measure {

namespace {

void add_448() {
  const crypto::Random random = crypto::system_random();
  using X448 = crypto::X448PrivateKey;
  using Ed448 = crypto::Ed448PrivateKey;
  Group("x448 key").add("portable", [random] {
    return repeat([random] {
      std::uint8_t point[crypto::kX448Size];
      must(X448::generate(random)).public_key(point);
      return true;
    });
  });
  Group("x448 agree").add("portable", [random] {
    std::array<std::uint8_t, crypto::kX448Size> theirs;
    must(X448::generate(random)).public_key(theirs);
    return repeat([ours = must(X448::generate(random)), theirs] {
      Secret<crypto::kX448Size> shared;
      return bool(ours.agree(theirs, shared));
    });
  });
  Group("ed448 key").add("portable", [random] {
    return repeat([random] {
      must(Ed448::generate(random));
      return true;
    });
  });
  Group("ed448 sign").add("portable", [random] {
    return repeat([key = must(Ed448::generate(random)), message = filler(32)] {
      const Bytes parts[] = {message};
      std::uint8_t signature[crypto::kEd448SignatureSize];
      key.sign(parts, signature);
      return true;
    });
  });
  Group("ed448 verify").add("portable", [random] {
    const auto key = must(Ed448::generate(random));
    auto message = filler(32);
    const Bytes whole[] = {message};
    std::array<std::uint8_t, crypto::kEd448SignatureSize> signature;
    key.sign(whole, signature);
    std::array<std::uint8_t, crypto::kEd448KeySize> encoded;
    copy_bytes(encoded, key.public_key());
    // From the bytes of the key, as the peers do it.
    return repeat([encoded, message = std::move(message), signature] {
      const Bytes parts[] = {message};
      return must(crypto::Ed448PublicKey::create(encoded)).verify(parts, signature).ok();
    });
  });
}

// Keys are made beforehand, so that only the agreement is measured.
void add_ffdhe() {
  const crypto::Random random = crypto::system_random();
  for (const crypto::FfdheGroup* const group :
       {&crypto::kFfdhe2048, &crypto::kFfdhe3072, &crypto::kFfdhe4096}) {
    Group agree(std::string(group->name) + " agree");
    for (const crypto::BignumKernel& kernel : usable(crypto::bignum_kernels())) {
      agree.add(kernel.name, [=, &kernel] {
        std::vector<std::uint8_t> value(group->size), shared(group->size);
        (void)must(crypto::FfdhePrivateKey::generate(*group, random)).public_value(value);
        return repeat([ours = must(crypto::FfdhePrivateKey::generate(*group, random, &kernel)),
                       value = std::move(value),
                       shared = std::move(shared)]() mutable { return ours.agree(value, shared).ok(); });
      });
    }
  }
}

// A message of 32 bytes to a new recipient, and its reading: an agreement and the key schedule each.
void add_hpke() {
  const crypto::Random random = crypto::system_random();
  for (const crypto::HpkeKem* const kem : {&crypto::kDhkemX25519HkdfSha256, &crypto::kDhkemP256HkdfSha256}) {
    const crypto::HpkeSuite suite = {kem, &crypto::kHpkeHkdfSha256, &crypto::kHpkeAes128Gcm};
    const std::string name = kem == &crypto::kDhkemX25519HkdfSha256 ? "hpke-x25519" : "hpke-p-256";
    Group(name + " seal").add("best", [=] {
      std::vector<std::uint8_t> private_key(kem->private_size), public_key(kem->public_size);
      (void)crypto::hpke_generate(*kem, random, private_key, public_key);
      return repeat([=, message = filler(32)] {
        std::uint8_t encapsulated[crypto::kHpkeMaxPublicSize], sealed[48];
        auto sender = must(crypto::HpkeSender::create(suite, public_key, {}, random,
                                                      MutBytes(encapsulated).first(kem->public_size)));
        return sender.seal({}, message, sealed).ok();
      });
    });
    Group(name + " open").add("best", [=] {
      std::vector<std::uint8_t> private_key(kem->private_size), public_key(kem->public_size),
          encapsulated(kem->public_size), sealed(48);
      (void)crypto::hpke_generate(*kem, random, private_key, public_key);
      auto sender = must(crypto::HpkeSender::create(suite, public_key, {}, random, encapsulated));
      (void)sender.seal({}, filler(32), sealed);
      return repeat([=] {
        std::uint8_t opened[48];
        auto receiver = must(crypto::HpkeReceiver::create(suite, private_key, encapsulated, {}));
        return receiver.open({}, sealed, opened).ok();
      });
    });
  }
}

}  // namespace

void add_other_keys() {
  add_448();
  add_ffdhe();
  add_hpke();
}

}  // namespace ashlar::measure
