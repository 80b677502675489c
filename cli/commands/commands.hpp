// SPDX-License-Identifier: Apache-2.0
// The sub-commands: each adds itself, its options and its callback to the command line. A callback throws
// Failure, or succeeds by returning.
#pragma once

#include <CLI/CLI.hpp>

namespace ashlar::cli {

void add_get(CLI::App& app);
void add_client(CLI::App& app);
void add_check(CLI::App& app);
void add_load(CLI::App& app);
void add_server(CLI::App& app);
void add_simulate(CLI::App& app);
void add_tunnel(CLI::App& app);
void add_cert(CLI::App& app);
void add_key(CLI::App& app);
void add_roots(CLI::App& app);
void add_hash(CLI::App& app);
void add_mac(CLI::App& app);
void add_enc(CLI::App& app);
void add_dec(CLI::App& app);
void add_speed(CLI::App& app);
void add_explain(CLI::App& app);
void add_doctor(CLI::App& app);

// Parts of `cert`.
void add_cert_show(CLI::App& cert);
void add_cert_verify(CLI::App& cert);
void add_cert_new(CLI::App& cert);

}  // namespace ashlar::cli
