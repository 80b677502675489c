// SPDX-License-Identifier: Apache-2.0
// Command lines that the parser refuses: what was probably meant, and how to write it.
#pragma once

#include "failure/failure.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace ashlar::cli {

// "help get" is "get --help"; everything else stays as it is.
std::vector<std::string> with_help_last(std::vector<std::string> arguments, const CLI::App& app);

// Arguments that would parse as something that nobody means, such as `--trace secrets`. A Failure says how to
// write it.
void check_arguments(const std::vector<std::string>& arguments);

// An error of the parser in our words. arguments: those of the command line, without the program.
Words words_of(const CLI::ParseError& error, const CLI::App& app, const std::vector<std::string>& arguments);

// "ashlar cert show": the command that was reached.
std::string command_path(const CLI::App& app);

}  // namespace ashlar::cli
