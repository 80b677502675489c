// SPDX-License-Identifier: Apache-2.0
// ashlar speed: how fast each implementation of each algorithm is on this machine, size by size. measure/
// says what is measured, and how. The benchmarks measure the same and compare it with other libraries.
#include "commands/commands.hpp"
#include "failure/failure.hpp"
#include "measure/contest.hpp"
#include "measure/statistics.hpp"
#include "output/json.hpp"
#include "output/terminal.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <memory>

namespace ashlar::cli {
namespace {

struct Options {
  std::vector<std::string> wanted;
  std::vector<std::size_t> sizes;
  std::string implementation;
  double seconds = 0.01;
  bool batch = false;
  bool json = false;
};

struct Figure {
  std::string implementation;
  std::size_t bytes;  // of one message; 0: the operation has no size
  double cycles;      // of one message
  double seconds;
};

// One operation of an algorithm, with all its sizes and implementations.
struct Operation {
  std::string algorithm, name;
  std::vector<measure::Contest*> contests{};
};

// Benchmarks name an operation by its algorithm, and by a second word if the algorithm has several. This is
// the word for algorithms with one operation.
std::string only_operation(const std::string& algorithm) {
  if (algorithm.find("mac") != std::string::npos) {
    return "mac";
  }
  if (algorithm.starts_with("sha")) {
    return "digest";
  }
  return algorithm.ends_with("ctr") ? "encrypt" : "derive";
}

Operation named(const measure::Contest& contest) {
  const std::size_t space = contest.operation.find(' ');
  Operation operation{contest.operation.substr(0, space), ""};
  operation.name =
      space == std::string::npos ? only_operation(operation.algorithm) : contest.operation.substr(space + 1);
  if (contest.messages > 1) {
    operation.name += ", " + std::to_string(contest.messages) +
                      (contest.size == 0 ? " side by side" : " messages side by side");
  }
  return operation;
}

std::vector<Operation> operations() {
  measure::add_crypto();
  std::vector<Operation> all;
  for (const auto& contest : measure::contests()) {
    Operation operation = named(*contest);
    const auto same = [&](const Operation& other) {
      return other.algorithm == operation.algorithm && other.name == operation.name;
    };
    auto found = std::find_if(all.begin(), all.end(), same);
    if (found == all.end()) {
      found = all.insert(all.end(), std::move(operation));
    }
    found->contests.push_back(contest.get());
  }
  return all;
}

// Small letters and digits of a name: "SHA-256" and "sha256" are the same.
std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

std::vector<Operation> chosen(const std::vector<std::string>& wanted) {
  const std::vector<Operation> all = operations();
  if (wanted.empty()) {
    return all;
  }
  std::vector<Operation> out;
  std::vector<bool> taken(all.size());
  for (const std::string& name : wanted) {
    // The algorithm of that name; if there is none, all whose names contain it.
    const bool exact = std::any_of(all.begin(), all.end(), [&](const Operation& operation) {
      return plain(operation.algorithm) == plain(name);
    });
    bool found = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string algorithm = plain(all[i].algorithm);
      if (exact ? algorithm == plain(name) : algorithm.find(plain(name)) != std::string::npos) {
        found = true;
        taken[i] = true;
      }
    }
    if (!found) {
      std::vector<std::string> names;
      for (const auto& each : all) {
        if (std::find(names.begin(), names.end(), each.algorithm) == names.end()) {
          names.push_back(each.algorithm);
        }
      }
      std::string algorithms;
      for (const std::string& each : names) {
        algorithms += (algorithms.empty() ? "" : ", ") + each;
      }
      throw Failure(Words{.cause = "no algorithm is named " + escape(name),
                          .found = "\"" + escape(name) + "\"",
                          .wanted = "one of " + algorithms,
                          .next = "ashlar speed --help; without a name all are measured"},
                    ExitCode::usage);
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (taken[i]) {
      out.push_back(all[i]);
    }
  }
  return out;
}

std::vector<Figure> measured(const Operation& operation, const Options& options, Progress& progress) {
  constexpr int kRounds = 7;
  const measure::Plan plan{.rounds = kRounds, .turn = options.seconds / kRounds, .threads = 1, .filter = ""};
  std::vector<Figure> figures;
  for (measure::Contest* const contest : operation.contests) {
    if (options.batch && contest->messages == 1) {
      continue;
    }
    if (!options.sizes.empty() &&
        std::find(options.sizes.begin(), options.sizes.end(), contest->size) == options.sizes.end()) {
      continue;
    }
    progress.show(operation.algorithm + " " + operation.name +
                  (contest->size == 0 ? "" : ", " + size_text(contest->size)));
    if (!options.implementation.empty()) {
      std::erase_if(contest->rows,
                    [&](const measure::Row& row) { return row.name != options.implementation; });
    }
    measure::measure(contest->rows, plan);
    for (const measure::Row& row : contest->rows) {
      if (row.failed) {
        throw Failure(operation.algorithm + " " + operation.name + " failed with " + row.name +
                      ": ashlar doctor looks closer");
      }
      const double messages = static_cast<double>(contest->messages);
      figures.push_back({row.name, contest->size, measure::quantile(row.cycles, 0.5) / messages,
                         measure::quantile(row.seconds, 0.5) / messages});
    }
    contest->rows.clear();
  }
  return figures;
}

std::string number(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string padded(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

constexpr std::size_t kColumn = 9;

// A line of one implementation: one figure per size.
void print_line(const std::string& label, const std::vector<std::size_t>& sizes,
                const std::vector<const Figure*>& row,
                const std::function<std::string(const Figure&)>& show) {
  std::printf("  %-18s", label.c_str());
  for (const std::size_t size : sizes) {
    const auto at = std::find_if(row.begin(), row.end(), [&](const Figure* f) { return f->bytes == size; });
    std::printf("%s", padded(at == row.end() ? "" : show(**at), kColumn).c_str());
  }
  std::printf("\n");
}

void print_human(const Operation& operation, const std::vector<Figure>& figures, bool colour) {
  std::vector<std::size_t> sizes;
  std::vector<std::string> implementations;
  for (const Figure& figure : figures) {
    if (std::find(sizes.begin(), sizes.end(), figure.bytes) == sizes.end()) {
      sizes.push_back(figure.bytes);
    }
    if (std::find(implementations.begin(), implementations.end(), figure.implementation) ==
        implementations.end()) {
      implementations.push_back(figure.implementation);
    }
  }
  if (figures.empty()) {
    return;
  }
  std::printf("%s\n", styled(operation.algorithm + " " + operation.name, Style::bold, colour).c_str());
  const bool sized = sizes[0] != 0;
  if (sized) {
    std::printf("  %-18s", "");
    for (const std::size_t size : sizes) {
      std::printf("%s", padded(std::to_string(size), kColumn).c_str());
    }
    std::printf("  bytes\n");
  }
  for (const std::string& name : implementations) {
    std::vector<const Figure*> row;
    for (const Figure& figure : figures) {
      if (figure.implementation == name) {
        row.push_back(&figure);
      }
    }
    if (sized) {
      print_line(name, sizes, row, [](const Figure& f) {
        const double per_byte = f.cycles / static_cast<double>(f.bytes);
        return number(per_byte < 10 ? "%.3f" : "%.1f", per_byte);
      });
      print_line("  GB/s", sizes, row, [](const Figure& f) {
        return number("%.3f", 1e-9 * static_cast<double>(f.bytes) / f.seconds);
      });
    } else {
      std::printf("  %-18s %14.0f cycles %12.0f per second\n", name.c_str(), row[0]->cycles,
                  1 / row[0]->seconds);
    }
  }
  std::printf("\n");
  std::fflush(stdout);
}

void add_json(Json& out, const Operation& operation, const std::vector<Figure>& figures) {
  for (const Figure& figure : figures) {
    const double bytes = static_cast<double>(figure.bytes);
    out.begin_object()
        .member("algorithm", operation.algorithm)
        .member("operation", operation.name)
        .member("implementation", figure.implementation)
        .member("bytes", std::uint64_t{figure.bytes})
        .member("cycles", figure.cycles);
    if (figure.bytes == 0) {
      out.key("cycles_per_byte").null();
    } else {
      out.member("cycles_per_byte", figure.cycles / bytes);
    }
    out.member("per_second", figure.bytes == 0 ? 1 / figure.seconds : bytes / figure.seconds).end_object();
  }
}

void run(const Options& options) {
  const std::vector<Operation> operations = chosen(options.wanted);
  const bool colour = has_colour(STDOUT_FILENO);
  Json json;
  json.begin_array();
  bool any = false;
  if (!options.json) {
    std::printf("Core cycles per byte, and 10^9 bytes per second below, of one thread\n\n");
  }
  for (const Operation& operation : operations) {
    std::vector<Figure> figures;
    {
      Progress progress;
      figures = measured(operation, options, progress);
    }
    any = any || !figures.empty();
    options.json ? add_json(json, operation, figures) : print_human(operation, figures, colour);
  }
  if (!any) {
    throw Failure(options.implementation.empty()
                      ? (options.batch ? "nothing of that is done side by side" : "nothing has that size")
                      : "nothing of that has an implementation " + escape(options.implementation) +
                            " that this CPU can run; ashlar doctor lists them",
                  ExitCode::usage);
  }
  if (options.json) {
    std::printf("%s\n", json.end_array().text().c_str());
  }
}

}  // namespace

void add_speed(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = app.add_subcommand("speed", "How fast each implementation is on this machine");
  command->add_option("algorithm", options->wanted, "Names, or parts of them; none: everything");
  command->add_option("--size", options->sizes, "Message sizes in bytes, of those that are measured")
      ->check(
          CLI::IsMember(std::vector<std::size_t>(std::begin(measure::kSizes), std::end(measure::kSizes))));
  command->add_option("--implementation", options->implementation, "Only the implementation of this name")
      ->type_name("NAME");
  command
      ->add_option("--seconds", options->seconds,
                   "How long to measure each figure (0.01 unless told otherwise)")
      ->check(CLI::Range(0.001, 60.0));
  command->add_flag("--batch", options->batch, "Only what does several operations side by side");
  command->add_flag("--json", options->json, "For programs");
  command->footer(
      "Keys are set up beforehand. A figure is the median of seven turns. Core cycles come from timing a "
      "chain of\n"
      "additions around each turn, so that they hold whatever the clock does.\n"
      "--json: an array of objects with algorithm, operation, implementation, bytes (of one message), "
      "cycles,\n"
      "cycles_per_byte and per_second (bytes); an operation without a size has 0 bytes, null "
      "cycles_per_byte, and\n"
      "operations per_second.\n\n"
      "  ashlar speed aes-128-gcm sha256\n"
      "  ashlar speed p-256 --batch\n"
      "  ashlar speed chacha --implementation portable --size 16384 --json\n");
  command->callback([options] { run(*options); });
}

}  // namespace ashlar::cli
