// SPDX-License-Identifier: Apache-2.0
// Prints the table of transitions as the page docs/tls13-states.md, or checks that page against it.
//   print-states13 > docs/tls13-states.md
//   print-states13 --check docs/tls13-states.md
#include "tls/support/states_page.hpp"
#include "tls13/transitions.hpp"

using namespace ashlar::tls::tls13;

int main(int argc, char** argv) {
  return ashlar::test::print_or_check(
      argc, argv,
      ashlar::test::StatesPage<State>{"TLS 1.3", "tls13", State::client_expects_server_hello,
                                      State::client_connected, State::server_expects_client_hello},
      kTransitions);
}
