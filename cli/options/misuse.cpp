// SPDX-License-Identifier: Apache-2.0
#include "options/misuse.hpp"

#include "options/foreign.hpp"
#include "options/nearest.hpp"
#include "output/terminal.hpp"

#include <algorithm>
#include <cctype>

namespace ashlar::cli {
namespace {

constexpr std::string_view kTraceLevels[] = {"messages", "records", "secrets"};

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* const command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

// The option that a name with its dashes may have meant, with its dashes; empty if none is similar.
std::string nearest_option(std::string_view name, const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* const option : command.get_options()) {
    for (const std::string& each : option->get_lnames()) {
      names.push_back("--" + each);
    }
  }
  return name.size() > 3 ? nearest(name, names) : std::string();
}

// The words for an option that may have meant another.
void add_near(Words& words, const std::string& meant) {
  if (!meant.empty()) {
    words.found += ", which is near \"" + meant + "\"";
    words.next = "write " + meant + " (all: " + words.next + ")";
  }
}

std::string command_list(const CLI::App& app) {
  std::string list;
  for (const std::string& name : command_names(app)) {
    list += (list.empty() ? "" : ", ") + name;
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

// Letters and digits alone, in lower case.
std::string plain_word(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

// The value of a list "{a,b}" that another spelling may have meant; empty where there is none.
std::string nearest_value(const std::string& value, std::string_view list) {
  std::string wanted = plain_word(value);
  for (const ForeignValue& row : kForeignValues) {
    if (wanted == row.value) {
      wanted = row.ours;
    }
  }
  if (wanted.empty() || !list.starts_with('{') || !list.ends_with('}')) {
    return {};
  }
  list = list.substr(1, list.size() - 2);
  std::vector<std::string> values, words;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    values.emplace_back(list.substr(0, comma));
    words.push_back(plain_word(values.back()));
    if (words.back() == wanted) {
      return values.back();
    }
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  // A number that is near is another number.
  const bool number =
      std::all_of(wanted.begin(), wanted.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  const std::string meant = number ? std::string() : nearest(wanted, words);
  const auto at = std::find(words.begin(), words.end(), meant);
  return at == words.end() ? std::string() : values[static_cast<std::size_t>(at - words.begin())];
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
  add_near(words, nearest_value(value, bounds));
}

// The parser's "OPTION: At Most 1 required but received 2" and "OPTION: 1 required TYPE missing", split into
// parts.
void add_number(Words& words) {
  const std::string text = words.cause;
  constexpr std::string_view kMost = ": At Most ", kReceived = " required but received ";
  const std::size_t most = text.find(kMost), received = text.find(kReceived);
  if (most != std::string::npos && received != std::string::npos) {
    words.cause = text.substr(0, most) + " is given more than once";
    words.found = text.substr(received + kReceived.size()) + " of them";
    words.wanted = text.substr(most + kMost.size(), received - most - kMost.size());
    words.next = "leave the others out (all options: " + words.next + ")";
    return;
  }
  constexpr std::string_view kRequired = ": 1 required ", kMissing = " missing";
  const std::size_t required = text.find(kRequired);
  if (required != std::string::npos && text.ends_with(kMissing)) {
    words.cause = text.substr(0, required) + " has no value";
    words.found = "nothing behind it";
    const std::size_t type = required + kRequired.size();
    words.wanted = text.substr(type, text.size() - kMissing.size() - type);
    return;
  }
  words.found = "another number of values";
  words.wanted = "as many as the help says";
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

// The words for the first argument that is no option of the command reached. False if all are options. What
// precedes in `words`: the command's help.
bool add_unknown_option(Words& words, const CLI::App& app, const CLI::App& reached,
                        const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    for (const Foreign& row : kForeign) {
      if (option_name(argument) == row.name && !has_option(reached, row.name)) {
        words.cause = "there is no option " + std::string(row.name) + " here";
        words.found = std::string(row.name) + ", " + std::string(row.found);
        words.wanted = "an option of " + command_path(app);
        if (can_follow(row.next, reached)) {
          words.next = std::string(row.next) + " (all: " + words.next + ")";
        }
        return true;
      }
    }
  }
  for (const std::string& argument : arguments) {
    if (argument.size() > 1 && argument[0] == '-' && !has_option(reached, option_name(argument)) &&
        !has_option(app, option_name(argument))) {
      words.cause = "there is no option " + escape(option_name(argument)) + " here";
      words.found = escape(std::string_view(argument));
      words.wanted = "an option of " + command_path(app);
      add_near(words, nearest_option(option_name(argument), reached));
      return true;
    }
  }
  return false;
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
    const auto option = std::find_if(arguments.begin(), arguments.end(), [&](const std::string& argument) {
      return argument.size() > 1 && argument[0] == '-' && !has_option(app, option_name(argument));
    });
    if (wrong.empty() && option != arguments.end()) {
      words.cause = "there is no option " + escape(option_name(*option)) + " here, and no command";
      words.found = escape(std::string_view(*option));
      words.wanted = "one of " + command_list(reached) + ", and then its options";
      add_near(words, nearest_option(option_name(*option), app));
      return words;
    }
    if (wrong.empty()) {
      words.cause = "a command is missing";
      words.found = "no command";
    } else {
      words.cause = "there is no command \"" + escape(std::string_view(wrong)) + "\"";
      words.wanted = "one of " + command_list(reached);
      for (const Foreign& row : kForeignCommands) {
        if (&reached == &app && wrong == row.name) {
          words.found = "\"" + wrong + "\", " + std::string(row.found);
          words.next = std::string(row.next) + " (all: " + words.next + ")";
          return words;
        }
      }
      const std::string meant = nearest(wrong, command_names(reached));
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
  // An option that is not there explains why another one is missing.
  if ((is<CLI::ExtrasError>(error) || is<CLI::RequiredError>(error)) &&
      add_unknown_option(words, app, reached, arguments)) {
    return words;
  }
  if (is<CLI::ExtrasError>(error)) {
    words.cause = escape(std::string_view(error.what()));
    words.found = "more arguments than this command takes";
    words.wanted = "those of its usage line; one with blanks in it stands in quotes";
    if (reached.get_name() == "doctor") {
      words.next = "doctor looks at this machine; ashlar check HOST looks at a server";
    }
    return words;
  }
  words.cause = escape(std::string_view(error.what()));
  if (is<CLI::RequiredError>(error)) {
    words.found = "a command line without it";
    words.wanted = "its usage line: " + path + " " + usage_of(reached);
  } else if (is<CLI::ValidationError>(error)) {
    add_bounds(words);
  } else if (is<CLI::ArgumentMismatch>(error)) {
    add_number(words);
  }
  return words;
}

}  // namespace ashlar::cli
