// SPDX-License-Identifier: Apache-2.0
// LDAP's StartTLS (RFC 4511 §4.14): an extended operation. LDAP's messages are BER (§5.1), with lengths of
// any form: Active Directory writes all of them in four bytes.
#include "starttls/dialogue.hpp"

#include <ashlar/base/reader.hpp>

#include <optional>

namespace ashlar::cli {
namespace {

constexpr std::string_view kStartTlsOid = "1.3.6.1.4.1.1466.20037";
constexpr std::string_view kNoticeOid = "1.3.6.1.4.1.1466.20036";  // of disconnection (§4.4.1)

// [APPLICATION n] and context-specific tags of the messages.
enum Tag : std::uint8_t {
  kInteger = 0x02,
  kEnumerated = 0x0a,
  kSequence = 0x30,
  kBindRequest = 0x60,
  kBindResponse = 0x61,
  kUnbindRequest = 0x42,
  kSearchRequest = 0x63,
  kSearchDone = 0x65,
  kExtendedRequest = 0x77,
  kExtendedResponse = 0x78,
  kRequestName = 0x80,
  kResponseName = 0x8a,
};
enum ResultCode : std::uint8_t { kSuccess = 0, kProtocolError = 2, kConfidentialityRequired = 13 };

struct Element {
  std::uint8_t tag;
  Bytes content;
};

// The next element; nothing if it is not whole, or its length is of the indefinite form.
std::optional<Element> next_element(Reader& reader) {
  const auto tag = reader.u8(), first = reader.u8();
  if (!tag || !first) {
    return std::nullopt;
  }
  std::size_t size = *first;
  if (size >= 0x80) {
    const std::size_t count = size & 0x7f;
    if (count == 0 || count > 4) {
      return std::nullopt;
    }
    size = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto byte = reader.u8();
      if (!byte) {
        return std::nullopt;
      }
      size = size << 8 | *byte;
    }
  }
  const auto content = reader.take(size);
  return content ? std::optional<Element>({*tag, *content}) : std::nullopt;
}

std::string element(std::uint8_t tag, const std::string& content) {  // of less than 128 bytes
  return std::string{static_cast<char>(tag), static_cast<char>(content.size())} + content;
}

std::string message(Bytes id, const std::string& operation) {
  return element(kSequence, element(kInteger, std::string(text_of(id))) + operation);
}

// resultCode, matchedDN and diagnosticMessage (§4.1.9).
std::string result(ResultCode code, const std::string& text) {
  return element(kEnumerated, std::string(1, static_cast<char>(code))) + element(0x04, "") +
         element(0x04, text);
}

struct Message {
  Bytes id;
  Element operation;
};

std::optional<Message> parse_message(std::string_view unit) {
  Reader outer(bytes_of(unit));
  const auto sequence = next_element(outer);
  if (!sequence || sequence->tag != kSequence || !outer.empty()) {
    return std::nullopt;
  }
  Reader inner(sequence->content);
  const auto id = next_element(inner), operation = next_element(inner);
  if (!id || id->tag != kInteger || id->content.empty() || id->content.size() > 4 || !operation) {
    return std::nullopt;
  }
  return Message{id->content, *operation};  // controls may follow
}

class Side : public Dialogue {
 public:
  std::size_t unit_size(std::string_view bytes) const override {
    if (!bytes.empty() && static_cast<std::uint8_t>(bytes[0]) != kSequence) {
      return bytes.size();  // no LDAP, whatever follows
    }
    Reader reader(bytes_of(bytes));
    return next_element(reader) ? bytes.size() - reader.remaining() : 0;
  }
};

class Client : public Side {
 public:
  std::string opening() override {
    static constexpr std::uint8_t kId[] = {1};
    return message(kId, element(kExtendedRequest, element(kRequestName, std::string(kStartTlsOid))));
  }
  Reply take(std::string_view unit) override {
    const auto parsed = parse_message(unit);
    if (!parsed || parsed->operation.tag != kExtendedResponse) {
      throw not_spoken(kLdap, unit, "an extended response");
    }
    Reader reader(parsed->operation.content);
    const auto code = next_element(reader), name = next_element(reader), text = next_element(reader);
    if (!code || code->tag != kEnumerated || code->content.size() != 1 || !name || !text) {
      throw not_spoken(kLdap, unit, "an extended response with a result code and two texts");
    }
    const std::string said = "result code " + std::to_string(code->content[0]) +
                             (text->content.empty() ? "" : ", ") + std::string(text_of(text->content));
    // 2, protocolError: the server does not know the operation (§4.14.2).
    if (code->content[0] == kProtocolError) {
      throw not_offered(kLdap, said);
    }
    if (code->content[0] != kSuccess || parsed->id.size() != 1 || parsed->id[0] != 1) {
      throw refused(kLdap, said);
    }
    return {{}, Reply::Then::upgrade};
  }
};

class Server : public Side {
 public:
  Reply take(std::string_view unit) override {
    const auto parsed = parse_message(unit);
    if (!parsed) {
      throw not_understood(kLdap, unit);
    }
    const std::string why = "StartTLS first";
    switch (parsed->operation.tag) {
      case kExtendedRequest: {
        Reader reader(parsed->operation.content);
        const auto name = next_element(reader);
        if (!name || name->tag != kRequestName || text_of(name->content) != kStartTlsOid) {
          return {message(parsed->id, element(kExtendedResponse, result(kProtocolError, why)))};
        }
        const std::string named = element(kResponseName, std::string(kStartTlsOid));
        return {message(parsed->id, element(kExtendedResponse, result(kSuccess, "") + named)),
                Reply::Then::upgrade};
      }
      case kBindRequest:
        return {message(parsed->id, element(kBindResponse, result(kConfidentialityRequired, why)))};
      case kSearchRequest:
        return {message(parsed->id, element(kSearchDone, result(kConfidentialityRequired, why)))};
      case kUnbindRequest:
        return {{}, Reply::Then::end};
      default:
        throw not_understood(kLdap, unit);
    }
  }
  std::string farewell() const override {
    static constexpr std::uint8_t kUnsolicited[] = {0};
    return message(kUnsolicited,
                   element(kExtendedResponse, result(kProtocolError, "the log says why") +
                                                  element(kResponseName, std::string(kNoticeOid))));
  }
};

}  // namespace

const StartTls kLdap = {
    .name = "ldap",
    .port = "389",
    .protocol = "LDAP",
    .clause = "RFC 4511 §4.14",
    .wrapped = "636",
    .said = "StartTLS",
    .client = [](const std::string&) -> std::unique_ptr<Dialogue> { return std::make_unique<Client>(); },
    .server = []() -> std::unique_ptr<Dialogue> { return std::make_unique<Server>(); },
};

}  // namespace ashlar::cli
