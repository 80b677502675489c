// SPDX-License-Identifier: Apache-2.0
// POP3 (RFC 1939), its CAPA (RFC 2449) and its STLS (RFC 2595 §4).
#include "starttls/dialogue.hpp"

namespace ashlar::cli {
namespace {

class Client : public LineDialogue {
 public:
  std::string farewell() const override { return "QUIT\r\n"; }

 private:
  Reply line(std::string_view text) override {
    const std::string_view whole = text;
    const std::string word = first_word(text);
    switch (step_) {
      case Step::greeting:
        if (word != "+OK") {
          throw not_spoken(kPop3, whole, "the greeting \"+OK …\"");
        }
        step_ = Step::capabilities;
        return {"CAPA\r\n"};
      case Step::capabilities:
        if (word != "+OK") {
          throw not_offered(kPop3, std::string(whole));
        }
        step_ = Step::list;
        return {};
      case Step::list:
        if (whole != ".") {
          offers_ |= word == "STLS";
          offered_ += (offered_.empty() ? "" : ", ") + std::string(whole);
          return {};
        }
        if (!offers_) {
          throw not_offered(kPop3, offered_);
        }
        step_ = Step::answer;
        return {"STLS\r\n"};
      case Step::answer:
        if (word != "+OK") {
          throw refused(kPop3, whole);
        }
        return {{}, Reply::Then::upgrade};
    }
    return {};
  }

  enum class Step { greeting, capabilities, list, answer } step_ = Step::greeting;
  bool offers_ = false;
  std::string offered_;
};

class Server : public LineDialogue {
 public:
  std::string opening() override { return "+OK ready\r\n"; }
  std::string farewell() const override { return "-ERR the log says why\r\n"; }

 private:
  Reply line(std::string_view text) override {
    const std::string_view whole = text;
    const std::string verb = first_word(text);
    if (verb == "CAPA") {
      return {"+OK\r\nSTLS\r\n.\r\n"};
    }
    if (verb == "STLS") {
      return text.empty() ? Reply{"+OK begin TLS\r\n", Reply::Then::upgrade}
                          : Reply{"-ERR STLS takes no parameter\r\n"};
    }
    if (verb == "NOOP") {
      return {"+OK\r\n"};
    }
    if (verb == "QUIT") {
      return {"+OK goodbye\r\n", Reply::Then::end};
    }
    if (verb.size() < 3 || verb.size() > 4 ||
        verb.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos) {
      throw not_understood(kPop3, whole);
    }
    return {"-ERR say STLS first\r\n"};
  }
};

}  // namespace

const StartTls kPop3 = {
    .name = "pop3",
    .port = "110",
    .protocol = "POP3",
    .clause = "RFC 2595 §4",
    .wrapped = "995",
    .said = "CAPA, STLS",
    .client = [](const std::string&) -> std::unique_ptr<Dialogue> { return std::make_unique<Client>(); },
    .server = []() -> std::unique_ptr<Dialogue> { return std::make_unique<Server>(); },
};

}  // namespace ashlar::cli
