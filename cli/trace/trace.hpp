// SPDX-License-Identifier: Apache-2.0
// --trace: what happens on a connection, in readable form, from the engine's event stream. Also the key
// log.
#pragma once

#include "output/terminal.hpp"

#include <ashlar/tls/event.hpp>

#include <cstdio>
#include <string>

namespace ashlar::cli {

enum class TraceLevel { none, messages, records, secrets };

// "", "messages", "records" or "secrets"; anything else is a Failure.
TraceLevel trace_level(const std::string& text);
extern const char kTraceHelp[];

// Prints the events of one connection to standard error.
class Trace {
 public:
  // prefix: begins each line, such as "#3 "; empty for a single connection.
  explicit Trace(TraceLevel level, std::string prefix = "");

  // The steps below TLS.
  void note(const std::string& text);
  void connecting(const std::string& address);
  void connected(const std::string& address);

  void event(const tls::Event& event);

 private:
  double elapsed(std::uint64_t time);
  void print(std::uint64_t time, const char* arrow, const std::string& name, std::size_t size, bool has_size,
             const std::string& decision, Style style = Style::plain);
  void print_secret(const tls::Event& event, const tls::SecretEvent& secret);
  void phase(tls::Phase phase, bool tls13);
  void count_round_trip(tls::Direction direction);

  TraceLevel level_;
  std::string prefix_;
  bool colour_;
  std::uint64_t start_ = 0;
  int round_trips_ = 0;
  bool explained_ = false;
  std::size_t cut_ = 0;    // where the next piece of the key block begins
  bool has_sent_ = false;  // something was sent since the last round trip was counted
  tls::Phase phase_{};
};

// A file for lines of key logs, for any number of connections and threads.
class KeyLogFile {
 public:
  // Appends to the file; created with mode 0600.
  explicit KeyLogFile(const std::string& path);
  KeyLogFile(const KeyLogFile&) = delete;
  KeyLogFile& operator=(const KeyLogFile&) = delete;
  ~KeyLogFile();
  // Writes a line at once, so that no other comes between.
  void append(const std::string& line) const;

 private:
  int file_;
  std::string path_;
};

// A connection's lines for programs that decrypt captures (SSLKEYLOGFILE, RFC 9850): CLIENT_RANDOM <random>
// <master secret>, and in TLS 1.3 one for each traffic secret.
class KeyLog {
 public:
  // The file outlives it.
  explicit KeyLog(const KeyLogFile& file) : file_(file) {}
  void event(const tls::Event& event);

 private:
  std::string label_of(tls::SecretKind kind);

  const KeyLogFile& file_;
  std::string client_random_;
  unsigned client_secrets_ = 0;  // of data, so far
  unsigned server_secrets_ = 0;
};

// The receivers of a connection's events; either may be null.
struct Listeners {
  Trace* trace = nullptr;
  KeyLog* key_log = nullptr;
  TraceLevel level = TraceLevel::none;

  // `this` must outlive the connection.
  tls::EventSink sink();
};

}  // namespace ashlar::cli
