// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's SSLRequest (its manual, "Message Flow", "SSL Session Encryption"): eight bytes, and one byte
// in answer.
#include "starttls/dialogue.hpp"

#include <ashlar/base/reader.hpp>

namespace ashlar::cli {
namespace {

using namespace std::string_view_literals;

// A length of 8 and a number in the place of the protocol's version.
constexpr std::uint32_t kSslRequest = 80877103, kGssRequest = 80877104, kCancelRequest = 80877102;
constexpr std::uint32_t kLongestPacket = 10'000;  // as in PostgreSQL (MAX_STARTUP_PACKET_LENGTH)
constexpr std::string_view kRequest = "\0\0\0\x08\x04\xd2\x16\x2f"sv;

class Client : public Dialogue {
 public:
  std::string opening() override { return std::string(kRequest); }
  // One byte and no more: what follows it in the clear would be somebody else's (CVE-2021-23222).
  std::size_t unit_size(std::string_view bytes) const override {
    // An old server answers with an error message: 'E', and a text up to a zero.
    return bytes.starts_with('E') ? bytes.find('\0', 5) + 1 : std::min<std::size_t>(bytes.size(), 1);
  }
  Reply take(std::string_view unit) override {
    if (unit == "S") {
      return {{}, Reply::Then::upgrade};
    }
    if (unit == "N") {
      throw refused(kPostgres, unit);
    }
    if (unit.starts_with('E')) {
      throw refused(kPostgres, unit.substr(std::min<std::size_t>(unit.size(), 5)));
    }
    throw not_spoken(kPostgres, unit, "the byte S");
  }
};

class Server : public Dialogue {
 public:
  std::size_t unit_size(std::string_view bytes) const override {
    Reader reader(bytes_of(bytes));
    const auto size = reader.u32();
    if (size && *size > kLongestPacket) {
      return bytes.size();  // no PostgreSQL, whatever follows
    }
    // Sizes below 8 are told by take().
    return !size || bytes.size() < std::max<std::size_t>(*size, 8) ? 0 : std::max<std::size_t>(*size, 8);
  }
  Reply take(std::string_view unit) override {
    Reader reader(bytes_of(unit));
    const auto size = reader.u32(), code = reader.u32();
    if (size && code && *size == 8 && *code == kSslRequest) {
      return {"S", Reply::Then::upgrade};
    }
    if (size && code && *size == 8 && *code == kGssRequest) {
      return {"N"};
    }
    if (size && code && *code == kCancelRequest) {
      return {{}, Reply::Then::end};
    }
    throw not_understood(kPostgres, unit);
  }
  // ErrorResponse: severity, SQLSTATE (08P01, protocol_violation) and message, each with its letter.
  std::string farewell() const override {
    constexpr std::string_view kFields = "SFATAL\0C08P01\0MTLS first: sslmode=require\0\0"sv;
    std::string out("E\0\0\0"sv);
    out += static_cast<char>(4 + kFields.size());
    return out.append(kFields);
  }
};

}  // namespace

const StartTls kPostgres = {
    .name = "postgres",
    .port = "5432",
    .protocol = "PostgreSQL",
    .clause = "PostgreSQL's manual, SSL Session Encryption",
    .wrapped = "",
    .said = "SSLRequest",
    .client = [](const std::string&) -> std::unique_ptr<Dialogue> { return std::make_unique<Client>(); },
    .server = []() -> std::unique_ptr<Dialogue> { return std::make_unique<Server>(); },
};

}  // namespace ashlar::cli
