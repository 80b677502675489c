// SPDX-License-Identifier: Apache-2.0
// XMPP's STARTTLS (RFC 6120 §5): XML of a few known elements. A unit is a tag, or the text before one.
#include "starttls/dialogue.hpp"

#include "http/http.hpp"

#include <algorithm>

namespace ashlar::cli {
namespace {

constexpr std::string_view kNamespace = "urn:ietf:params:xml:ns:xmpp-tls";
constexpr std::string_view kBlank = " \t\r\n";

// A tag's name without its prefix, and whether it opens or closes an element.
struct Tag {
  std::string_view name;
  bool opens = false, closes = false;  // both: <name/>
  bool of_tls = false;                 // in the namespace of STARTTLS
};

// Text, declarations and comments have no name.
Tag parse_tag(std::string_view unit) {
  Tag tag;
  if (unit.size() < 3 || unit[0] != '<' || unit[1] == '?' || unit[1] == '!') {
    return tag;
  }
  unit = unit.substr(1, unit.size() - 2);
  tag.of_tls = unit.find("\"" + std::string(kNamespace) + "\"") != std::string_view::npos ||
               unit.find("'" + std::string(kNamespace) + "'") != std::string_view::npos;
  tag.opens = unit[0] != '/';
  tag.closes = !tag.opens || unit.back() == '/';
  unit.remove_prefix(tag.opens ? 0 : 1);
  tag.name = unit.substr(0, unit.find_first_of(" \t\r\n/"));
  tag.name.remove_prefix(tag.name.find(':') + 1);
  return tag;
}

class Side : public Dialogue {
 public:
  std::size_t unit_size(std::string_view bytes) const override {
    if (bytes.empty() || bytes[0] != '<') {
      const std::size_t blanks = bytes.find_first_not_of(kBlank);
      if (blanks != std::string_view::npos && bytes[blanks] != '<' && !text_belongs()) {
        return bytes.size();  // no XML, whatever follows
      }
      // Text ends where a tag begins.
      const std::size_t end = bytes.find('<');
      return end == std::string_view::npos ? 0 : end;
    }
    char quote = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const char c = bytes[i];
      if (quote != 0) {
        quote = c == quote ? '\0' : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return i + 1;
      }
    }
    return 0;
  }

 protected:
  // Whether text between tags may come.
  virtual bool text_belongs() const { return false; }
  static std::string stream(const std::string& attributes) {
    return "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
           "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'" +
           attributes + ">";
  }
};

class Client : public Side {
 public:
  explicit Client(std::string name) : name_(std::move(name)) {}
  std::string opening() override { return stream(" to='" + html_escape(name_) + "'"); }
  std::string farewell() const override { return "</stream:stream>"; }

  Reply take(std::string_view unit) override {
    const Tag tag = parse_tag(unit);
    if (tag.name.empty()) {
      const bool expected = unit.starts_with("<?xml") || text_belongs() ||
                            unit.find_first_not_of(kBlank) == std::string_view::npos;
      if (!expected) {
        throw not_spoken(kXmpp, unit, "a stream of XML");
      }
      return {};
    }
    if (in_error_) {
      // <host-unknown/> and its like name the error.
      throw not_spoken(kXmpp, "stream error: " + std::string(tag.name), "a stream without an error");
    }
    if (!in_stream_) {
      if (tag.name != "stream" || !tag.opens) {
        throw not_spoken(kXmpp, unit, "<stream:stream …>");
      }
      in_stream_ = true;
      return {};
    }
    if (tag.name == "stream" && tag.closes) {
      throw refused(kXmpp, unit);
    }
    if (tag.name == "error") {
      in_error_ = true;
      return {};
    }
    if (asked_) {
      if (!tag.of_tls && !(in_proceed_ && tag.name == "proceed")) {
        throw refused(kXmpp, unit);
      }
      if (tag.name != "proceed") {
        throw refused(kXmpp, unit);  // <failure/>
      }
      in_proceed_ = true;
      return {{}, tag.closes ? Reply::Then::upgrade : Reply::Then::listen};
    }
    if (tag.name == "features") {
      in_features_ = tag.opens && !tag.closes;
      if (in_features_) {
        return {};
      }
      if (!offers_) {
        throw not_offered(kXmpp, offered_);
      }
      asked_ = true;
      return {"<starttls xmlns='" + std::string(kNamespace) + "'/>"};
    }
    if (!in_features_) {
      throw not_spoken(kXmpp, unit, "<stream:features>");
    }
    if (tag.opens) {
      offered_ += (offered_.empty() ? "" : ", ") + std::string(tag.name);
      offers_ |= tag.name == "starttls" && tag.of_tls;
    }
    return {};
  }

 private:
  bool text_belongs() const override { return in_features_ || in_error_; }

  std::string name_, offered_;
  bool in_stream_ = false, in_features_ = false, in_error_ = false, offers_ = false, asked_ = false,
       in_proceed_ = false;
};

class Server : public Side {
 public:
  Reply take(std::string_view unit) override {
    const Tag tag = parse_tag(unit);
    if (tag.name.empty() &&
        (unit.starts_with("<?xml") || unit.find_first_not_of(kBlank) == std::string_view::npos)) {
      return {};
    }
    if (!in_stream_ && tag.name == "stream" && tag.opens) {
      in_stream_ = true;
      return {stream(" from='localhost' id='1'") + "<stream:features><starttls xmlns='" +
              std::string(kNamespace) + "'><required/></starttls></stream:features>"};
    }
    if (in_stream_ && tag.name == "stream" && !tag.opens) {
      return {"</stream:stream>", Reply::Then::end};
    }
    if (in_stream_ && tag.name == "starttls" && (tag.of_tls || in_starttls_)) {
      in_starttls_ = true;
      return tag.closes ? Reply{"<proceed xmlns='" + std::string(kNamespace) + "'/>", Reply::Then::upgrade}
                        : Reply{};
    }
    throw not_understood(kXmpp, unit);
  }
  std::string farewell() const override {
    return (in_stream_ ? std::string() : stream(" from='localhost' id='1'")) +
           "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
           "</stream:stream>";
  }

 private:
  bool in_stream_ = false, in_starttls_ = false;
};

}  // namespace

const StartTls kXmpp = {
    .name = "xmpp",
    .port = "5222",
    .protocol = "XMPP",
    .clause = "RFC 6120 §5",
    .wrapped = "5223",
    .said = "stream, starttls",
    .client = [](const std::string& name) -> std::unique_ptr<Dialogue> {
      return std::make_unique<Client>(name);
    },
    .server = []() -> std::unique_ptr<Dialogue> { return std::make_unique<Server>(); },
};

}  // namespace ashlar::cli
