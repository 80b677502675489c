// SPDX-License-Identifier: Apache-2.0
// IMAP (RFC 9051) and its STARTTLS (§6.2.1).
#include "starttls/dialogue.hpp"

namespace ashlar::cli {
namespace {

class Client : public LineDialogue {
 public:
  std::string farewell() const override { return "a3 LOGOUT\r\n"; }

 private:
  Reply line(std::string_view text) override {
    const std::string_view whole = text;
    const std::string tag = first_word(text);
    const std::string word = first_word(text);
    if (step_ == Step::greeting) {
      if (tag == "*" && word == "PREAUTH") {
        // §6.2.1: in the authenticated state there is no STARTTLS any more.
        throw refused(kImap, whole);
      }
      if (tag != "*" || word != "OK") {
        throw not_spoken(kImap, whole, "the greeting \"* OK …\"");
      }
      step_ = Step::capabilities;
      return {"a1 CAPABILITY\r\n"};
    }
    if (tag == "*") {
      if (word == "BYE") {
        throw refused(kImap, whole);
      }
      if (word == "CAPABILITY") {
        offered_ = text;
        offers_ = has_word(text, "STARTTLS");
      }
      return {};  // anything else may be told at any time
    }
    if (tag != (step_ == Step::capabilities ? "A1" : "A2")) {
      throw not_spoken(kImap, whole, "an answer with the tag of its command");
    }
    if (word != "OK") {
      throw refused(kImap, whole);
    }
    if (step_ == Step::answer) {
      return {{}, Reply::Then::upgrade};
    }
    if (!offers_) {
      throw not_offered(kImap, offered_);
    }
    step_ = Step::answer;
    return {"a2 STARTTLS\r\n"};
  }

  enum class Step { greeting, capabilities, answer } step_ = Step::greeting;
  bool offers_ = false;
  std::string offered_;
};

constexpr std::string_view kCapabilities = "IMAP4rev1 STARTTLS LOGINDISABLED";

class Server : public LineDialogue {
 public:
  std::string opening() override { return "* OK [CAPABILITY " + std::string(kCapabilities) + "] ready\r\n"; }
  std::string farewell() const override { return "* BYE the log says why\r\n"; }

 private:
  Reply line(std::string_view text) override {
    const std::string_view whole = text;
    const std::string tag(text.substr(0, text.find(' ')));
    first_word(text);
    const std::string verb = first_word(text);
    // §9: what a tag is made of, less than that suffices here.
    if (tag.empty() || tag.size() > 32 || verb.empty() ||
        tag.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") !=
            std::string::npos) {
      throw not_understood(kImap, whole);
    }
    if (verb == "CAPABILITY") {
      return {"* CAPABILITY " + std::string(kCapabilities) + "\r\n" + tag + " OK done\r\n"};
    }
    if (verb == "STARTTLS") {
      return text.empty() ? Reply{tag + " OK begin TLS\r\n", Reply::Then::upgrade}
                          : Reply{tag + " BAD STARTTLS takes no parameter\r\n"};
    }
    if (verb == "NOOP") {
      return {tag + " OK done\r\n"};
    }
    if (verb == "LOGOUT") {
      return {"* BYE goodbye\r\n" + tag + " OK done\r\n", Reply::Then::end};
    }
    return {tag + " NO [PRIVACYREQUIRED] say STARTTLS first\r\n"};
  }
};

}  // namespace

const StartTls kImap = {
    .name = "imap",
    .port = "143",
    .protocol = "IMAP",
    .clause = "RFC 9051 §6.2.1",
    .wrapped = "993",
    .said = "CAPABILITY, STARTTLS",
    .client = [](const std::string&) -> std::unique_ptr<Dialogue> { return std::make_unique<Client>(); },
    .server = []() -> std::unique_ptr<Dialogue> { return std::make_unique<Server>(); },
};

}  // namespace ashlar::cli
