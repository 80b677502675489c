// SPDX-License-Identifier: Apache-2.0
// ashlar simulate: the timeline of a handshake, as both engines make it under a simulated clock.
#include "commands/commands.hpp"
#include "failure/failure.hpp"
#include "output/json.hpp"
#include "output/terminal.hpp"
#include "simulate/picture.hpp"
#include "simulate/simulation.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace ashlar::cli {
namespace {

struct Options {
  std::string one_way = "28ms";
  std::string version = "1.2";
  bool resume = false;
  bool client_certificate = false;
  bool json = false;
};

// "28ms", "0.5ms", "28" (milliseconds) or "1s".
SimulatedTime parse_duration(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const std::string unit = end;
  const double in_milliseconds = unit == "s" ? number * 1000 : number;
  constexpr double kLongest = 60'000;
  if (end == text.c_str() || (unit != "ms" && unit != "s" && !unit.empty()) || !std::isfinite(number) ||
      in_milliseconds < 0 || in_milliseconds > kLongest) {
    throw Failure(Words{.cause = "--one-way does not take this value",
                        .found = "\"" + escape(std::string_view(text)) + "\"",
                        .wanted = "a time from 0 to 60 seconds, such as 28ms, 0.5ms or 1s",
                        .next = "write --one-way 28ms"},
                  ExitCode::usage);
  }
  return SimulatedTime(static_cast<std::int64_t>(std::llround(in_milliseconds * 1e6)));
}

void print_json(const std::vector<SimulatedRun>& runs) {
  const auto time = [](SimulatedTime given) { return static_cast<double>(given.count()) / 1e6; };
  Json out;
  out.begin_array();
  for (const SimulatedRun& run : runs) {
    out.begin_object().member("resumed", run.resumed).member("agreed", run.agreed);
    out.member("client_done_ms", time(run.client_done)).member("server_done_ms", time(run.server_done));
    out.key("messages").begin_array();
    for (const SimulatedMessage& message : run.messages) {
      out.begin_object()
          .member("name", message.name)
          .member("from", message.from_client ? "client" : "server");
      out.key("phase");
      message.phase ? out.value(std::int64_t{static_cast<int>(*message.phase)}) : out.null();
      out.member("bytes", std::uint64_t{message.size});
      out.member("leaves_ms", time(message.leaves)).member("arrives_ms", time(message.arrives)).end_object();
    }
    out.end_array().end_object();
  }
  out.end_array();
  std::printf("%s\n", out.text().c_str());
}

void run(const Options& options) {
  const bool tls13 = options.version == "1.3";
  const std::vector<SimulatedRun> runs =
      simulate({.one_way = parse_duration(options.one_way),
                .version = tls13 ? tls::ProtocolVersion::tls13 : tls::ProtocolVersion::tls12,
                .client_certificate = options.client_certificate},
               options.resume);
  if (options.json) {
    print_json(runs);
  } else {
    std::fputs(picture(runs, tls13).c_str(), stdout);
  }
}

}  // namespace

void add_simulate(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command =
      app.add_subcommand("simulate", "The timeline of a handshake under a simulated clock");
  command->add_option("--one-way", options->one_way, "How long the network takes from one side to the other")
      ->type_name("TIME")
      ->capture_default_str();
  command->add_option("--tls", options->version, "The version that both sides speak")
      ->check(CLI::IsMember(std::vector<std::string>{"1.2", "1.3"}))
      ->capture_default_str();
  command->add_flag("--resume", options->resume,
                    "Beside it, the abbreviated handshake of the resumed session");
  command->add_flag("--client-cert", options->client_certificate, "The server demands a client certificate");
  command->add_flag("--json", options->json, "For programs");
  command->footer(
      "Client and server are the library's own, in memory, with keys and certificates made for this run. "
      "Their work\n"
      "takes no time here: what is drawn is what they send and when, and what they wait for. The times are "
      "those\n"
      "of their events.\n\n"
      "  ashlar simulate --resume\n"
      "  ashlar simulate --tls 1.3 --one-way 100ms --client-cert\n");
  command->callback([options] { run(*options); });
}

}  // namespace ashlar::cli
