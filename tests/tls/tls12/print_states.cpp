// SPDX-License-Identifier: Apache-2.0
// Prints the table of transitions as the page docs/tls12-states.md, or checks that page against it.
//   print-states > docs/tls12-states.md
//   print-states --check docs/tls12-states.md
#include "tls12/transitions.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

using namespace ashlar::tls::tls12;

namespace {

std::string state_name(State state) {
  return std::string(kStateNames[static_cast<std::size_t>(state)]);
}

std::string diagram(bool client) {
  std::string text = "```mermaid\nstateDiagram-v2\n";
  text += "    [*] --> " +
          state_name(client ? State::client_expects_server_hello : State::server_expects_client_hello);
  text += client ? " : ClientHello sent\n" : "\n";
  for (const Transition& row : kTransitions) {
    if ((row.from <= State::client_connected) != client || row.from == row.to) {
      continue;
    }
    text +=
        "    " + state_name(row.from) + " --> " + state_name(row.to) + " : " + std::string(row.input.name());
    text += row.when.empty() ? "\n" : " (" + std::string(row.when) + ")\n";
  }
  return text + "```\n";
}

std::string table() {
  std::string text = "| state | takes | and becomes | when |\n|---|---|---|---|\n";
  for (const Transition& row : kTransitions) {
    text += "| " + state_name(row.from) + " | " + std::string(row.input.name()) + " | " +
            (row.from == row.to ? "itself" : state_name(row.to)) + " | " + std::string(row.when) + " |\n";
  }
  return text;
}

std::string page() {
  return "# The states of a TLS 1.2 handshake\n\n"
         "Printed from the table in `tls/tls12/transitions.hpp` by `print-states`; a test compares. Whatever "
         "a state\n"
         "has no row for ends the connection with `unexpected_message`.\n\n"
         "## Client\n\n" +
         diagram(true) + "\n## Server\n\n" + diagram(false) + "\n## Every row\n\n" + table();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == "--check") {
    std::ifstream file(argv[2]);
    std::stringstream content;
    content << file.rdbuf();
    const bool same = content.str() == page();
    std::printf(
        same ? "CASES: 1 passed, 0 failed, 0 skipped\n"
             : "FAILED: states: the page docs/tls12-states.md is that of the table (run print-states)\n"
               "CASES: 0 passed, 1 failed, 0 skipped\n");
    return same ? 0 : 1;
  }
  std::cout << page();
  return 0;
}
