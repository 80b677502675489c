// SPDX-License-Identifier: Apache-2.0
// A pre-shared key alone: RFC 4279 §2. There is no other secret: as many zeros as the key is long stand for
// it.
#include "tls12/key_exchange.hpp"

namespace ashlar::tls::tls12 {
namespace {

// struct { opaque other_secret<0..2^16-1>; opaque psk<0..2^16-1>; }
void write_premaster(Bytes other, Bytes psk, Premaster& premaster) {
  premaster.clear();
  premaster.resize(2 + other.size() + 2 + psk.size());
  Writer writer(premaster.reveal_mut());
  for (const Bytes part : {other, psk}) {
    auto scope = writer.u16_scope();
    writer.bytes(part);
  }
}

}  // namespace

void add_psk_to_secret(Bytes psk, Premaster& premaster) {
  const SecretBuffer<kMaxSharedSecretSize> other(premaster.reveal());
  write_premaster(other.reveal(), psk, premaster);
}

constinit const KeyExchange kPsk = {
    .name = "PSK",
    .authentication = Authentication::psk,
    .key_usage = x509::KeyUsage::digital_signature,
    .ephemeral = false,
    .length_size = 0,
    .make = [](const ClientExchange&, MutBytes, Premaster&) -> Result<Bytes> { return Bytes(); },
    .add_psk =
        [](Bytes psk, Premaster& premaster) {
          constexpr std::uint8_t kZeros[kMaxPskSize] = {};
          write_premaster(Bytes(kZeros).first(psk.size()), psk, premaster);
        },
};

}  // namespace ashlar::tls::tls12
