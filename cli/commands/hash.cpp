// SPDX-License-Identifier: Apache-2.0
// ashlar hash: digests of files and pipes, printed as sha256sum prints them.
#include "algorithms/names.hpp"
#include "commands/commands.hpp"
#include "files/files.hpp"
#include "output/checksum.hpp"

#include <cstdio>
#include <memory>

namespace ashlar::cli {
namespace {

struct Options {
  std::string algorithm;
  std::vector<std::string> files;
};

void run(const Options& options) {
  const crypto::HashAlgorithm& algorithm = *find(hashes(), options.algorithm);
  for_each_file("hash", options.files, [&](const std::string& file) {
    crypto::Hash hash(algorithm);
    read_shown(file, [&](Bytes piece) { hash.update(piece); });
    std::uint8_t digest[crypto::kMaxDigestSize];
    std::fputs(checksum_line(hash.finish(digest), file).c_str(), stdout);
  });
}

}  // namespace

void add_hash(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = app.add_subcommand("hash", "Digests of files and pipes");
  command->add_option("algorithm", options->algorithm, listed(names(hashes())))
      ->required()
      ->check(CLI::IsMember(names(hashes())));
  command->add_option("file", options->files, "Files; none or - is standard input");
  command->footer(
      "Prints the digest in hex, two spaces and the name, as sha256sum does.\n\n"
      "  ashlar hash sha256 archive.tar\n"
      "  cat archive.tar | ashlar hash sha512\n");
  command->callback([options] { run(*options); });
}

}  // namespace ashlar::cli
