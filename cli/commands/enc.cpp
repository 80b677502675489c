// SPDX-License-Identifier: Apache-2.0
// ashlar enc | dec: files and pipes of any size, encrypted and authenticated.
#include "commands/commands.hpp"
#include "failure/failure.hpp"
#include "files/files.hpp"
#include "files/passphrase.hpp"
#include "files/sealed_file.hpp"
#include "files/symmetric_key.hpp"

#include <unistd.h>

#include <memory>

namespace ashlar::cli {
namespace {

struct Options {
  std::string file = "-";
  std::string out;
  std::string key;
  std::string passphrase_file;
  std::string cipher = "aes-256-gcm";
  bool force = false;
};

sealed_file::Reader reader(const Options& options) {
  return [&options](const std::function<void(Bytes)>& use) { read_shown(options.file, use); };
}

FileBytes ask_passphrase(const Options& options, bool sealing) {
  const SilentTerminal terminal(input_name(options.file) + ": ",
                                "name such a file: --passphrase-file FILE; or one with a key: --key FILE");
  return sealing ? terminal.ask_twice("Passphrase: ") : terminal.ask("Passphrase: ");
}

sealed_file::KeySource key_source(const Options& options, bool sealing) {
  sealed_file::KeySource source;
  if (!options.key.empty()) {
    source.key = read_key(options.key, sealed_file::kKeySize);
  } else {
    source.passphrase = options.passphrase_file.empty() ? ask_passphrase(options, sealing)
                                                        : read_passphrase(options.passphrase_file);
  }
  return source;
}

void run_enc(const Options& options) {
  if ((options.out.empty() || options.out == "-") && ::isatty(STDOUT_FILENO) == 1) {
    throw Failure(Words{.cause = "the ciphertext would go to the terminal",
                        .found = "no -o, and standard output is a terminal",
                        .wanted = "a file or a pipe",
                        .next = "name a file: -o FILE"},
                  ExitCode::usage);
  }
  const auto cipher = options.cipher == "aes-256-gcm" ? sealed_file::Cipher::aes_256_gcm
                                                      : sealed_file::Cipher::chacha20_poly1305;
  const sealed_file::KeySource source = key_source(options, true);
  WholeFile out(options.out, {.replace = options.force});
  sealed_file::seal(cipher, source, input_name(options.file), reader(options),
                    [&](Bytes data) { out.write(data); });
  out.keep();
}

void run_dec(const Options& options) {
  WholeFile out(options.out, {.secret = true, .replace = options.force});
  const auto ask = [&](bool passphrase) {
    if (passphrase != options.key.empty()) {
      throw Failure(Words{.cause = input_name(options.file) + ": sealed with a " +
                                   (passphrase ? "passphrase, not with a key" : "key, not with a passphrase"),
                          .found = passphrase ? "--key" : "no --key",
                          .wanted = passphrase ? "the passphrase" : "the file with the key",
                          .next = passphrase ? "leave --key out; the passphrase is asked for, or read from "
                                               "--passphrase-file FILE"
                                             : "name that file: --key FILE"});
    }
    return key_source(options, false);
  };
  sealed_file::open(ask, input_name(options.file), reader(options), [&](Bytes data) { out.write(data); });
  out.keep();
}

CLI::App* add_common(CLI::App& app, const char* name, const char* about, Options& options) {
  CLI::App* const command = app.add_subcommand(name, about);
  command->add_option("file", options.file, "File to read; none or - is standard input");
  command->add_option("-o,--out", options.out, "File to write; none or - is standard output")
      ->type_name("FILE");
  CLI::Option* const key =
      command->add_option("--key", options.key, "File with a key of 32 bytes, or of 64 hex digits")
          ->type_name("FILE");
  command
      ->add_option("--passphrase-file", options.passphrase_file,
                   "File whose first line is the passphrase; without this and --key it is asked for")
      ->type_name("FILE")
      ->excludes(key);
  command->add_flag("--force", options.force, "Replace an existing file");
  return command;
}

}  // namespace

void add_enc(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = add_common(app, "enc", "Encrypt a file or a pipe", *options);
  command->add_option("--cipher", options->cipher, "aes-256-gcm (unless told otherwise) or chacha20-poly1305")
      ->check(CLI::IsMember(std::vector<std::string>{"aes-256-gcm", "chacha20-poly1305"}));
  command->footer(
      "Chunks of 64 KiB are sealed one by one, so that a file of any size passes through little memory and "
      "any\n"
      "change, cut or reordering is noticed by dec. docs/enc-format.md describes the format. A passphrase "
      "becomes a\n"
      "key by scrypt (N = 2^17, r = 8, p = 1: 128 MiB).\n\n"
      "  ashlar enc backup.tar -o backup.sealed\n"
      "  head -c 32 /dev/urandom > secret.key; tar c docs | ashlar enc --key secret.key > docs.sealed\n");
  command->callback([options] { run_enc(*options); });
}

void add_dec(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = add_common(app, "dec", "Decrypt what enc made", *options);
  command->footer(
      "A file named by -o appears only if all of the input was whole and in order. Standard output gets each "
      "chunk\n"
      "as soon as it is known to be whole and in its place: heed the exit status before using what came "
      "out.\n\n"
      "  ashlar dec backup.sealed -o backup.tar\n");
  command->callback([options] { run_dec(*options); });
}

}  // namespace ashlar::cli
