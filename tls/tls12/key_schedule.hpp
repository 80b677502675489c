// SPDX-License-Identifier: Apache-2.0
// The secrets of TLS 1.2 and what is derived from them (RFC 5246 §6.3, §8.1, §7.4.9; RFC 7627).
#pragma once

#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/hash.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

using MasterSecret = Secret<48>;

// RFC 5246 §8.1.
void derive_master_secret(const crypto::HashAlgorithm& hash, Bytes premaster, Bytes client_random,
                          Bytes server_random, MasterSecret& out);
// RFC 7627 §4: bound to the handshake by its session_hash.
void derive_extended_master_secret(const crypto::HashAlgorithm& hash, Bytes premaster, Bytes session_hash,
                                   MasterSecret& out);

// The key block, cut (RFC 5246 §6.3).
struct KeyBlock {
  KeyBlock() = default;
  KeyBlock(const KeyBlock&) = delete;  // the views below look into `bytes`
  KeyBlock& operator=(const KeyBlock&) = delete;

  SecretBuffer<2 * (48 + 32 + 16)> bytes;
  Bytes client_mac_key, server_mac_key, client_key, server_key, client_iv, server_iv;
};
void derive_key_block(const crypto::HashAlgorithm& hash, const MasterSecret& master_secret,
                      Bytes client_random, Bytes server_random, const RecordCipher& cipher, KeyBlock& out);

// Finished.verify_data (RFC 5246 §7.4.9).
void derive_verify_data(const crypto::HashAlgorithm& hash, const MasterSecret& master_secret,
                        bool from_client, Bytes handshake_hash, MutBytesOf<12> out);

}  // namespace ashlar::tls
