// SPDX-License-Identifier: Apache-2.0
// ashlar roots emit: roots as constant arrays, so that a program carries them as a browser does.
#include "certificates/credentials.hpp"
#include "certificates/describe.hpp"
#include "commands/commands.hpp"
#include "failure/failure.hpp"
#include "files/files.hpp"
#include "output/terminal.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <memory>

namespace ashlar::cli {
namespace {

struct Options {
  std::vector<std::string> trust;
  std::vector<std::string> only;
  std::string name = "kRoots";
  std::string out;
  bool cpp = false;
  bool c = false;
  bool force = false;
};

// Names of C and C++ alike. Those that either language keeps for itself are refused too.
void check_name(const std::string& name) {
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  const bool good = !name.empty() && name.size() <= 64 &&
                    std::isalpha(static_cast<unsigned char>(name[0])) != 0 &&
                    std::all_of(name.begin(), name.end(), fits) && name.find("__") == std::string::npos;
  if (!good) {
    throw Failure(Words{.cause = "--name is no name for an array",
                        .found = "\"" + escape(std::string_view(name)) + "\"",
                        .wanted = "a letter, then up to 63 letters, digits and single underscores",
                        .next = "write --name kRoots"},
                  ExitCode::usage);
  }
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return text;
}

struct Root {
  Bytes der;
  std::string subject;
  std::string line;  // for a comment of either language, whatever the certificate holds
};

std::vector<Root> chosen_roots(const Trust& trust, const Options& options) {
  std::vector<Root> roots;
  std::vector<std::size_t> hits(options.only.size());
  const x509::AnchorIndex anchors = trust.anchors();
  for (const x509::TrustAnchor& anchor : anchors.all()) {
    const std::string subject = name_text(anchor.subject());
    bool wanted = options.only.empty();
    for (std::size_t i = 0; i < options.only.size(); ++i) {
      if (lower(subject).find(lower(options.only[i])) != std::string::npos) {
        ++hits[i];
        wanted = true;
      }
    }
    const auto certificate = x509::Certificate::parse(anchor.certificate());
    if (!wanted || !certificate) {
      continue;
    }
    std::string shown = subject;
    std::replace(shown.begin(), shown.end(), '*', '.');
    std::replace(shown.begin(), shown.end(), '\\', '.');
    roots.push_back({anchor.certificate(), subject,
                     shown + "; until " + time_text(certificate->validity().not_after) + "; SHA-256 " +
                         fingerprint(anchor.certificate())});
  }
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (hits[i] == 0) {
      throw Failure(Words{
          .cause = "no root has such a name",
          .found = "--only \"" + escape(std::string_view(options.only[i])) + "\", and " + trust.description(),
          .wanted = "a part of the name of at least one root",
          .next = "see the names: ashlar roots emit --c | grep until"});
    }
  }
  // The anchors' order depends on their digests: people look for names.
  std::sort(roots.begin(), roots.end(), [](const Root& a, const Root& b) { return a.subject < b.subject; });
  return roots;
}

std::string array_of(Bytes der) {
  std::string text, line;
  for (const std::uint8_t byte : der) {
    const std::string number = std::to_string(byte) + ",";
    if (line.size() + number.size() > 110) {
      text += line + "\n";
      line.clear();
    }
    line += number;
  }
  return text + line + "\n";
}

std::string emit(const std::vector<Root>& roots, const std::string& source, const Options& options) {
  const auto comment = [&options](const std::string& text) {
    return options.c ? "/* " + text + " */\n" : "// " + text + ".\n";
  };
  std::string safe = source;
  std::replace(safe.begin(), safe.end(), '*', '.');
  std::replace(safe.begin(), safe.end(), '\\', '.');
  const std::string& name = options.name;
  std::string text = comment("Made by ashlar roots emit: " + counted(roots.size(), "root") + " of " +
                             escape(std::string_view(safe)));
  text += comment("Roots expire and are withdrawn: make this file anew with each release");
  text += options.c ? "/* clang-format off */\n" : "// clang-format off\n";
  if (options.c) {
    text += "#ifndef ASHLAR_ROOTS_" + name + "\n#define ASHLAR_ROOTS_" + name + "\n#include <stddef.h>\n\n";
  } else {
    text += "#pragma once\n#include <cstdint>\n#include <span>\n\n";
  }
  std::string list, sizes;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const std::string each = name + "_" + std::to_string(i);
    text += comment(roots[i].line);
    text += (options.c ? "static const unsigned char " : "inline constexpr std::uint8_t ") + each +
            "[] = {\n" + array_of(roots[i].der) + "};\n";
    list += each + ",\n";
    sizes += "sizeof " + each + ",\n";
  }
  text += "\n";
  if (options.c) {
    text += "static const size_t " + name + "_count = " + std::to_string(roots.size()) + ";\n";
    text += "static const unsigned char *const " + name + "[] = {\n" + list + "};\n";
    text += "static const size_t " + name + "_sizes[] = {\n" + sizes + "};\n#endif\n";
  } else {
    text += "inline constexpr std::span<const std::uint8_t> " + name + "[] = {\n" + list + "};\n";
  }
  return text;
}

void run(const Options& options) {
  check_name(options.name);
  if (options.c == options.cpp) {
    throw Failure(Words{.cause = "it is not said in which language the arrays are to be",
                        .found = options.c ? "--c and --c++" : "neither --c++ nor --c",
                        .wanted = "one of them",
                        .next = "write --c++"},
                  ExitCode::usage);
  }
  const Trust trust(options.trust);
  const std::vector<Root> roots = chosen_roots(trust, options);
  const std::string text = emit(roots, trust.description(), options);
  write_whole(options.out, bytes_of(text), {.secret = false, .replace = options.force});
  if (!options.out.empty() && options.out != "-") {
    std::fprintf(stderr, "%s: %s\n", quoted(options.out).c_str(), counted(roots.size(), "root").c_str());
  }
}

}  // namespace

void add_roots(CLI::App& app) {
  CLI::App* const roots = app.add_subcommand("roots", "Roots for programs that carry their own");
  roots->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  CLI::App* const command = roots->add_subcommand("emit", "Write roots as constant arrays of C++ or C");
  command->add_flag("--c++", options->cpp, "A header of C++20: spans of bytes");
  command->add_flag("--c", options->c, "A header of C: NAME, NAME_sizes and NAME_count");
  command->add_option("--name", options->name, "Name of the array")->capture_default_str();
  command
      ->add_option("--trust", options->trust,
                   "The roots, PEM or DER; a folder: all in it; again for more. Without: the system's")
      ->allow_extra_args(false)
      ->type_name("FILE|DIR");
  command
      ->add_option("--only", options->only,
                   "Only roots with this text in their names, capitals or not; again for more")
      ->allow_extra_args(false)
      ->type_name("TEXT");
  command->add_option("-o,--out", options->out, "File to write; none or - is standard output")
      ->type_name("FILE");
  command->add_flag("--force", options->force, "Replace an existing file");
  command->footer(
      "A program with its own roots depends on no file of the machine, and trusts no root that was added "
      "there.\n"
      "It must be built anew when they change. examples/carried_roots.cpp is such a program.\n\n"
      "  ashlar roots emit --c++ --only \"ISRG Root\" -o roots.hpp\n"
      "  ashlar roots emit --c --name my_roots --trust ca.pem -o roots.h\n");
  command->callback([options] { run(*options); });
}

}  // namespace ashlar::cli
