// SPDX-License-Identifier: Apache-2.0
// The key block of the first case is the one NIST's CAVP publishes for the TLS 1.2 KDF (SP 800-135) with
// SHA-256; the other values were computed with Python's hmac.
#include "tls12/key_schedule.hpp"

#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::test;
using tls::derive_extended_master_secret;
using tls::derive_key_block;
using tls::derive_master_secret;
using tls::derive_verify_data;
using tls::KeyBlock;
using tls::MasterSecret;
using tls::RecordCipher;

namespace {

// A cipher that only has the sizes of its keys.
RecordCipher sizes(std::size_t mac_key, std::size_t key, std::size_t fixed_iv) {
  RecordCipher cipher{};
  cipher.mac_key_size = mac_key;
  cipher.key_size = key;
  cipher.fixed_iv_size = fixed_iv;
  return cipher;
}
MasterSecret master_secret_of(const Buffer& bytes) {
  return MasterSecret(Bytes(bytes).first<48>());
}
Buffer counting(std::uint8_t first, std::size_t size) {
  Buffer out(size);
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = static_cast<std::uint8_t>(first + i);
  }
  return out;
}

}  // namespace

TEST_CASE("key schedule: NIST's key block for TLS 1.2 with SHA-256, cut in order", "[tls]") {
  const MasterSecret master = master_secret_of(unhex(
      "202c88c00f84a17a20027079604787461176455539e705be730890602c289a5001e34eeb3a043e5d52a65e66125188bf"));
  const Buffer server = unhex("ae6c806f8ad4d80784549dff28a4b58fd837681a51d928c3e30ee5ff14f39868");
  const Buffer client = unhex("62e1fd91f23f558a605f28478c58cf72637b89784d959df7e946d3f07bd1b616");
  KeyBlock block;
  derive_key_block(crypto::kSha256, master, client, server, sizes(32, 16, 16), block);
  CHECK_BYTES(block.client_mac_key,
              unhex("d06139889fffac1e3a71865f504aa5d0d2a2e89506c6f2279b670c3e1b74f531"));
  CHECK_BYTES(block.server_mac_key,
              unhex("016a2530c51a3a0f7e1d6590d0f0566b2f387f8d11fd4f731cdd572d2eae927f"));
  CHECK_BYTES(block.client_key, unhex("6f2f81410b25e6960be68985add6c384"));
  CHECK_BYTES(block.server_key, unhex("45ad9f8c64bf8068bf9a6679485d966f"));
  CHECK_BYTES(block.client_iv, unhex("1ad6f68b43495b10a683755ea2b858d7"));
  CHECK_BYTES(block.server_iv, unhex("0ccac7ec8b053c6bd41ca299d4e51928"));
}

TEST_CASE("key schedule: a cipher without MAC keys, with SHA-384", "[tls]") {
  const MasterSecret master = master_secret_of(unhex(
      "5fc10b229d808bf087a0209144a227adf5c446ab670c46d870aaced7ede35d94664c9da8a077752c945c75b40972de1c"));
  KeyBlock block;
  derive_key_block(crypto::kSha384, master, Buffer(32, 0x11), Buffer(32, 0x22), sizes(0, 32, 4), block);
  CHECK(block.client_mac_key.empty());
  CHECK(block.server_mac_key.empty());
  CHECK_BYTES(block.client_key, unhex("1c31d231b53a4464ef61a39302d09893b5bc6c1b56f05c50c7abe4c5e8b6cf40"));
  CHECK_BYTES(block.server_key, unhex("b4d9172d7ed46e61ce0b7923da23aa568b0d5a83fb3b4f7e490c9ee065dc3cff"));
  CHECK_BYTES(block.client_iv, unhex("4a1772d0"));
  CHECK_BYTES(block.server_iv, unhex("04425648"));
}

TEST_CASE("key schedule: master secret from both randoms, the client's first", "[tls]") {
  MasterSecret master;
  derive_master_secret(crypto::kSha256, counting(0, 32), counting(100, 32), counting(100, 32), master);
  CHECK_BYTES(
      master.reveal(),
      unhex("27b8d295464eb9ef7326d4e60677d2d394815ea7da17ba13615c1aa59598b7cf481b4809c3c84726377f14c3c5"
            "20fa2b"));
  MasterSecret other;
  derive_master_secret(crypto::kSha256, counting(0, 32), counting(100, 32), counting(0, 32), master);
  derive_master_secret(crypto::kSha256, counting(0, 32), counting(0, 32), counting(100, 32), other);
  CHECK(hex(master.reveal()) != hex(other.reveal()));
}

TEST_CASE("H22 key schedule: extended master secret from the session hash", "[tls]") {
  MasterSecret master;
  derive_extended_master_secret(crypto::kSha256, counting(0, 32), counting(100, 32), master);
  CHECK_BYTES(
      master.reveal(),
      unhex("3db67f8359dfe1d067acdda2e4ffbdfe7fa5150e1d3f728cdee31e79870e5948573d163d2ff8f9137d3d9e25dd"
            "9de867"));
  derive_extended_master_secret(crypto::kSha384, counting(0, 32), counting(100, 48), master);
  CHECK_BYTES(
      master.reveal(),
      unhex("5fc10b229d808bf087a0209144a227adf5c446ab670c46d870aaced7ede35d94664c9da8a077752c945c75b409"
            "72de1c"));
}

TEST_CASE("key schedule: verify_data of both sides", "[tls]") {
  std::uint8_t out[12];
  const MasterSecret sha256 = master_secret_of(unhex(
      "3db67f8359dfe1d067acdda2e4ffbdfe7fa5150e1d3f728cdee31e79870e5948573d163d2ff8f9137d3d9e25dd9de867"));
  derive_verify_data(crypto::kSha256, sha256, true, counting(100, 32), out);
  CHECK_BYTES(out, unhex("9f463c94d5bf2eb7acbab27c"));
  derive_verify_data(crypto::kSha256, sha256, false, counting(100, 32), out);
  CHECK_BYTES(out, unhex("64a78a0ddb8d25fe45f6b9f1"));
  const MasterSecret sha384 = master_secret_of(unhex(
      "5fc10b229d808bf087a0209144a227adf5c446ab670c46d870aaced7ede35d94664c9da8a077752c945c75b40972de1c"));
  derive_verify_data(crypto::kSha384, sha384, true, counting(100, 48), out);
  CHECK_BYTES(out, unhex("aa768ffb26966c5d13cfa9eb"));
  derive_verify_data(crypto::kSha384, sha384, false, counting(100, 48), out);
  CHECK_BYTES(out, unhex("7cbb4f271de46151ff717ba5"));
}
