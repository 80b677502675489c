// SPDX-License-Identifier: Apache-2.0
// The ashlar tool: one binary, sub-commands with --help.
#include "commands/commands.hpp"
#include "cpu/mask.hpp"
#include "failure/failure.hpp"
#include "output/terminal.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace {

std::string command_path(const CLI::App& app) {
  for (const CLI::App* const child : app.get_subcommands()) {
    return app.get_name() + " " + command_path(*child);
  }
  return app.get_name();
}

}  // namespace

int main(int argc, char** argv) {
  using namespace ashlar::cli;
  // A reader that went away shows as a failed write, with a message.
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
#ifndef ASHLAR_NO_SERVER
  add_server(app);
#endif
  add_cert(app);
  add_key(app);
  add_hash(app);
  add_mac(app);
  add_enc(app);
  add_dec(app);
  add_speed(app);
  add_explain(app);
  add_doctor(app);

  try {
    app.parse(argc, argv);
    if (std::fflush(stdout) != 0) {
      throw Failure(std::string("standard output: ") + std::strerror(errno));
    }
    return static_cast<int>(ExitCode::ok);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      return app.exit(error);
    }
    const std::string path = command_path(app);
    if (app.get_subcommands().empty() && argc > 1 && argv[1][0] != '-') {
      std::fprintf(stderr, "ashlar: there is no command \"%s\"\nSee ashlar --help.\n",
                   escape(std::string_view(argv[1])).c_str());
      return static_cast<int>(ExitCode::usage);
    }
    std::fprintf(stderr, "%s: %s\nSee %s --help.\n", path.c_str(), error.what(), path.c_str());
    return static_cast<int>(ExitCode::usage);
  } catch (const Failure& failure) {
    std::fflush(stdout);
    std::fprintf(stderr, "%s: %s\n", command_path(app).c_str(), failure.what());
    return static_cast<int>(failure.code());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", command_path(app).c_str(), error.what());
    return static_cast<int>(ExitCode::failed);
  }
}
