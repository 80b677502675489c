// SPDX-License-Identifier: Apache-2.0
// DHE: RFC 5246 §7.4.3 and §8.1.2, with the groups of RFC 7919 alone. The server names its group by the prime
// and the generator; values are as long as the prime, but some peers leave leading zeros out. With a
// pre-shared key: RFC 4279 §3.
#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/ffdhe.hpp>

#include "message/fields.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls::tls12 {
namespace {

constexpr std::uint8_t kGenerator = 2;

// The prime's limbs as the wire has them.
Bytes prime_of(const Group& group, MutBytesOf<crypto::kFfdheMaxSize> room) {
  const crypto::FfdheGroup& field = *group.finite_field;
  for (std::size_t i = 0; i < field.size / 8; ++i) {
    store_be64(room.data() + field.size - 8 * (i + 1), field.prime[i]);
  }
  return room.first(field.size);
}

// The value at the end of `room`, with the zeros before it that were left out. Longer ones stay as they are,
// and are refused.
Bytes padded(Bytes value, std::size_t size, MutBytesOf<crypto::kFfdheMaxSize> room) {
  if (value.size() >= size) {
    return value;
  }
  const MutBytes whole = room.first(size);
  wipe(whole);
  copy_bytes(whole.subspan(size - value.size()), value);
  return whole;
}

// RFC 5246 §8.1.2: leading zeros are no part of the premaster secret. How many there are cannot be hidden,
// for the length of the PRF's key follows from it. It helps nobody: each exchange has fresh keys on our side.
void strip_zeros(Premaster& premaster) {
  std::size_t zeros = 0;
  const Bytes secret = premaster.reveal();
  while (zeros < secret.size() && ct::is_zero(secret[zeros]).declassify()) {
    ++zeros;
  }
  if (zeros != 0) {
    SecretBuffer<kMaxPremasterSize> rest(secret.subspan(zeros));
    premaster.assign(rest.reveal());
  }
}

Result<Bytes> make(const ClientExchange& exchange, MutBytes room, Premaster& premaster) {
  const Group& group = *exchange.group;
  const MutBytes share = room.first(group.response_share_size);
  std::uint8_t whole[crypto::kFfdheMaxSize];
  premaster.resize(group.secret_size);
  ASHLAR_CHECK(group.respond(exchange.random, padded(exchange.server_share, group.start_share_size, whole),
                             share, premaster.reveal_mut()));
  strip_zeros(premaster);
  return Bytes(share);
}

Result<void> finish(const Group& group, Bytes private_key, Bytes client_keys, Premaster& premaster) {
  std::uint8_t whole[crypto::kFfdheMaxSize];
  premaster.resize(group.secret_size);
  ASHLAR_CHECK(group.finish(private_key, padded(client_keys, group.response_share_size, whole),
                            premaster.reveal_mut()));
  strip_zeros(premaster);
  return {};
}

// ServerDHParams: prime, generator and public value. The group is one that the policy allows.
Result<ServerKeyExchange> parse_params(const Policy& policy, Bytes body) {
  ServerKeyExchange message;
  Reader reader(body);
  ASHLAR_TRY(Reader prime, reader.u16_prefixed());
  ASHLAR_TRY(Reader generator, reader.u16_prefixed());
  ASHLAR_TRY(const Reader value, reader.u16_prefixed());
  ASHLAR_TRY(message.key_share, elements(value, 1));
  message.params = body.first(reader.offset());
  const Bytes prime_bytes = prime.take_rest();
  const Bytes generator_bytes = generator.take_rest();
  for (const Group* group : policy.groups) {
    std::uint8_t room[crypto::kFfdheMaxSize];
    if (group->finite_field != nullptr && generator_bytes.size() == 1 && generator_bytes[0] == kGenerator &&
        equal_public(prime_of(*group, room), prime_bytes)) {
      message.group = group->id;
      return message;
    }
  }
  return Error{ErrorCode::unknown_dh_group, Place::none, static_cast<std::uint32_t>(prime_bytes.size())};
}

void build_params(const Group& group, Bytes share, Writer& writer) {
  {
    std::uint8_t room[crypto::kFfdheMaxSize];
    const auto prime = writer.u16_scope();
    writer.bytes(prime_of(group, room));
  }
  {
    const auto generator = writer.u16_scope();
    writer.u8(kGenerator);
  }
  const auto value = writer.u16_scope();
  writer.bytes(share);
}

constexpr KeyExchange dhe(std::string_view name, Authentication authentication,
                          void (*add_psk)(Bytes psk, Premaster& premaster)) {
  return {.name = name,
          .authentication = authentication,
          .key_usage = x509::KeyUsage::digital_signature,
          .ephemeral = true,
          .finite_field = true,
          .length_size = 2,
          .make = make,
          .finish = finish,
          .parse_params = parse_params,
          .build_params = build_params,
          .add_psk = add_psk};
}

}  // namespace

constinit const KeyExchange kDheRsa = dhe("DHE_RSA", Authentication::rsa, nullptr);
constinit const KeyExchange kDhePsk = dhe("DHE_PSK", Authentication::psk, add_psk_to_secret);

}  // namespace ashlar::tls::tls12
