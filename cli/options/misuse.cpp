// SPDX-License-Identifier: Apache-2.0
#include "options/misuse.hpp"

#include "output/terminal.hpp"

#include <algorithm>

namespace ashlar::cli {
namespace {

// Options that people know from other programs.
struct Foreign {
  std::string_view option;
  std::string_view found;  // the program that has it
  std::string_view next;
};
constexpr Foreign kForeign[] = {
    {"-k", "curl's option for any certificate",
     "give the root that the server's chain ends in: --trust FILE; or accept anybody: --insecure-no-verify"},
    {"--insecure", "curl's option for any certificate",
     "give the root that the server's chain ends in: --trust FILE; or accept anybody: --insecure-no-verify"},
    {"--no-check-certificate", "wget's option for any certificate",
     "give the root that the server's chain ends in: --trust FILE; or accept anybody: --insecure-no-verify"},
    {"-v", "the option of other programs to tell more", "watch the handshake with --trace"},
    {"--verbose", "the option of other programs to tell more", "watch the handshake with --trace"},
    {"-d", "the option of other programs to tell more", "watch the handshake with --trace"},
    {"--debug", "the option of other programs to tell more", "watch the handshake with --trace=records"},
    {"--cacert", "curl's option for roots", "name the roots by --trust FILE"},
    {"--capath", "curl's option for roots", "name the folder by --trust DIR"},
    {"--ca-certificate", "wget's option for roots", "name the roots by --trust FILE"},
    {"--x509cafile", "gnutls-cli's option for roots", "name the roots by --trust FILE"},
    {"-CAfile", "openssl's option for roots", "name the roots by --trust FILE"},
    {"-CApath", "openssl's option for roots", "name the folder by --trust DIR"},
    {"-connect", "openssl's option for the peer", "ashlar client HOST:PORT"},
    {"-servername", "openssl's option for the name", "name the server by --name NAME (ashlar client)"},
    {"--resolve", "curl's option for addresses", "ashlar client ADDRESS:PORT --name NAME"},
    {"-showcerts", "openssl's option for the chain", "watch the handshake with --trace"},
    {"-L", "curl's option for redirects",
     "fetch the address that the message names: redirects are not followed"},
    {"--location", "curl's option for redirects",
     "fetch the address that the message names: redirects are not followed"},
    {"-I", "curl's option for the head alone", "print status and fields beside the body by --head"},
    {"-i", "curl's option for the head", "print status and fields beside the body by --head"},
    {"-O", "curl's option for a file", "name the file by -o FILE"},
    {"-in", "openssl's option for a file", "give the file without an option: ashlar cert show FILE"},
    {"-text", "openssl's option", "leave it out: ashlar cert show FILE tells all there is"},
    {"-subj", "openssl's option for the subject", "give the names by --name and --common-name"},
    {"-cert", "openssl's way to write an option", "write it with two dashes: --cert FILE"},
    {"-key", "openssl's way to write an option", "write it with two dashes: --key FILE"},
    {"-accept", "openssl's option for the port", "give the port by --port N"},
    {"-www", "openssl's option for a page", "name a folder by --www DIR, or leave it out"},
    {"--tlsv1.3", "curl's option for a version", "leave it out: this release speaks TLS 1.2"},
    {"-tls1_3", "openssl's option for a version", "leave it out: this release speaks TLS 1.2"},
    {"--tlsv1.2", "curl's option for a version",
     "leave it out: this release speaks TLS 1.2 and nothing else"},
    {"-tls1_2", "openssl's option for a version",
     "leave it out: this release speaks TLS 1.2 and nothing else"},
};

constexpr std::string_view kTraceLevels[] = {"messages", "records", "secrets"};

// The command that a name may have meant; empty if none is similar.
std::string nearest(const std::string& name, const CLI::App& app) {
  std::string best;
  std::size_t best_distance = 3;
  for (const CLI::App* const command : app.get_subcommands([](const CLI::App*) { return true; })) {
    const std::string& other = command->get_name();
    // Levenshtein distance, one row at a time.
    std::vector<std::size_t> row(other.size() + 1);
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = i;
    }
    for (std::size_t j = 1; j <= name.size(); ++j) {
      std::size_t diagonal = std::exchange(row[0], j);
      for (std::size_t i = 1; i < row.size(); ++i) {
        const std::size_t changed = diagonal + (name[j - 1] != other[i - 1] ? 1U : 0U);
        diagonal = row[i];
        row[i] = std::min({changed, row[i] + 1, row[i - 1] + 1});
      }
    }
    if (row.back() < best_distance && row.back() < name.size()) {
      best_distance = row.back();
      best = other;
    }
  }
  return best;
}

std::string command_list(const CLI::App& app) {
  std::string list;
  for (const CLI::App* const command : app.get_subcommands([](const CLI::App*) { return true; })) {
    list += (list.empty() ? "" : ", ") + command->get_name();
  }
  return list;
}

// The sub-command of that name; null if there is none.
const CLI::App* find_command(const CLI::App& app, const std::string& name) {
  for (const CLI::App* const command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == name) {
      return command;
    }
  }
  return nullptr;
}

const CLI::App& deepest(const CLI::App& app) {
  for (const CLI::App* const child : app.get_subcommands()) {
    return deepest(*child);
  }
  return app;
}

template <class Kind>
bool is(const CLI::ParseError& error) {
  return dynamic_cast<const Kind*>(&error) != nullptr;
}

// The names of the required arguments.
std::string usage_of(const CLI::App& command) {
  std::string text;
  for (const CLI::Option* const option : command.get_options()) {
    if (option->get_required()) {
      text += (text.empty() ? "" : " ") + option->get_name(false, true);
    }
  }
  return text;
}

// The parser's "OPTION: VALUE not in {LIST}" and "OPTION: Value VALUE not in range A to B", split into parts.
void add_bounds(Words& words) {
  const std::string text = words.cause;
  const std::size_t colon = text.find(": ");
  const std::size_t at = text.find(" not in ", colon == std::string::npos ? 0 : colon);
  if (colon == std::string::npos || at == std::string::npos) {
    return;
  }
  constexpr std::string_view kValue = "Value ", kRange = "range ";
  std::string value = text.substr(colon + 2, at - colon - 2);
  std::string bounds = text.substr(at + 8);
  if (value.starts_with(kValue)) {
    value.erase(0, kValue.size());
  }
  if (bounds.starts_with(kRange)) {
    words.wanted = "a number from " + bounds.substr(kRange.size());
  } else {
    words.wanted = "one of ";
    for (const char c : bounds) {
      words.wanted += c == '{' || c == '}' ? "" : c == ',' ? ", " : std::string(1, c);
    }
  }
  words.cause = text.substr(0, colon) + " does not take this value";
  words.found = "\"" + value + "\"";
}

// The name of an option without its value: "--trace" of "--trace=secrets".
std::string_view option_name(std::string_view argument) {
  return argument.substr(0, argument.find('='));
}

bool has_option(const CLI::App& command, std::string_view name) {
  return command.get_option_no_throw(std::string(name)) != nullptr;
}

// Whether a command has the options that an advice names. Advice that names another command is always fine.
bool can_follow(std::string_view advice, const CLI::App& command) {
  if (advice.find("ashlar ") != std::string_view::npos) {
    return true;
  }
  for (std::size_t at = advice.find(" -"); at != std::string_view::npos; at = advice.find(" -", at + 1)) {
    const std::string_view rest = advice.substr(at + 1);
    if (!has_option(command, rest.substr(0, rest.find_first_of(" =;,")))) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string command_path(const CLI::App& app) {
  for (const CLI::App* const child : app.get_subcommands()) {
    return app.get_name() + " " + command_path(*child);
  }
  return app.get_name();
}

std::vector<std::string> with_help_last(std::vector<std::string> arguments, const CLI::App& app) {
  if (arguments.empty() || arguments[0] != "help") {
    return arguments;
  }
  arguments.erase(arguments.begin());
  if (arguments.empty() || find_command(app, arguments[0]) != nullptr) {
    arguments.emplace_back("--help");
  }
  return arguments;
}

void check_arguments(const std::vector<std::string>& arguments) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& level = arguments[i];
    if (arguments[i - 1] == "--trace" &&
        std::find(std::begin(kTraceLevels), std::end(kTraceLevels), level) != std::end(kTraceLevels)) {
      throw Failure(Words{.cause = "--trace has its level behind a sign of equality",
                          .found = "--trace " + level + ", which is --trace and an argument of its own",
                          .wanted = "--trace, --trace=records or --trace=secrets",
                          .next = "write --trace=" + level},
                    ExitCode::usage);
    }
  }
}

Words words_of(const CLI::ParseError& error, const CLI::App& app, const std::vector<std::string>& arguments) {
  const CLI::App& reached = deepest(app);
  const std::string path = command_path(app);
  Words words;
  words.next = path + " --help";
  const bool wants_command = !reached.get_subcommands([](const CLI::App*) { return true; }).empty();
  if (wants_command) {
    // The first argument that is neither the name of a command on the path nor an option.
    std::string wrong;
    const CLI::App* at = &app;
    for (const std::string& argument : arguments) {
      if (const CLI::App* const child = find_command(*at, argument)) {
        at = child;
      } else if (!argument.starts_with('-')) {
        wrong = argument;
        break;
      }
    }
    if (wrong.empty()) {
      words.cause = "a command is missing";
      words.found = "no command";
    } else {
      words.cause = "there is no command \"" + escape(std::string_view(wrong)) + "\"";
      const std::string meant = nearest(wrong, reached);
      if (!meant.empty()) {
        words.next = path + " " + meant + " --help";
      }
      words.found = "\"" + escape(std::string_view(wrong)) + "\"" +
                    (meant.empty() ? std::string() : ", which is near \"" + meant + "\"");
    }
    words.wanted = "one of " + command_list(reached);
    if (!wrong.empty() || is<CLI::RequiredError>(error)) {
      return words;
    }
  }
  if (is<CLI::ExtrasError>(error)) {
    for (const std::string& argument : arguments) {
      for (const Foreign& row : kForeign) {
        if (option_name(argument) == row.option && !has_option(reached, row.option)) {
          words.cause = "there is no option " + std::string(row.option) + " here";
          words.found = std::string(row.option) + ", " + std::string(row.found);
          words.wanted = "an option of " + path;
          if (can_follow(row.next, reached)) {
            words.next = std::string(row.next) + " (all: " + words.next + ")";
          }
          return words;
        }
      }
    }
    for (const std::string& argument : arguments) {
      if (argument.size() > 1 && argument[0] == '-' && !has_option(reached, option_name(argument)) &&
          !has_option(app, option_name(argument))) {
        words.cause = "there is no option " + escape(option_name(argument)) + " here";
        words.found = escape(std::string_view(argument));
        words.wanted = "an option of " + path;
        return words;
      }
    }
    words.cause = escape(std::string_view(error.what()));
    words.found = "more arguments than this command takes";
    words.wanted = "those of its usage line; one with blanks in it stands in quotes";
    return words;
  }
  words.cause = escape(std::string_view(error.what()));
  if (is<CLI::RequiredError>(error)) {
    words.found = "a command line without it";
    words.wanted = "its usage line: " + path + " " + usage_of(reached);
  } else if (is<CLI::ValidationError>(error)) {
    add_bounds(words);
  }
  return words;
}

}  // namespace ashlar::cli
