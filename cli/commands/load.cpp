// SPDX-License-Identifier: Apache-2.0
// ashlar load: how many handshakes and how many bytes a server does in a second, and how long each takes.
#include "load/load.hpp"
#include "commands/commands.hpp"
#include "http/http.hpp"
#include "net/connect.hpp"
#include "output/json.hpp"
#include "output/terminal.hpp"

#include <cstdio>
#include <memory>

namespace ashlar::cli {
namespace {

struct Options {
  std::string where;
  std::string name;
  std::string alpn;
  ClientOptions connection;
  std::vector<std::string> only;
  std::string target;
  unsigned connections = 8;
  std::uint64_t count = 10'000;
  int seconds = 3;
  int timeout = 30;
  bool json = false;
};

struct Row {
  std::string name;
  std::string skipped;  // why it was not measured; empty: it was
  LoadResult result;
};

constexpr double kPercentiles[] = {50, 90, 99};

std::string number(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

void print_row(const Row& row) {
  std::string text = row.name + std::string(9 - row.name.size(), ' ');
  if (!row.skipped.empty()) {
    std::printf("%snot measured: %s\n", text.c_str(), row.skipped.c_str());
    return;
  }
  const LoadResult& result = row.result;
  const double seconds = std::chrono::duration<double>(result.elapsed).count();
  const bool data = row.name == "data";
  text += number("%.0f", static_cast<double>(result.done)) + (data ? " responses" : " handshakes") + " in " +
          number("%.2f s: ", seconds);
  text += number("%.0f/s", result.per_second());
  if (data) {
    text += ", " + number("%.1f MB/s", static_cast<double>(result.bytes) / 1e6 / std::max(seconds, 1e-9));
  }
  text += "; ms:";
  for (const double percent : kPercentiles) {
    text += number(" p%.0f", percent) + number(" %.2f", result.percentile(percent));
  }
  text +=
      number(" max %.2f", result.percentile(100)) + number("; this side busy for %.0f %%", 100 * result.busy);
  std::printf("%s\n", text.c_str());
  if (result.failed > 0) {
    std::printf("         %s, the first: %s\n", counted(result.failed, "failure").c_str(),
                result.failure.c_str());
  }
  if (result.not_resumed > 0) {
    std::printf("         %s of these did not resume the session\n",
                counted(result.not_resumed, "handshake").c_str());
  }
}

void print_json(const std::string& about, const std::string& agreed, const std::vector<Row>& rows) {
  Json out;
  out.begin_object().member("server", about).member("agreed", agreed).key("rows").begin_array();
  for (const Row& row : rows) {
    const LoadResult& result = row.result;
    out.begin_object().member("name", row.name).key("not_measured");
    row.skipped.empty() ? out.null() : out.value(row.skipped);
    out.member("done", result.done).member("failed", result.failed).member("not_resumed", result.not_resumed);
    out.member("bytes", result.bytes);
    out.member("seconds", std::chrono::duration<double>(result.elapsed).count());
    out.member("per_second", result.per_second()).member("busy", result.busy);
    out.key("ms").begin_object();
    for (const double percent : kPercentiles) {
      out.member(number("p%.0f", percent), result.percentile(percent));
    }
    out.member("max", result.percentile(100)).end_object().end_object();
  }
  out.end_array().end_object();
  std::printf("%s\n", out.text().c_str());
}

bool wanted(const Options& options, const std::string& name) {
  return options.only.empty() ||
         std::find(options.only.begin(), options.only.end(), name) != options.only.end();
}

void run(const Options& options) {
  const Url where = Url::parse(options.where);
  ClientSetup setup(options.connection);
  tls::ClientConfig config = setup.config();
  const std::vector<std::string_view> alpn = alpn_list(options.alpn);
  config.alpn = alpn;

  asio::io_context io;
  LoadOptions load;
  load.about = where.host + ":" + where.port;
  load.name = reference_name(options.name.empty() ? where.host : options.name);
  load.host = where.authority();
  load.target = options.target.empty() ? where.target : options.target;
  load.connections = options.connections;
  load.count = options.count;
  load.time = std::chrono::seconds(options.seconds);
  load.patience = std::chrono::seconds(options.timeout);
  {
    // Tries every address, once.
    asio::ip::tcp::socket first = connect(io, where.host, where.port, load.patience, nullptr);
    load.endpoint = first.remote_endpoint();
  }
  const LoadSample first = sample(load, config, setup);
  if (!options.json) {
    std::printf("%s: %s; %s at once\n", load.about.c_str(), first.agreed.c_str(),
                counted(load.connections, "connection").c_str());
    std::fflush(stdout);
  }
  std::vector<Row> rows;
  const auto add = [&](const char* name, LoadWork work) {
    if (!wanted(options, name)) {
      return;
    }
    Row row{name, "", {}};
    if (work == LoadWork::resumed && !first.session) {
      row.skipped = "the server gave no session that could be resumed";
    } else {
      try {
        row.result = measure(load, work, config, setup, first.session ? &*first.session : nullptr);
      } catch (const Failure& failure) {
        // A server of another protocol is measured by its handshakes alone.
        if (failure.code() != ExitCode::not_http || !options.only.empty()) {
          throw;
        }
        row.skipped = "the server's answer to a request is no HTTP";
      }
    }
    if (!options.json) {
      print_row(row);
      std::fflush(stdout);
    }
    rows.push_back(std::move(row));
  };
  add("full", LoadWork::full);
  add("resumed", LoadWork::resumed);
  add("data", LoadWork::data);
  if (options.json) {
    print_json(load.about, first.agreed, rows);
  }
  for (const Row& row : rows) {
    if (row.result.failed > 0) {
      std::fflush(stdout);
      throw Failure(Words{.cause = load.about + ": some connections failed",
                          .found = counted(row.result.failed, "failure") + " of " + row.name + ", told above",
                          .wanted = "none",
                          .next = "give fewer --connections, or look at the server's log"},
                    ExitCode::tls);
    }
  }
}

}  // namespace

void add_load(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = app.add_subcommand("load", "Handshakes and bytes per second of a server");
  command->add_option("where", options->where, "HOST[:PORT][/PATH]; the path is fetched for MB/s")
      ->required();
  command->add_option("--only", options->only, "Measure these alone: full, resumed or data; again for more")
      ->allow_extra_args(false)
      ->check(CLI::IsMember(std::vector<std::string>{"full", "resumed", "data"}));
  command->add_option("--connections", options->connections, "Connections at once")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--seconds", options->seconds, "Time of each measurement, at most")
      ->check(CLI::Range(1, 600))
      ->capture_default_str();
  command->add_option("--count", options->count, "Handshakes or requests of each measurement, at most")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--name", options->name, "Name that the server must be, if it is not HOST");
  command->add_option("--alpn", options->alpn, "Application protocols to offer, in order: http/1.1,…");
  add_client_options(*command, options->connection);
  command->add_option("--timeout", options->timeout, "Seconds for each handshake and response")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command->add_flag("--json", options->json, "For programs");
  command->footer(
      "Latencies are from the first segment of TCP to the end of the handshake, and from a request to the "
      "end of\n"
      "its response. One session is resumed again and again. Where this side is busy for 100 %, the server "
      "may be\n"
      "faster than what is printed: give it fewer cores than this side, or run several of these. Measure "
      "servers\n"
      "that are yours, or whose owner agrees.\n\n"
      "  ashlar load localhost:4433 --trust ca.pem --connections 16\n"
      "  ashlar load localhost:4433/large.bin --trust ca.pem --only data\n");
  command->callback([options] { run(*options); });
}

}  // namespace ashlar::cli
