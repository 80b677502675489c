// SPDX-License-Identifier: Apache-2.0
#include "tls/support/endpoint.hpp"

#include <ashlar/x509/issue.hpp>

#include "support/describe.hpp"

namespace ashlar::test {

namespace {

std::string text(std::string_view view) {
  return std::string(view);
}

struct Describe {
  std::string operator()(const tls::MessageEvent& event) const {
    return text(tls::name(event.type)) + " " + std::to_string(event.body.size());
  }
  std::string operator()(const tls::ChangeCipherSpecEvent&) const { return "ChangeCipherSpec"; }
  std::string operator()(const tls::AlertEvent& event) const {
    return (event.level == tls::AlertLevel::fatal ? "fatal alert " : "warning alert ") +
           text(tls::name(event.alert));
  }
  std::string operator()(const tls::RecordEvent& event) const {
    return "record " + text(tls::name(event.type)) + " #" + std::to_string(event.sequence_number) + " of " +
           std::to_string(event.plaintext_size) + " in " + std::to_string(event.wire_size) + " padding " +
           std::to_string(event.padding_size) + " mac " + std::to_string(event.mac_size) + " epoch " +
           std::to_string(event.key_epoch);
  }
  std::string operator()(const tls::SecretEvent& event) const {
    return "secret " + text(tls::name(event.kind)) + " of " + std::to_string(event.value.size());
  }
  std::string operator()(const tls::ErrorEvent& event) const {
    const ErrorRow* row = error_row(event.error.code);
    return "error " + text(row != nullptr ? row->name : "?");
  }
  std::string operator()(const tls::HandshakeDoneEvent&) const { return "handshake done"; }
};

}  // namespace

std::string describe_event(const tls::Event& event) {
  return std::to_string(static_cast<int>(event.phase)) +
         (event.direction == tls::Direction::sent ? " > " : " < ") + std::visit(Describe{}, event.what);
}

Buffer plain_record(tls::ContentType type, Bytes body) {
  Buffer record(5 + body.size());
  record[0] = static_cast<std::uint8_t>(type);
  record[1] = record[2] = 3;
  record[3] = static_cast<std::uint8_t>(body.size() >> 8);
  record[4] = static_cast<std::uint8_t>(body.size());
  copy_bytes(MutBytes(record).subspan(5), body);
  return record;
}

LongChain::LongChain(std::size_t size, std::size_t names) {
  crypto::DeterministicRandom random(size);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < names; ++i) {
    texts.push_back("n" + std::to_string(i) + std::string(60, 'x') + "." + std::string(60, 'y') + ".example");
  }
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  Bytes issuer;
  for (std::size_t i = size; i-- > 0;) {
    const std::string name = i == 0 ? "server.example" : "CA " + std::to_string(i);
    x509::CertificateTemplate wanted{};
    wanted.common_name = name;
    wanted.validity = {{1700000000}, {2000000000}};
    wanted.is_ca = i != 0;
    wanted.names = views;
    Buffer der(4096 + 256 * names);
    const auto made = x509::issue(wanted, key().public_key(), {issuer, {}, key()}, random.random(), der);
    if (!made) {
      throw std::runtime_error("no certificate");
    }
    der.resize(made->size());
    storage_.push_front(std::move(der));
    issuer = x509::Certificate::parse(storage_.front())->subject();
  }
  for (const Buffer& der : storage_) {
    chain_.push_back(der);
  }
}

void settle(tls::Connection& client, tls::Connection& server,
            const std::function<void(const Buffer& of_client, const Buffer& of_server)>& sent) {
  while (true) {
    const Buffer up = drain(client);
    const Buffer down = drain(server);
    if (up.empty() && down.empty()) {
      return;
    }
    sent(up, down);
    if (const auto error = feed_all(server, up)) {
      throw std::runtime_error("the server failed: " + sentence(*error));
    }
    if (const auto error = feed_all(client, down)) {
      throw std::runtime_error("the client failed: " + sentence(*error));
    }
  }
}

}  // namespace ashlar::test
