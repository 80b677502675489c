// SPDX-License-Identifier: Apache-2.0
// The talk in which both sides agree to speak TLS from here on, for protocols that begin in the clear. A
// dialogue is one side of it: bytes in, bytes out, without a socket. A row per protocol names both sides.
#pragma once

#include "failure/failure.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ashlar::cli {

// What a side does after a unit came.
struct Reply {
  enum class Then {
    listen,   // the talk goes on
    upgrade,  // TLS begins, after `say` was sent
    end,      // the peer has said goodbye: the connection ends, after `say` was sent
  };
  std::string say = {};
  Then then = Then::listen;
};

// How a talk fails. The words' cause is without the peer's address.
struct TalkFailure {
  Words words;
};

class Dialogue {
 public:
  Dialogue() = default;
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;
  virtual ~Dialogue() = default;

  // What is said before anything came; empty: the peer begins.
  virtual std::string opening() { return {}; }
  // Size of the first unit, which is a line or a message; 0: more bytes are needed.
  virtual std::size_t unit_size(std::string_view bytes) const = 0;
  // Takes one unit. Throws TalkFailure.
  virtual Reply take(std::string_view unit) = 0;
  // Said before a talk that failed ends; empty: nothing.
  virtual std::string farewell() const { return {}; }
};

// A protocol: its names, its two sides, and what is said.
struct StartTls {
  std::string_view name;      // as --starttls takes it
  std::string_view port;      // where its servers listen
  std::string_view protocol;  // for messages
  std::string_view clause;    // of the upgrade
  std::string_view wrapped;   // the port that speaks TLS from its first byte; empty: there is none
  std::string_view said;      // what passes before TLS, for help and messages
  // name: the server's.
  std::unique_ptr<Dialogue> (*client)(const std::string& name);
  std::unique_ptr<Dialogue> (*server)();
};

std::span<const StartTls* const> starttls_rows();
std::vector<std::string> starttls_names();
// Null for "".
const StartTls* starttls_row(std::string_view name);
// "smtp (EHLO, STARTTLS), imap (…), …".
std::string starttls_help();

// ---- What rows are made from
// ------------------------------------------------------------------------------------

// A unit is a line that ends with LF.
class LineDialogue : public Dialogue {
 public:
  // No line begins like TLS: such bytes are told at once, whatever follows.
  std::size_t unit_size(std::string_view bytes) const override {
    return bytes.starts_with('\x16') ? bytes.size() : bytes.find('\n') + 1;
  }
  Reply take(std::string_view unit) final;

 protected:
  // A line without its end.
  virtual Reply line(std::string_view text) = 0;
};

// The first word of a line, in capitals, and the line without it and the blanks behind it.
std::string first_word(std::string_view& text);
// Whether one of the blank-separated words of `text` is `word`.
bool has_word(std::string_view text, std::string_view word);

// Failures of a client: the server speaks something else; does not offer TLS; refuses it.
TalkFailure not_spoken(const StartTls& row, std::string_view found, std::string_view wanted);
TalkFailure not_offered(const StartTls& row, const std::string& offered);
TalkFailure refused(const StartTls& row, std::string_view answer);
// Failures of a server: the client says what does not belong here.
TalkFailure not_understood(const StartTls& row, std::string_view found);

extern const StartTls kSmtp, kImap, kPop3, kFtp, kXmpp, kLdap, kPostgres;

}  // namespace ashlar::cli
