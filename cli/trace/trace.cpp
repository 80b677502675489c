// SPDX-License-Identifier: Apache-2.0
#include "trace/trace.hpp"

#include "failure/failure.hpp"
#include "output/terminal.hpp"
#include "trace/messages.hpp"

#include <ashlar/posix.hpp>

#include <algorithm>
#include <cstring>
#include <vector>

namespace ashlar::cli {
namespace {

constexpr const char kWarning[] =
    "WARNING: --trace=secrets prints the keys of this connection, the secrets that\n"
    "they come from and what is derived from them. Whoever sees these lines, now or\n"
    "in a log file or a screen recording later, can decrypt everything that was sent\n"
    "on it and, while it lasts, forge what is sent next; and can do the same with\n"
    "every connection that resumes its session. Use it to learn and to debug, never\n"
    "with data that matters, and delete what was printed.\n";

bool is_tls13(const tls::Negotiated& negotiated) {
  return negotiated.version == tls::ProtocolVersion::tls13;
}

// A ChangeCipherSpec of TLS 1.3 goes out while the peer's flight is on its way, and nobody waits for it.
bool takes_turn(const tls::Event& event) {
  const auto* const record = std::get_if<tls::RecordEvent>(&event.what);
  const bool change = std::get_if<tls::ChangeCipherSpecEvent>(&event.what) != nullptr ||
                      (record != nullptr && record->type == tls::ContentType::change_cipher_spec);
  return std::get_if<tls::SecretEvent>(&event.what) == nullptr &&
         std::get_if<tls::ErrorEvent>(&event.what) == nullptr &&
         std::get_if<tls::HandshakeDoneEvent>(&event.what) == nullptr &&
         !(change && is_tls13(event.negotiated));
}

std::string record_text(const tls::RecordEvent& record, const tls::Negotiated& negotiated) {
  std::string text = version_text(record.version) + ", sequence number " +
                     std::to_string(record.sequence_number) + ", plaintext " +
                     std::to_string(record.plaintext_size) + ", on the wire " +
                     std::to_string(record.wire_size);
  if (record.key_epoch == 0) {
    return text + ", no keys yet: no padding, no MAC";
  }
  text += record.padding_size > 0 ? ", padding " + std::to_string(record.padding_size) : ", no padding";
  text += record.padding_size > 0 && !is_tls13(negotiated) ? ", MAC " : ", tag ";
  text += std::to_string(record.mac_size) + ", under the keys of handshake " +
          std::to_string(record.key_epoch) + " (" + suite_text(negotiated) + ")";
  return text;
}

}  // namespace

const char kTraceHelp[] =
    "Print the handshake to standard error, message by message; --trace=records: and each record; "
    "--trace=secrets: "
    "and the secrets";

TraceLevel trace_level(const std::string& text) {
  if (text.empty()) {
    return TraceLevel::none;
  }
  if (text == "messages") {
    return TraceLevel::messages;
  }
  if (text == "records") {
    return TraceLevel::records;
  }
  if (text == "secrets") {
    return TraceLevel::secrets;
  }
  throw Failure(Words{.cause = "--trace does not take this value",
                      .found = "\"" + escape(std::string_view(text)) + "\"",
                      .wanted = "--trace, --trace=records or --trace=secrets",
                      .next = "ashlar get --trace https://HOST/ prints the handshake, message by message"},
                ExitCode::usage);
}

Trace::Trace(TraceLevel level, std::string prefix)
    : level_(level),
      prefix_(std::move(prefix)),
      colour_(has_colour(STDERR_FILENO)),
      start_(posix::monotonic_nanoseconds()) {
  if (level_ == TraceLevel::secrets) {
    std::fputs(styled(kWarning, Style::red, colour_).c_str(), stderr);
  }
}

double Trace::elapsed(std::uint64_t time) {
  return time > start_ ? static_cast<double>(time - start_) / 1e6 : 0.0;
}

namespace {

constexpr std::size_t kColumns = 80;

// Characters, not bytes.
std::size_t width(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    count += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1U : 0U;
  }
  return count;
}

bool is_hex(std::string_view word) {
  return word.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Words in lines of at most `room` characters. Names are never broken, only the hex of secrets.
std::vector<std::string> wrapped(std::string_view text, std::size_t room) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    std::string_view word = text.substr(0, text.find(' '));
    if (word.size() > room && is_hex(word)) {
      word = word.substr(0, room / 2 * 2);
    }
    text.remove_prefix(word.size());
    std::string& line = lines.back();
    if (!line.empty() && width(line) + 1 + width(word) > room) {
      lines.emplace_back(word);
    } else {
      line += (line.empty() ? "" : " ") + std::string(word);
    }
    if (text.starts_with(' ')) {
      text.remove_prefix(1);
    }
  }
  return lines;
}

}  // namespace

void Trace::print(std::uint64_t time, const char* arrow, const std::string& name, std::size_t size,
                  bool has_size, const std::string& decision, Style style) {
  char head[64];
  std::snprintf(head, sizeof head, "%8.2f ms %2d RT  %-2s ", elapsed(time), round_trips_, arrow);
  std::string line = head + styled(name, Style::bold, colour_);
  std::size_t used = width(prefix_) + width(head) + width(name);
  if (has_size) {
    const std::string measure = counted(size, "byte");
    // Names of records are longer than names of messages, but all sizes end in one column.
    const std::size_t column = level_ >= TraceLevel::records ? 36 : 32;
    const std::size_t gap = column - std::min(column - 1, width(name) + width(measure));
    line += std::string(gap, ' ') + measure;
    used += gap + width(measure);
  }
  // What it decides stands behind it if there is room, else below the name.
  const std::size_t indent = width(prefix_) + width(head);
  if (!decision.empty() && used + 2 + width(decision) <= kColumns) {
    line += "  " + styled(decision, style, colour_);
  } else if (!decision.empty()) {
    for (const std::string& part : wrapped(decision, kColumns - std::min(kColumns / 2, indent + 2))) {
      line += "\n" + prefix_ + std::string(width(head) + 2, ' ') + styled(part, style, colour_);
    }
  }
  std::fputs((prefix_ + line + "\n").c_str(), stderr);
}

void Trace::note(const std::string& text) {
  print(posix::monotonic_nanoseconds(), "", text, 0, false, "");
}

void Trace::connecting(const std::string& address) {
  start_ = posix::monotonic_nanoseconds();
  round_trips_ = 0;
  has_sent_ = false;
  phase_ = {};
  if (!explained_) {
    explained_ = true;
    std::fputs(
        (prefix_ + "time since the start, round trips (RT) so far, direction, what, its size\n").c_str(),
        stderr);
  }
  print(start_, "->", "TCP connect", 0, false, "to " + address);
}

void Trace::connected(const std::string& address) {
  round_trips_ = 1;
  print(posix::monotonic_nanoseconds(), "<-", "TCP connected", 0, false, "to " + address);
}

void Trace::phase(tls::Phase phase, bool tls13) {
  if (phase != phase_) {
    phase_ = phase;
    std::fputs((prefix_ + styled(std::string("-- ") + phase_title(phase, tls13), Style::cyan, colour_) + "\n")
                   .c_str(),
               stderr);
  }
}

// A round trip is over when something is received after something was sent.
void Trace::count_round_trip(tls::Direction direction) {
  if (direction == tls::Direction::sent) {
    has_sent_ = true;
  } else if (has_sent_) {
    has_sent_ = false;
    ++round_trips_;
  }
}

void Trace::event(const tls::Event& event) {
  const char* const arrow = event.direction == tls::Direction::sent ? "->" : "<-";
  if (takes_turn(event)) {
    count_round_trip(event.direction);
  }
  if (const auto* const message = std::get_if<tls::MessageEvent>(&event.what)) {
    phase(event.phase, is_tls13(event.negotiated));
    print(event.time, arrow, std::string(tls::name(message->type)), message->body.size() + 4, true,
          decision(*message, event.negotiated) +
              (level_ >= TraceLevel::records ? offered(*message) : std::string()));
  } else if (std::get_if<tls::ChangeCipherSpecEvent>(&event.what) != nullptr) {
    phase(event.phase, is_tls13(event.negotiated));
    print(event.time, arrow, "ChangeCipherSpec", 1, true,
          is_tls13(event.negotiated)
              ? std::string("means nothing in TLS 1.3: it is for machines in between")
              : std::string("from here on the sender's records are protected") +
                    (level_ >= TraceLevel::records
                         ? ": the pending state of this direction becomes its current one"
                         : ""));
  } else if (const auto* const alert = std::get_if<tls::AlertEvent>(&event.what)) {
    print(event.time, arrow, "Alert", 2, true,
          std::string(alert->level == tls::AlertLevel::fatal ? "fatal " : "warning ") +
              std::string(tls::name(alert->alert)));
  } else if (const auto* const record = std::get_if<tls::RecordEvent>(&event.what)) {
    if (level_ >= TraceLevel::records) {
      print(event.time, arrow, "record " + std::string(tls::name(record->type)), record->wire_size, true,
            record_text(*record, event.negotiated));
    }
  } else if (const auto* const secret = std::get_if<tls::SecretEvent>(&event.what)) {
    // Suites without a separate MAC have no MAC keys.
    if (level_ >= TraceLevel::secrets && !secret->value.empty()) {
      print_secret(event, *secret);
    }
  } else if (const auto* const error = std::get_if<tls::ErrorEvent>(&event.what)) {
    print(event.time, "!!", "failed", 0, false, sentence(error->error), Style::red);
  } else if (std::get_if<tls::HandshakeDoneEvent>(&event.what) != nullptr) {
    const tls::Negotiated& agreed = event.negotiated;
    std::string summary = std::string(tls::name(agreed.version)) + ", " + suite_text(agreed);
    if (agreed.group != nullptr) {
      summary += ", " + std::string(agreed.group->name);
    }
    summary += agreed.resumed ? ", resumed" : ", full handshake";
    summary += legacy_text(agreed);
    summary += agreed.extended_master_secret ? "" : ", no extended master secret";
    if (!agreed.alpn.empty()) {
      summary += ", ALPN " + escape(agreed.alpn);
    }
    print(event.time, "==", "handshake done", 0, false, summary, Style::green);
  }
}

// The inputs of each value follow it, so that it can be computed again by hand (RFC 5246 §5, §6.3,
// §8.1).
void Trace::print_secret(const tls::Event& event, const tls::SecretEvent& secret) {
  using Kind = tls::SecretKind;
  const std::string value = hex(secret.value);
  std::string how;
  switch (secret.kind) {
    case Kind::session_hash:
      how = "hash of all messages up to ClientKeyExchange (RFC 7627)";
      break;
    case Kind::master_secret:
      how = event.negotiated.resumed ? "of the session that is resumed"
            : event.negotiated.extended_master_secret
                ? "PRF(premaster_secret, \"extended master secret\", session_hash)"
                : "PRF(premaster_secret, \"master secret\", client_random + server_random)";
      break;
    case Kind::key_block:
      cut_ = 0;
      how = "PRF(master_secret, \"key expansion\", server_random + client_random)";
      break;
    case Kind::client_mac_key:
    case Kind::server_mac_key:
    case Kind::client_key:
    case Kind::server_key:
    case Kind::client_iv:
    case Kind::server_iv:
      how = "bytes " + std::to_string(cut_) + " to " + std::to_string(cut_ + secret.value.size() - 1) +
            " of key_block";
      cut_ += secret.value.size();
      break;
    case Kind::client_finished_hash:
    case Kind::server_finished_hash:
      how = "hash of all messages before this Finished";
      break;
    case Kind::client_verify_data:
      how = "PRF(master_secret, \"client finished\", client_finished_hash)";
      break;
    case Kind::server_verify_data:
      how = "PRF(master_secret, \"server finished\", server_finished_hash)";
      break;
    case Kind::early_secret:
      how = event.negotiated.resumed ? "HKDF-Extract(0, key of the session)" : "HKDF-Extract(0, 0)";
      break;
    case Kind::handshake_secret:
      how = "HKDF-Extract(Derive-Secret(early_secret, \"derived\", \"\"), shared secret)";
      break;
    case Kind::client_early_traffic_secret:
      how = "Derive-Secret(early_secret, \"c e traffic\", ClientHello)";
      break;
    case Kind::early_exporter_secret:
      how = "Derive-Secret(early_secret, \"e exp master\", ClientHello)";
      break;
    case Kind::client_handshake_traffic_secret:
      how = "Derive-Secret(handshake_secret, \"c hs traffic\", ClientHello...ServerHello)";
      break;
    case Kind::server_handshake_traffic_secret:
      how = "Derive-Secret(handshake_secret, \"s hs traffic\", ClientHello...ServerHello)";
      break;
    case Kind::client_application_traffic_secret:
      how = "Derive-Secret(main_secret, \"c ap traffic\", ClientHello...server Finished), or its update";
      break;
    case Kind::server_application_traffic_secret:
      how = "Derive-Secret(main_secret, \"s ap traffic\", ClientHello...server Finished), or its update";
      break;
    case Kind::exporter_secret:
      how = "Derive-Secret(main_secret, \"exp master\", ClientHello...server Finished)";
      break;
    case Kind::resumption_secret:
      how = "Derive-Secret(main_secret, \"res master\", ClientHello...client Finished)";
      break;
    case Kind::client_random:
    case Kind::server_random:
    case Kind::premaster_secret:
      break;
  }
  print(event.time, "**", std::string(tls::name(secret.kind)), secret.value.size(), true,
        value + (how.empty() ? "" : " = " + how));
}

KeyLogFile::KeyLogFile(const std::string& path)
    : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)), path_(path) {
  if (file_ < 0) {
    throw Failure(system_words(path, errno, "a place that can be written to"));
  }
}

KeyLogFile::~KeyLogFile() {
  ::close(file_);
}

void KeyLogFile::append(const std::string& line) const {
  if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    std::fprintf(stderr, "%s: %s\n", path_.c_str(), std::strerror(errno));
  }
}

// RFC 9850 §2. The secrets of data are numbered: an update makes the next one.
std::string KeyLog::label_of(tls::SecretKind kind) {
  switch (kind) {
    case tls::SecretKind::master_secret:
      return "CLIENT_RANDOM";
    case tls::SecretKind::client_early_traffic_secret:
      return "CLIENT_EARLY_TRAFFIC_SECRET";
    case tls::SecretKind::early_exporter_secret:
      return "EARLY_EXPORTER_SECRET";
    case tls::SecretKind::client_handshake_traffic_secret:
      return "CLIENT_HANDSHAKE_TRAFFIC_SECRET";
    case tls::SecretKind::server_handshake_traffic_secret:
      return "SERVER_HANDSHAKE_TRAFFIC_SECRET";
    case tls::SecretKind::client_application_traffic_secret:
      return "CLIENT_TRAFFIC_SECRET_" + std::to_string(client_secrets_++);
    case tls::SecretKind::server_application_traffic_secret:
      return "SERVER_TRAFFIC_SECRET_" + std::to_string(server_secrets_++);
    case tls::SecretKind::exporter_secret:
      return "EXPORTER_SECRET";
    default:
      return {};
  }
}

void KeyLog::event(const tls::Event& event) {
  const auto* const secret = std::get_if<tls::SecretEvent>(&event.what);
  if (secret == nullptr) {
    return;
  }
  if (secret->kind == tls::SecretKind::client_random) {
    client_random_ = hex(secret->value);
    client_secrets_ = server_secrets_ = 0;
  } else if (const std::string label = label_of(secret->kind); !label.empty()) {
    file_.append(label + " " + client_random_ + " " + hex(secret->value) + "\n");
  }
}

tls::EventSink Listeners::sink() {
  tls::EventSink sink{};
  if (trace == nullptr && key_log == nullptr) {
    return sink;
  }
  sink.event = [](void* context, const tls::Event& event) {
    const auto& self = *static_cast<Listeners*>(context);
    if (self.trace != nullptr) {
      self.trace->event(event);
    }
    if (self.key_log != nullptr) {
      self.key_log->event(event);
    }
  };
  sink.context = this;
  sink.records = level >= TraceLevel::records;
  sink.secrets = level >= TraceLevel::secrets || key_log != nullptr;
  return sink;
}

}  // namespace ashlar::cli
