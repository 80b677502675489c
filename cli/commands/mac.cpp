// SPDX-License-Identifier: Apache-2.0
// ashlar mac: makes and checks message authentication codes of files and pipes.
#include "algorithms/names.hpp"
#include "commands/commands.hpp"
#include "failure/failure.hpp"
#include "files/files.hpp"
#include "files/symmetric_key.hpp"
#include "output/checksum.hpp"
#include "output/terminal.hpp"

#include <cstdio>
#include <memory>

namespace ashlar::cli {
namespace {

struct Options {
  std::string algorithm;
  std::string key;
  bool hex_key = false;
  std::string expected;
  std::vector<std::string> files;
};

void run(const Options& options) {
  const crypto::MacAlgorithm& algorithm = *find(macs(), options.algorithm);
  FileBytes key_bytes = read_whole(options.key, 1U << 20);
  if (options.hex_key) {
    key_bytes = unhex_key(key_bytes.text(), options.key);
  }
  if (key_bytes.bytes().empty()) {
    throw Failure(Words{.cause = input_name(options.key) + ": an empty file is no key",
                        .found = "nothing",
                        .wanted = "a key",
                        .next = "make one: head -c 32 /dev/urandom > secret.key"});
  }
  const crypto::MacKey key = value_of(crypto::MacKey::create(algorithm, key_bytes.bytes()), options.key);
  if (!options.expected.empty()) {
    if (options.files.size() > 1) {
      throw Failure(Words{.cause = "--verify is about one file",
                          .found = counted(options.files.size(), "file"),
                          .wanted = "one file, or standard input",
                          .next = "verify them one by one"},
                    ExitCode::usage);
    }
    const FileBytes expected = unhex_key(options.expected, "--verify");
    if (expected.bytes().size() != key.size()) {
      throw Failure(Words{.cause = "--verify has a code of another size than " + options.algorithm + " makes",
                          .found = counted(expected.bytes().size(), "byte"),
                          .wanted = counted(key.size(), "byte") + " in hex",
                          .next = "check which algorithm made the code"},
                    ExitCode::usage);
    }
    const std::string file = options.files.empty() ? "-" : options.files[0];
    crypto::Mac mac(key);
    read_shown(file, [&](Bytes piece) { mac.update(piece); });
    if (!mac.verify(expected.bytes())) {
      throw Failure(Words{.cause = input_name(file) + ": this key makes another code of it",
                          .usual = "The file was changed, or the key or the code belongs to another one.",
                          .found = "another code than that of --verify",
                          .wanted = "the same code",
                          .next = "check that file, key and code belong together; do not use the file"});
    }
    std::fprintf(stderr, "%s: the code is right\n", input_name(file).c_str());
    return;
  }
  for_each_file("mac", options.files, [&](const std::string& file) {
    crypto::Mac mac(key);
    read_shown(file, [&](Bytes piece) { mac.update(piece); });
    std::uint8_t code[crypto::kMaxMacSize];
    std::fputs(checksum_line(mac.finish(code), file).c_str(), stdout);
  });
}

}  // namespace

void add_mac(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = app.add_subcommand("mac", "Message authentication codes of files and pipes");
  command->add_option("algorithm", options->algorithm, listed(names(macs())))
      ->required()
      ->check(CLI::IsMember(names(macs())));
  command->add_option("file", options->files, "Files; none or - is standard input");
  command->add_option("--key", options->key, "File whose bytes are the key")->required()->type_name("FILE");
  command->add_flag("--hex-key", options->hex_key, "The key file holds the key in hex");
  command->add_option("--verify", options->expected, "The code that the file must have; exit status 1 if not")
      ->type_name("HEX");
  command->footer(
      "Prints the code in hex, two spaces and the name. The key comes from a file, since other users of the\n"
      "machine can read command lines.\n\n"
      "  ashlar mac hmac-sha256 --key secret.key archive.tar\n");
  command->callback([options] { run(*options); });
}

}  // namespace ashlar::cli
