// SPDX-License-Identifier: Apache-2.0
// ashlar key new | show: makes and describes private keys in PKCS#8 PEM.
#include "certificates/describe.hpp"
#include "certificates/new_key.hpp"
#include "commands/commands.hpp"
#include "failure/failure.hpp"
#include "files/ticket_key_file.hpp"
#include "options/passphrase_option.hpp"
#include "output/json.hpp"

#include <cstdio>
#include <memory>

namespace ashlar::cli {
namespace {

struct NewOptions {
  std::string kind;
  std::string out;
  KeyPassphrases passphrases;
  bool encrypt = false;
  bool force = false;
};

constexpr const char* kTicket = "ticket";

void run_new(const NewOptions& options) {
  if (options.kind == kTicket) {
    if (options.encrypt) {
      throw Failure(Words{.cause = "ticket keys are not written under a passphrase",
                          .found = "--encrypt with ticket",
                          .wanted = "a file whose mode is its protection",
                          .next = "leave --encrypt out"},
                    ExitCode::usage);
    }
    write_ticket_key(options.out, options.force);
    return;
  }
  KeyPassphrases passphrases = options.passphrases;
  // Asked for before the slow making of an RSA key.
  const FileBytes passphrase = options.encrypt ? new_passphrase(options.out, passphrases) : FileBytes();
  write_private_key(make_private_key(options.kind), options.out, options.force, passphrase.bytes());
}

struct ShowOptions {
  std::string path = "-";
  KeyPassphrases passphrases;
  bool json = false;
};

void run_show(const ShowOptions& options) {
  const std::string& path = options.path;
  KeyPassphrases passphrases = options.passphrases;
  const x509::PrivateKey key = load_private_key(path, passphrases);
  const x509::PublicKey public_key = key.public_key();
  std::uint8_t storage[x509::kMaxSpkiSize];
  const Bytes spki = value_of(public_key.write_spki(storage), path);
  if (options.json) {
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
  CLI::App* const make =
      key->add_subcommand("new", "Make a private key (PKCS#8 PEM), or a key for session tickets");
  std::vector<std::string> kinds = key_names();
  kinds.emplace_back(kTicket);
  make->add_option("kind", options->kind,
                   key_list() + "; ticket: a key for ashlar server --ticket-keys, in hex")
      ->required()
      ->check(CLI::IsMember(kinds));
  make->add_option("-o,--out", options->out, "File to write, with mode 0600; none or - is standard output")
      ->type_name("FILE");
  CLI::Option* const encrypt =
      make->add_flag("--encrypt", options->encrypt, "Put the key under a passphrase (PBES2, AES-256-CBC)");
  add_passphrase_file(*make, options->passphrases, "the key")->needs(encrypt);
  make->add_flag("--force", options->force, "Replace an existing file");
  make->footer(
      "Without --encrypt the file's mode is the key's only protection.\n\n"
      "  ashlar key new p256 -o server.key\n"
      "  ashlar key new p256 --encrypt -o ca.key\n");
  make->callback([options] { run_new(*options); });

  const auto shown = std::make_shared<ShowOptions>();
  CLI::App* const show = key->add_subcommand("show", "Describe a private key; no secret is printed");
  show->add_option("file", shown->path, "PEM or DER (PKCS#8, PKCS#1, SEC 1); none or - is standard input");
  add_passphrase_file(*show, shown->passphrases, "the key");
  show->add_flag("--json", shown->json, "For programs");
  show->footer(
      "The SHA-256 is of the SubjectPublicKeyInfo, as cert show prints it of a certificate's key: equal "
      "ones\n"
      "belong together.\n");
  show->callback([shown] { run_show(*shown); });
}

}  // namespace ashlar::cli
