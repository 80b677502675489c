// SPDX-License-Identifier: Apache-2.0
// ashlar key new | show: private keys in PKCS#8 PEM, made and described.
#include "certificates/credentials.hpp"
#include "certificates/describe.hpp"
#include "commands/commands.hpp"
#include "output/json.hpp"
#include "output/terminal.hpp"

#include <ashlar/asn1/pem.hpp>

#include <cstdio>
#include <memory>

namespace ashlar::cli {
namespace {

struct NewOptions {
  std::string kind;
  std::string out;
  bool force = false;
};

// The kinds of keys that can be made, by the names of their sizes.
std::vector<std::string> key_names() {
  std::vector<std::string> names;
  for (const x509::PrivateKeyKind* const kind : x509::kAllPrivateKeys) {
    for (const x509::KeySize& size : kind->sizes) {
      names.emplace_back(size.name);
    }
  }
  return names;
}

x509::PrivateKey generate(const std::string& name) {
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

void run_new(const NewOptions& options) {
  const x509::PrivateKey key = generate(options.kind);
  SecretBuffer<2560> storage;
  storage.resize(storage.capacity());
  const MutBytes der = value_of(key.write_pkcs8(storage.reveal_mut()), options.kind);
  constexpr std::string_view kLabel = "PRIVATE KEY";
  std::vector<char> text(asn1::pem_encoded_size(kLabel, der.size()));
  const std::string_view pem = value_of(asn1::write_pem(kLabel, der, text), options.kind);
  try {
    write_whole(options.out, bytes_of(pem), {.secret = true, .replace = options.force});
  } catch (...) {
    wipe(text.data(), text.size());
    throw;
  }
  wipe(text.data(), text.size());
  if (!options.out.empty() && options.out != "-") {
    std::fprintf(stderr, "%s: a private key, %s, readable by you alone\n", options.out.c_str(),
                 key_text(key.public_key()).c_str());
  }
}

void run_show(const std::string& path, bool json) {
  const x509::PrivateKey key = load_private_key(path);
  const x509::PublicKey public_key = key.public_key();
  std::uint8_t storage[1024];
  const Bytes spki = value_of(public_key.write_spki(storage), path);
  if (json) {
    Json out;
    out.begin_object()
        .member("type", key.kind().name)
        .member("bits", std::uint64_t{public_key.bits()})
        .member("public_key_sha256", fingerprint(spki))
        .end_object();
    std::printf("%s\n", out.text().c_str());
    return;
  }
  std::printf("Private key          %s\n", key_text(public_key).c_str());
  if (const auto exponent = public_key.kind().public_exponent) {
    std::printf("Public exponent      %llu\n", static_cast<unsigned long long>(exponent(public_key)));
  }
  std::printf("Public key SHA-256   %s\n", fingerprint(spki).c_str());
}

}  // namespace

void add_key(CLI::App& app) {
  CLI::App* const key = app.add_subcommand("key", "Make and describe private keys");
  key->require_subcommand(1);

  const auto options = std::make_shared<NewOptions>();
  CLI::App* const make = key->add_subcommand("new", "Make a private key (PKCS#8 PEM)");
  const std::vector<std::string> names = key_names();
  std::string list;
  for (std::size_t i = 0; i < names.size(); i++) {
    list += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  }
  make->add_option("kind", options->kind, list)->required()->check(CLI::IsMember(names));
  make->add_option("-o,--out", options->out, "File to write, with mode 0600; none or - is standard output")
      ->type_name("FILE");
  make->add_flag("--force", options->force, "Replace an existing file");
  make->footer(
      "The key is not encrypted: the file's mode is its protection.\n\n"
      "  ashlar key new p256 -o server.key\n");
  make->callback([options] { run_new(*options); });

  const auto path = std::make_shared<std::string>("-");
  const auto json = std::make_shared<bool>(false);
  CLI::App* const show = key->add_subcommand("show", "Describe a private key; no secret is printed");
  show->add_option("file", *path, "PEM or DER (PKCS#8, PKCS#1, SEC 1); none or - is standard input");
  show->add_flag("--json", *json, "For programs");
  show->footer(
      "The SHA-256 is of the SubjectPublicKeyInfo, as cert show prints it of a certificate's key: equal "
      "ones\n"
      "belong together.\n");
  show->callback([path, json] { run_show(*path, *json); });
}

}  // namespace ashlar::cli
