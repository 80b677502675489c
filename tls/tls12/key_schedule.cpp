// SPDX-License-Identifier: Apache-2.0
#include "tls12/key_schedule.hpp"

#include <ashlar/crypto/prf.hpp>

namespace ashlar::tls {

void derive_master_secret(const crypto::HashAlgorithm& hash, Bytes premaster, Bytes client_random,
                          Bytes server_random, MasterSecret& out) {
  const Bytes seed[] = {client_random, server_random};
  crypto::tls12_prf(hash, premaster, "master secret", seed, out.reveal_mut());
}

void derive_extended_master_secret(const crypto::HashAlgorithm& hash, Bytes premaster, Bytes session_hash,
                                   MasterSecret& out) {
  const Bytes seed[] = {session_hash};
  crypto::tls12_prf(hash, premaster, "extended master secret", seed, out.reveal_mut());
}

void derive_key_block(const crypto::HashAlgorithm& hash, const MasterSecret& master_secret,
                      Bytes client_random, Bytes server_random, const RecordCipher& cipher, KeyBlock& out) {
  out.bytes.resize(2 * (cipher.mac_key_size + cipher.key_size + cipher.fixed_iv_size));
  // Here the server's random comes first, unlike for the master secret.
  const Bytes seed[] = {server_random, client_random};
  crypto::tls12_prf(hash, master_secret.reveal(), "key expansion", seed, out.bytes.reveal_mut());
  Bytes left = out.bytes.reveal();
  const auto cut = [&left](std::size_t size) {
    const Bytes part = left.first(size);
    left = left.subspan(size);
    return part;
  };
  out.client_mac_key = cut(cipher.mac_key_size);
  out.server_mac_key = cut(cipher.mac_key_size);
  out.client_key = cut(cipher.key_size);
  out.server_key = cut(cipher.key_size);
  out.client_iv = cut(cipher.fixed_iv_size);
  out.server_iv = cut(cipher.fixed_iv_size);
}

void derive_verify_data(const crypto::HashAlgorithm& hash, const MasterSecret& master_secret,
                        bool from_client, Bytes handshake_hash, MutBytesOf<12> out) {
  const Bytes seed[] = {handshake_hash};
  crypto::tls12_prf(hash, master_secret.reveal(), from_client ? "client finished" : "server finished", seed,
                    out);
}

}  // namespace ashlar::tls
