// SPDX-License-Identifier: Apache-2.0
// A version's table of transitions as a page of the documentation.
#pragma once

#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

namespace ashlar::test {

// What differs between the versions. `last_of_client` is the last of the client's states.
template <class State>
struct StatesPage {
  std::string version;  // "TLS 1.2"
  std::string folder;   // "tls12"
  State client_start, last_of_client, server_start;
};

template <class State, class Transitions>
std::string diagram(const StatesPage<State>& page, const Transitions& transitions, bool client) {
  std::string text = "```mermaid\nstateDiagram-v2\n";
  text += "    [*] --> " + std::string(name_of(client ? page.client_start : page.server_start));
  text += client ? " : ClientHello sent\n" : "\n";
  for (const auto& row : transitions) {
    if ((row.from <= page.last_of_client) != client || row.from == row.to) {
      continue;
    }
    text += "    " + std::string(name_of(row.from)) + " --> " + std::string(name_of(row.to)) + " : " +
            std::string(row.input.name());
    text += row.when.empty() ? "\n" : " (" + std::string(row.when) + ")\n";
  }
  return text + "```\n";
}

template <class Transitions>
std::string table(const Transitions& transitions) {
  std::string text = "| state | takes | and becomes | when |\n|---|---|---|---|\n";
  for (const auto& row : transitions) {
    text += "| " + std::string(name_of(row.from)) + " | " + std::string(row.input.name()) + " | " +
            (row.from == row.to ? "itself" : std::string(name_of(row.to))) + " | " + std::string(row.when) +
            " |\n";
  }
  return text;
}

template <class State, class Transitions>
std::string text_of_page(const StatesPage<State>& page, const Transitions& transitions) {
  return "# The states of a " + page.version + " handshake\n\n" + "Printed from the table in `tls/" +
         page.folder +
         "/transitions.hpp` by `print-states`; a test compares. Whatever a state\n"
         "has no row for ends the connection with `unexpected_message`.\n\n"
         "## Client\n\n" +
         diagram(page, transitions, true) + "\n## Server\n\n" + diagram(page, transitions, false) +
         "\n## Every row\n\n" + table(transitions);
}

// Prints the page, or with --check FILE compares the file with it.
template <class State, class Transitions>
int print_or_check(int argc, char** argv, const StatesPage<State>& page, const Transitions& transitions) {
  const std::string text = text_of_page(page, transitions);
  if (argc == 3 && std::string(argv[1]) == "--check") {
    std::ifstream file(argv[2]);
    std::stringstream content;
    content << file.rdbuf();
    const bool same = content.str() == text;
    if (!same) {
      std::printf("FAILED: states: the page docs/%s-states.md is that of the table (run print-states)\n",
                  page.folder.c_str());
    }
    std::printf("CASES: %d passed, %d failed, 0 skipped\n", same ? 1 : 0, same ? 0 : 1);
    return same ? 0 : 1;
  }
  std::cout << text;
  return 0;
}

}  // namespace ashlar::test
