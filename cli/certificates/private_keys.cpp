// SPDX-License-Identifier: Apache-2.0
#include "certificates/private_keys.hpp"

#include "certificates/contents.hpp"
#include "certificates/describe.hpp"
#include "failure/failure.hpp"
#include "files/passphrase.hpp"
#include "output/terminal.hpp"

#include <ashlar/x509/oids.hpp>

#include <algorithm>
#include <optional>

namespace ashlar::cli {
namespace {

// The RSA sizes that are read. Other sizes are refused with a message that names the size.
constexpr std::string_view kRsaSizes = "an RSA key of 2048 to 8192 bits";

// The words for a private key that was found but cannot be used.
Words unusable_key(const std::string& path, Bytes content, const Error& error) {
  const std::string name = input_name(path);
  const std::string file = path.empty() || path == "-" ? "KEY" : quoted(path);
  Words words = words_of(name, error);
  const std::string kind = key_kind_of(content);
  if (error == ErrorCode::bad_rsa_modulus) {
    words.cause = name + ": the RSA key has a size that is not used here [RFC 8017 §3.1]";
    words.usual = {};
    words.found = "an RSA modulus of " + counted(error.detail, "bit");
    words.wanted = kRsaSizes;
    words.next = "make another key: ashlar key new rsa:3072 -o key.pem, and have its certificate issued anew";
  } else if (error == ErrorCode::unsupported_key && kind == oid_text(x509::oids::kRsaPss)) {
    words.cause = name + ": the key's parameters leave no signature that is made here [RFC 4055 §3.1]";
    words.usual = "openssl's option for the hash leaves the mask at SHA-1.";
    words.found = "a key for RSASSA-PSS, limited to SHA-1 or to a mask of it";
    words.wanted = "no limits, or SHA-256, SHA-384 or SHA-512 for both the hash and the mask";
    words.next =
        "make another key: ashlar key new rsa-pss:3072, or openssl genpkey with -pkeyopt "
        "rsa_pss_keygen_mgf1_md:sha256, too";
  } else if (error == ErrorCode::unsupported_key && !kind.empty() &&
             kind != oid_text(x509::oids::kRsaEncryption)) {
    words.cause = name + ": the private key is of a kind that is not supported";
    words.usual = {};
    words.found = "a private key of the kind " + kind;
    words.wanted = "one of these kinds: " + key_kinds();
    words.next = "make another key: ashlar key new p256 -o key.pem (more: ashlar explain unsupported_key)";
  } else if (has_old_encryption(text_of(content))) {
    words.cause = name + ": the private key is encrypted in an old way, which is not read";
    words.usual = {};
    words.found = "a key in the old form, with the header Proc-Type: 4,ENCRYPTED";
    words.wanted = "a private key in PKCS#8, under a passphrase or not";
    words.next = "write it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -in " + file + " -out key.pem";
  }
  return words;
}

constexpr int kTries = 3;

Words wrong_passphrase(const std::string& path, const std::string& found, const std::string& next) {
  return {.cause = input_name(path) + ": this passphrase does not open the private key [RFC 8018 §6.2.2]",
          .usual = "It is mistyped or another key's, or the key's file is damaged: the two look alike.",
          .found = found,
          .wanted = "the passphrase that the key was encrypted under",
          .next = next + " (more: ashlar explain wrong_passphrase)"};
}

const std::string* next_file(KeyPassphrases& passphrases) {
  if (passphrases.files.empty()) {
    return nullptr;
  }
  return &passphrases.files[std::min(passphrases.used++, passphrases.files.size() - 1)];
}

// The key under this passphrase; nothing if it is the wrong one.
std::optional<x509::PrivateKey> try_passphrase(const x509::EncryptedKey& encrypted, Bytes passphrase,
                                               const std::string& path, Bytes content) {
  std::vector<std::uint8_t> workspace(encrypted.workspace_size());
  auto key = encrypted.open(passphrase, workspace);
  if (key) {
    return std::move(*key);
  }
  if (key.error() != ErrorCode::wrong_passphrase) {
    throw Failure(unusable_key(path, content, key.error()));
  }
  return std::nullopt;
}

x509::PrivateKey open_key(const x509::EncryptedKey& encrypted, const std::string& path, Bytes content,
                          KeyPassphrases& passphrases) {
  if (const std::string* const file = next_file(passphrases)) {
    auto key = try_passphrase(encrypted, read_passphrase(*file).bytes(), path, content);
    if (!key) {
      throw Failure(
          wrong_passphrase(path, "another one on the first line of " + input_name(*file),
                           "write the right one there, or leave --passphrase-file out to be asked"));
    }
    return std::move(*key);
  }
  const std::string name = input_name(path);
  const SilentTerminal terminal(name + ": the private key is under a passphrase: ",
                                "put the passphrase into a file and name it: --passphrase-file FILE");
  for (int left = kTries - 1; left >= 0; --left) {
    auto key = try_passphrase(encrypted, terminal.ask("Passphrase of " + name + ": ").bytes(), path, content);
    if (key) {
      return std::move(*key);
    }
    if (left > 0) {
      terminal.say("This is not the passphrase of " + name + ": " + std::to_string(left) +
                   (left == 1 ? " more try\n" : " more tries\n"));
    }
  }
  throw Failure(wrong_passphrase(path, std::to_string(kTries) + " others",
                                 "look which passphrase it is, and try again"));
}

}  // namespace

x509::PrivateKey load_private_key(const std::string& path, KeyPassphrases& passphrases) {
  const FileBytes content = read_whole(path, 1U << 20);
  const bool pem = looks_like_pem(content.bytes());
  auto key = pem ? x509::PrivateKey::parse_pem(content.text()) : x509::PrivateKey::parse_der(content.bytes());
  if (key) {
    return std::move(*key);
  }
  Error error = key.error();
  if (error == ErrorCode::key_encrypted && holds_private_key(content.bytes())) {
    std::vector<std::uint8_t> der(x509::kMaxEncryptedKeySize);
    const auto encrypted = pem ? x509::EncryptedKey::parse_pem(content.text(), der)
                               : x509::EncryptedKey::parse_der(content.bytes());
    if (encrypted) {
      return open_key(*encrypted, path, content.bytes(), passphrases);
    }
    error = encrypted.error();
  }
  throw Failure(holds_private_key(content.bytes()) ? unusable_key(path, content.bytes(), error)
                                                   : no_private_key(path, content.bytes()));
}

FileBytes new_passphrase(const std::string& path, KeyPassphrases& passphrases) {
  if (const std::string* const file = next_file(passphrases)) {
    return read_passphrase(*file);
  }
  const std::string name = path.empty() || path == "-" ? "the new key" : path;
  const SilentTerminal terminal(name + ": ",
                                "put the passphrase into a file and name it: --passphrase-file FILE");
  return terminal.ask_twice("New passphrase of " + name + ": ");
}

}  // namespace ashlar::cli
