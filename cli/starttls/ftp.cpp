// SPDX-License-Identifier: Apache-2.0
// FTP (RFC 959), its FEAT (RFC 2389) and its AUTH TLS (RFC 4217).
#include "http/text.hpp"
#include "starttls/dialogue.hpp"

namespace ashlar::cli {
namespace {

class Client : public LineDialogue {
 public:
  std::string farewell() const override { return "QUIT\r\n"; }

 private:
  // An answer is one line "220 …", or begins with "220-…" and ends with "220 …": what is between may be any
  // text (RFC 959 §4.2).
  Reply line(std::string_view text) override {
    const bool coded = text.size() >= 3 && is_digit(text[0]) && is_digit(text[1]) && is_digit(text[2]);
    const bool last =
        coded && (text.size() == 3 || text[3] == ' ') && (code_.empty() || text.substr(0, 3) == code_);
    if (code_.empty()) {
      if (!coded || (!last && text[3] != '-')) {
        throw not_spoken(kFtp, text, "a line of a code of three digits and a text");
      }
      code_ = text.substr(0, 3);
    } else if (step_ == Step::features && !last) {
      std::string_view rest = text.substr(std::min(text.find_first_not_of(' '), text.size()));
      offered_ += (offered_.empty() ? "" : ", ") + std::string(rest);
      // "AUTH TLS", "AUTH SSL;TLS;", "AUTH TLS-C;" (RFC 4217 §6).
      offers_ |= first_word(rest) == "AUTH" && rest.find("TLS") != std::string_view::npos;
    }
    if (!last) {
      return {};
    }
    const std::string code = std::exchange(code_, {});
    switch (step_) {
      case Step::greeting:
        if (code == "120") {
          return {};  // "ready in some minutes": the greeting follows
        }
        if (code != "220") {
          throw not_spoken(kFtp, text, "a greeting with the code 220");
        }
        step_ = Step::features;
        return {"FEAT\r\n"};
      case Step::features:
        // A server need not know FEAT: then AUTH itself shows what it has.
        if (code == "211" && !offers_) {
          throw not_offered(kFtp, offered_);
        }
        step_ = Step::answer;
        return {"AUTH TLS\r\n"};
      case Step::answer:
        if (code != "234") {
          throw refused(kFtp, text);
        }
        return {{}, Reply::Then::upgrade};
    }
    return {};
  }

  enum class Step { greeting, features, answer } step_ = Step::greeting;
  std::string code_;  // of an answer whose last line has not come
  bool offers_ = false;
  std::string offered_;
};

class Server : public LineDialogue {
 public:
  std::string opening() override { return "220 ready\r\n"; }
  std::string farewell() const override { return "421 closes: the log says why\r\n"; }

 private:
  Reply line(std::string_view text) override {
    const std::string_view whole = text;
    const std::string verb = first_word(text);
    if (verb == "FEAT") {
      return {"211-Features:\r\n AUTH TLS\r\n211 End\r\n"};
    }
    if (verb == "AUTH") {
      return same_word(text, "TLS") || same_word(text, "TLS-C")
                 ? Reply{"234 begin TLS\r\n", Reply::Then::upgrade}
                 : Reply{"504 TLS is the one that is known here\r\n"};
    }
    if (verb == "NOOP") {
      return {"200 well\r\n"};
    }
    if (verb == "QUIT") {
      return {"221 goodbye\r\n", Reply::Then::end};
    }
    if (verb.size() < 3 || verb.size() > 4 ||
        verb.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos) {
      throw not_understood(kFtp, whole);
    }
    return {"530 say AUTH TLS first\r\n"};
  }
};

}  // namespace

const StartTls kFtp = {
    .name = "ftp",
    .port = "21",
    .protocol = "FTP",
    .clause = "RFC 4217 §4",
    .wrapped = "990",
    .said = "FEAT, AUTH TLS",
    .client = [](const std::string&) -> std::unique_ptr<Dialogue> { return std::make_unique<Client>(); },
    .server = []() -> std::unique_ptr<Dialogue> { return std::make_unique<Server>(); },
};

}  // namespace ashlar::cli
