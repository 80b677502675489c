// SPDX-License-Identifier: Apache-2.0
// The ashlar tool: one binary, sub-commands with --help.
#include "commands/commands.hpp"
#include "cpu/mask.hpp"
#include "failure/failure.hpp"
#include "options/misuse.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

namespace {

// Nobody is to take a part of the output for the whole, however early it was that a part was lost.
void flush_output() {
  using namespace ashlar::cli;
  if (std::fflush(stdout) != 0) {
    throw Failure(system_words("standard output", errno, "a place that can be written to"));
  }
  if (std::ferror(stdout) != 0 || !std::cout.flush()) {
    throw Failure(Words{.cause = "standard output: not all of it could be written",
                        .found = "a place that is full, or nobody who reads",
                        .wanted = "a place that can be written to",
                        .next = "take what is there for a part, make room (df), and try again"});
  }
}

int run(CLI::App& app, std::vector<std::string> arguments) {
  using namespace ashlar::cli;
  try {
    check_arguments(arguments);
    arguments = with_help_last(std::move(arguments), app);
    // The parser takes the arguments from the end.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) {
      std::fprintf(stderr, "%s: %s\n", command_path(app).c_str(),
                   lines_of(words_of(error, app, arguments)).c_str());
      return static_cast<int>(ExitCode::usage);
    }
    app.exit(error);  // help, or the version
  }
  flush_output();
  return static_cast<int>(ExitCode::ok);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace ashlar::cli;
  // If the reader of a pipe has gone, a write fails and gives a message.
  std::signal(SIGPIPE, SIG_IGN);

  CLI::App app("TLS from bare arithmetic up: fetch, serve and look into it.", "ashlar");
  app.set_version_flag("--version", std::string("ashlar ") + ASHLAR_VERSION);
  app.require_subcommand(1);
  app.add_flag_callback(
      "--portable", [] { ashlar::cpu::set_mask(ashlar::cpu::Features()); },
      "Use no CPU features: the portable kernels only, which are slow");
  app.get_formatter()->column_width(28);
  app.footer("Each command has its own help:  ashlar get --help\n");
  add_get(app);
  add_client(app);
  add_check(app);
  add_load(app);
#ifndef ASHLAR_NO_SERVER
  add_server(app);
  add_simulate(app);
  add_tunnel(app);
#endif
  add_cert(app);
  add_key(app);
  add_roots(app);
  add_hash(app);
  add_mac(app);
  add_enc(app);
  add_dec(app);
  add_speed(app);
  add_explain(app);
  add_doctor(app);

  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  try {
    return run(app, std::move(arguments));
  } catch (const Failure& failure) {
    std::fflush(stdout);
    std::fprintf(stderr, "%s: %s\n", command_path(app).c_str(), failure.what());
    return static_cast<int>(failure.code());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", command_path(app).c_str(), error.what());
    return static_cast<int>(ExitCode::failed);
  }
}
