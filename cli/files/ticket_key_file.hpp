// SPDX-License-Identifier: Apache-2.0
// Files of ticket keys: one key a line, in hex digits. Blank lines and lines that begin with # are passed
// over.
#pragma once

#include <ashlar/tls/ticket_keys.hpp>

#include <string>

namespace ashlar::cli {

// Gives the file's keys to `keys` instead of those that are there; the first line's seals. A Failure says
// what is wrong with the file, and nothing is changed.
void load_ticket_keys(const std::string& path, tls::TicketKeys& keys);
// Writes a fresh key as a line into a file for its owner alone (empty or "-": standard output), and says so.
void write_ticket_key(const std::string& path, bool replace);

}  // namespace ashlar::cli
