// SPDX-License-Identifier: Apache-2.0
// A server's keys that work once: while honest handshakes are recorded they sign and decrypt, and what they
// gave they give again. To anything else the answer is a constant. So a server that is fuzzed runs as fast as
// a client, and an honest client still finds what was recorded.
#pragma once

#include "tls/endpoints.hpp"

#include <map>

namespace ashlar::fuzz {

class RecordedKey {
 public:
  explicit RecordedKey(const x509::PrivateKey& key) : key_(key) {}
  tls::Signer signer() const {
    tls::Signer made = tls::local_signer(key_);
    made.context = this;
    made.sign = [](const void* context, const x509::SignatureAlgorithm& algorithm,
                   const x509::SigningInput& input, crypto::Random,
                   MutBytes out) -> Result<Bytes> { return of(context).sign(algorithm, input, out); };
    if (made.decrypt_premaster != nullptr) {
      made.decrypt_premaster = [](const void* context, crypto::Random, Bytes ciphertext,
                                  std::uint16_t version, Secret<48>& premaster) -> Result<void> {
        return of(context).decrypt(ciphertext, version, premaster);
      };
    }
    return made;
  }
  void stop_recording() { recording_ = false; }

 private:
  static const RecordedKey& of(const void* context) { return *static_cast<const RecordedKey*>(context); }

  // Their random bytes are not those of the connection, which draws the same ones whether they work or not.
  Result<Bytes> sign(const x509::SignatureAlgorithm& algorithm, const x509::SigningInput& input,
                     MutBytes out) const {
    std::string asked(algorithm.name);
    for (const Bytes part : input.message) {
      asked += text_of(part);
    }
    asked += text_of(input.digest);
    auto found = signatures_.find(asked);
    if (found == signatures_.end() && recording_) {
      crypto::DeterministicRandom random(std::uint64_t{9});
      ASHLAR_TRY(const Bytes made, key_.sign(algorithm, input, random.random(), out));
      found = signatures_.emplace(asked, Buffer(made.begin(), made.end())).first;
    }
    const Buffer answer = found != signatures_.end() ? found->second : Buffer(64, 1);
    copy_bytes(out.first(answer.size()), answer);
    return Bytes(out.first(answer.size()));
  }

  // A ciphertext that nobody made gives a premaster secret that nobody knows (RFC 5246 §7.4.7.1).
  Result<void> decrypt(Bytes ciphertext, std::uint16_t version, Secret<48>& premaster) const {
    const std::string asked = std::to_string(version) + std::string(text_of(ciphertext));
    auto found = premasters_.find(asked);
    if (found == premasters_.end() && recording_) {
      crypto::DeterministicRandom random(std::uint64_t{9});
      ASHLAR_CHECK(key_.decrypt_premaster(random.random(), ciphertext, version, premaster));
      const Bytes made = premaster.reveal();
      found = premasters_.emplace(asked, Buffer(made.begin(), made.end())).first;
    }
    copy_bytes(premaster.reveal_mut(), found != premasters_.end() ? found->second : Buffer(48, 3));
    return {};
  }

  const x509::PrivateKey& key_;
  bool recording_ = true;
  mutable std::map<std::string, Buffer> signatures_, premasters_;
};

// The server of make_server with such keys, from here on. Records with `record`, which returns what it likes.
template <class Record>
auto with_recorded_keys(const Record& record) {
  static RecordedKey ecdsa(ecdsa_key()), rsa(rsa_key());
  static tls::Credential both[] = {*tls::Credential::create({kEcdsaServerChain}, ecdsa.signer()),
                                   *tls::Credential::create({kRsaServerChain}, rsa.signer())};
  static const tls::Credentials credentials = *tls::Credentials::create(both);
  server_credentials = &credentials;
  auto made = record();
  ecdsa.stop_recording();
  rsa.stop_recording();
  return made;
}

}  // namespace ashlar::fuzz
