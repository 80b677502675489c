// SPDX-License-Identifier: Apache-2.0
// SMTP (RFC 5321) and its STARTTLS (RFC 3207).
#include "starttls/dialogue.hpp"

namespace ashlar::cli {
namespace {

class Client : public LineDialogue {
 public:
  std::string farewell() const override { return "QUIT\r\n"; }

 private:
  // An answer has several lines: "250-…" and last "250 …" (RFC 5321 §4.2.1).
  Reply line(std::string_view text) override {
    const std::string_view code = text.substr(0, 3);
    const bool last = text.size() == 3 || (text.size() > 3 && text[3] == ' ');
    if (!last && !(text.size() > 3 && text[3] == '-')) {
      throw not_spoken(kSmtp, text, "a line of a code of three digits and a text");
    }
    std::string_view rest = text.substr(std::min<std::size_t>(4, text.size()));
    switch (step_) {
      case Step::greeting:
        if (code != "220") {
          throw not_spoken(kSmtp, text, "a greeting with the code 220");
        }
        if (last) {
          step_ = Step::hello;
          return {"EHLO ashlar.invalid\r\n"};
        }
        break;
      case Step::hello:
        if (code != "250") {
          throw not_spoken(kSmtp, text, "the code 250 in answer to EHLO");
        }
        offered_ += (offered_.empty() ? "" : ", ") + std::string(rest);
        offers_ |= first_word(rest) == "STARTTLS";
        if (last && !offers_) {
          throw not_offered(kSmtp, offered_);
        }
        if (last) {
          step_ = Step::answer;
          return {"STARTTLS\r\n"};
        }
        break;
      case Step::answer:
        if (code != "220") {
          throw refused(kSmtp, text);
        }
        if (last) {
          return {{}, Reply::Then::upgrade};
        }
        break;
    }
    return {};
  }

  enum class Step { greeting, hello, answer } step_ = Step::greeting;
  bool offers_ = false;
  std::string offered_;
};

class Server : public LineDialogue {
 public:
  std::string opening() override { return "220 localhost ESMTP\r\n"; }
  std::string farewell() const override { return "421 4.7.0 localhost closes: see its log\r\n"; }

 private:
  Reply line(std::string_view text) override {
    const std::string_view whole = text;
    const std::string verb = first_word(text);
    if (verb == "EHLO") {
      return {"250-localhost\r\n250 STARTTLS\r\n"};
    }
    if (verb == "STARTTLS") {
      // RFC 3207 §4: it takes no parameter.
      return text.empty() ? Reply{"220 2.0.0 ready for TLS\r\n", Reply::Then::upgrade}
                          : Reply{"501 5.5.4 STARTTLS takes no parameter\r\n"};
    }
    if (verb == "HELO" || verb == "NOOP" || verb == "RSET") {
      return {"250 2.0.0 well\r\n"};
    }
    if (verb == "QUIT") {
      return {"221 2.0.0 goodbye\r\n", Reply::Then::end};
    }
    if (verb.size() != 4 || verb.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos) {
      throw not_understood(kSmtp, whole);
    }
    return {"530 5.7.0 say STARTTLS first\r\n"};
  }
};

}  // namespace

const StartTls kSmtp = {
    .name = "smtp",
    .port = "25",
    .protocol = "SMTP",
    .clause = "RFC 3207 §4",
    .wrapped = "465",
    .said = "EHLO, STARTTLS",
    .client = [](const std::string&) -> std::unique_ptr<Dialogue> { return std::make_unique<Client>(); },
    .server = []() -> std::unique_ptr<Dialogue> { return std::make_unique<Server>(); },
};

}  // namespace ashlar::cli
