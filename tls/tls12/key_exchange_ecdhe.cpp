// SPDX-License-Identifier: Apache-2.0
// ECDHE: RFC 8422 §2, §5.7 and §5.10. The premaster secret is the shared secret of the group. With a
// pre-shared key: RFC 5489 §2.
#include "tls12/key_exchange.hpp"

namespace ashlar::tls::tls12 {
namespace {

Result<Bytes> make(const ClientExchange& exchange, MutBytes room, Premaster& premaster) {
  const Group& group = *exchange.group;
  const MutBytes share = room.first(group.response_share_size);
  premaster.resize(group.secret_size);
  ASHLAR_CHECK(group.respond(exchange.random, exchange.server_share, share, premaster.reveal_mut()));
  return Bytes(share);
}

Result<void> finish(const Group& group, Bytes private_key, Bytes client_keys, Premaster& premaster) {
  premaster.resize(group.secret_size);
  return group.finish(private_key, client_keys, premaster.reveal_mut());
}

constexpr KeyExchange ecdhe(std::string_view name, Authentication authentication,
                            void (*add_psk)(Bytes psk, Premaster& premaster) = nullptr) {
  return {.name = name,
          .authentication = authentication,
          .key_usage = x509::KeyUsage::digital_signature,
          .ephemeral = true,
          .length_size = 1,
          .make = make,
          .finish = finish,
          .parse_params = [](const Policy&, Bytes body) { return ServerKeyExchange::parse_params(body); },
          .build_params =
              [](const Group& group, Bytes share, Writer& writer) {
                ServerKeyExchange params;
                params.group = group.id;
                params.key_share = share;
                params.build_params(writer);
              },
          .add_psk = add_psk};
}

}  // namespace

constinit const KeyExchange kEcdheRsa = ecdhe("ECDHE_RSA", Authentication::rsa);
constinit const KeyExchange kEcdheEcdsa = ecdhe("ECDHE_ECDSA", Authentication::ecdsa);
constinit const KeyExchange kEcdhePsk = ecdhe("ECDHE_PSK", Authentication::psk, add_psk_to_secret);

}  // namespace ashlar::tls::tls12
