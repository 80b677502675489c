// SPDX-License-Identifier: Apache-2.0
#include "identity.hpp"

#include "compression.hpp"
#include "report.hpp"
#include "rules.hpp"

#include <ashlar/base/reader.hpp>
#include <ashlar/posix.hpp>

namespace bogo {

using namespace ashlar;

Identity::Identity(const Flags& flags, bool elsewhere) {
  std::vector<tls::Credential> all;
  if (!flags.psk.empty()) {
    psks_.push_back(
        need(tls::PreSharedKey::create({bytes_of(flags.psk_identity), bytes_of(flags.psk)}), "the psk"));
  }
  for (const CredentialFlags& each : flags.credentials) {
    if (each.is_psk) {
      tls::PskParts parts{*each.psk_identity, *each.psk_key};
      parts.hash = each.psk_sha384 ? &crypto::kSha384 : &crypto::kSha256;
      parts.context = each.psk_context ? Bytes(*each.psk_context) : Bytes();
      psks_.push_back(need(tls::PreSharedKey::create(parts), "a psk"));
      continue;
    }
    if (each.key_file.empty() || (each.cert_file.empty() && !each.raw)) {
      continue;
    }
    std::optional<posix::CertificateFile> chain;
    if (!each.raw) {
      chain.emplace(need(posix::CertificateFile::load(each.cert_file.c_str()), each.cert_file));
    }
    const auto text = need(posix::read_file(each.key_file.c_str()), each.key_file);
    auto key = need(x509::PrivateKey::parse_pem(text_of(text.bytes())), each.key_file);
    std::vector<tls::SchemeId> schemes;
    for (const tls::Scheme* scheme : schemes_of(each.signing_prefs)) {
      schemes.push_back(scheme->id);
    }
    tls::CredentialParts parts{};
    std::uint8_t spki[1024];
    if (each.raw) {
      parts.raw_public_key = need(key.public_key().write_spki(spki), each.key_file);
    } else {
      parts.chain = chain->certificates();
    }
    parts.schemes = schemes;
    if (each.ocsp_response && !flags.decline_ocsp_callback) {
      parts.ocsp_staple = *each.ocsp_response;
    }
    std::vector<Bytes> timestamps;
    if (each.timestamps) {
      Reader list(Bytes(*each.timestamps).subspan(2));
      while (!list.empty()) {
        timestamps.push_back(need(list.u16_prefixed(), "timestamps").peek());
      }
    }
    parts.timestamps = timestamps;
    if (elsewhere) {
      keys_.push_back(std::make_unique<x509::PrivateKey>(std::move(key)));
      const x509::KeyKind* const kind = &keys_.back()->kind();
      all.push_back(need(tls::Credential::create(parts, tls::KeyElsewhere{{&kind, 1}, keys_.back().get()}),
                         each.cert_file));
    } else {
      all.push_back(need(tls::Credential::create(parts, std::move(key)), each.cert_file));
    }
    need(all.back().compress(compressions_of(flags)), each.cert_file);
  }
  if (!all.empty()) {
    credentials_.emplace(need(tls::Credentials::create(all), "credentials"));
  }
}

Octets Identity::answer(const tls::PrivateKeyRequest& request) {
  const auto& key = *static_cast<const x509::PrivateKey*>(request.credential->signer().context);
  const crypto::Random random = crypto::system_random();
  if (request.kind == tls::PrivateKeyRequest::Kind::decrypt_premaster) {
    Secret<48> premaster;
    need(key.decrypt_premaster(random, request.ciphertext, request.client_version, premaster), "decryption");
    const auto bytes = premaster.reveal();
    return Octets(bytes.begin(), bytes.end());
  }
  Octets room(key.kind().max_signature_size);
  const x509::SigningInput input{{&request.message, 1}, request.digest};
  const Bytes signature = need(key.sign(*request.algorithm, input, random, room), "signing");
  return Octets(signature.begin(), signature.end());
}

std::vector<Octets> certificates_of(const std::string& path) {
  const auto file = need(posix::CertificateFile::load(path.c_str()), path);
  std::vector<Octets> all;
  for (const Bytes der : file.certificates()) {
    all.emplace_back(der.begin(), der.end());
  }
  return all;
}

}  // namespace bogo
