// SPDX-License-Identifier: Apache-2.0
#include "certificates/new_key.hpp"

#include "certificates/describe.hpp"
#include "failure/failure.hpp"
#include "files/files.hpp"
#include "output/terminal.hpp"

#include <ashlar/asn1/pem.hpp>
#include <ashlar/x509/encrypted_key.hpp>

#include <cstdio>

namespace ashlar::cli {

std::vector<std::string> key_names() {
  std::vector<std::string> names;
  for (const x509::PrivateKeyKind* const kind : x509::kAllPrivateKeys) {
    for (const x509::KeySize& size : kind->sizes) {
      names.emplace_back(size.name);
    }
  }
  return names;
}

std::string key_list() {
  const std::vector<std::string> names = key_names();
  std::string list;
  for (std::size_t i = 0; i < names.size(); i++) {
    list += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  }
  return list;
}

x509::PrivateKey make_private_key(const std::string& name) {
  for (const x509::PrivateKeyKind* const kind : x509::kAllPrivateKeys) {
    for (const x509::KeySize& size : kind->sizes) {
      if (size.name != name) {
        continue;
      }
      Progress progress;
      struct State {
        Progress& line;
        std::string what;
      } state{progress, std::string(kind->kind.name) + " " + std::to_string(size.bits)};
      const x509::KeyProgress told{[](void* context, unsigned prime, unsigned candidates) {
                                     auto& shown = *static_cast<State*>(context);
                                     shown.line.show(shown.what + ": prime " + std::to_string(prime) +
                                                     " of 2, candidate " + std::to_string(candidates));
                                   },
                                   &state};
      return value_of(x509::PrivateKey::generate(*kind, size.bits, crypto::fresh_random(), &told), name);
    }
  }
  throw Failure(name + ": no kind of key that can be made");
}

void write_private_key(const x509::PrivateKey& key, const std::string& path, bool replace, Bytes passphrase) {
  SecretBuffer<x509::kMaxEncryptedKeySize> storage;
  storage.resize(storage.capacity());
  const bool encrypted = !passphrase.empty();
  const Bytes der = encrypted
                        ? value_of(x509::write_encrypted_key(key, passphrase, {}, crypto::system_random(), {},
                                                             storage.reveal_mut()),
                                   path)
                        : Bytes(value_of(key.write_pkcs8(storage.reveal_mut()), path));
  const std::string_view label = encrypted ? "ENCRYPTED PRIVATE KEY" : "PRIVATE KEY";
  std::vector<char> text(asn1::pem_encoded_size(label, der.size()));
  const std::string_view pem = value_of(asn1::write_pem(label, der, text), path);
  try {
    write_whole(path, bytes_of(pem), {.secret = true, .replace = replace});
  } catch (...) {
    wipe(text.data(), text.size());
    throw;
  }
  wipe(text.data(), text.size());
  if (!path.empty() && path != "-") {
    std::fprintf(stderr, "%s: a private key, %s, %sreadable by you alone\n", path.c_str(),
                 key_text(key.public_key()).c_str(), encrypted ? "under a passphrase, " : "");
  }
}

}  // namespace ashlar::cli
