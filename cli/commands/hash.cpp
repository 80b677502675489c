// SPDX-License-Identifier: Apache-2.0
// ashlar hash: digests of files and pipes, printed as sha256sum prints them.
#include "commands/commands.hpp"
#include "support/failure.hpp"
#include "support/files.hpp"

#include <ashlar/crypto/sha2.hpp>

#include <cstdio>
#include <memory>

namespace ashlar::cli {
namespace {

struct Row {
  const char* name;
  const crypto::HashAlgorithm& algorithm;
};
constexpr Row kRows[] = {
    {"sha224", crypto::kSha224},
    {"sha256", crypto::kSha256},
    {"sha384", crypto::kSha384},
    {"sha512", crypto::kSha512},
};

struct Options {
  std::string algorithm;
  std::vector<std::string> files;
};

std::string digest_line(const crypto::HashAlgorithm& algorithm, const std::string& file) {
  crypto::Hash hash(algorithm);
  read_pieces(file, [&](Bytes piece) { hash.update(piece); });
  std::uint8_t digest[crypto::kMaxDigestSize];
  std::string line;
  for (const std::uint8_t b : hash.finish(digest)) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", b);
    line += two;
  }
  line += "  ";
  // sha256sum's way with awkward names: the line begins with a backslash and the name is escaped.
  bool escaped = false;
  for (const char c : file) {
    const char* const spelled = c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\\' ? "\\\\" : nullptr;
    escaped |= spelled != nullptr;
    line += spelled != nullptr ? std::string(spelled) : std::string(1, c);
  }
  return (escaped ? "\\" : "") + line + "\n";
}

void run(const Options& options) {
  const crypto::HashAlgorithm* algorithm = nullptr;
  for (const Row& row : kRows) {
    if (options.algorithm == row.name) {
      algorithm = &row.algorithm;
    }
  }
  bool failed = false;
  for (const std::string& file : options.files.empty() ? std::vector<std::string>{"-"} : options.files) {
    try {
      const std::string line = digest_line(*algorithm, file);
      std::fputs(line.c_str(), stdout);
      std::fflush(stdout);
    } catch (const Failure& failure) {
      std::fprintf(stderr, "ashlar hash: %s\n", failure.what());
      failed = true;
    }
  }
  if (failed) {
    throw Failure("not every file could be read");
  }
}

}  // namespace

void add_hash(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = app.add_subcommand("hash", "Digests of files and pipes");
  command->add_option("algorithm", options->algorithm, "sha224, sha256, sha384 or sha512")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>{"sha224", "sha256", "sha384", "sha512"}));
  command->add_option("file", options->files, "Files; none or - is standard input");
  command->footer(
      "Prints the digest in hex, two spaces and the name, as sha256sum does.\n\n"
      "  ashlar hash sha256 archive.tar\n"
      "  cat archive.tar | ashlar hash sha512\n");
  command->callback([options] { run(*options); });
}

}  // namespace ashlar::cli
