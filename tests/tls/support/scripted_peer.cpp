// SPDX-License-Identifier: Apache-2.0
#include "tls/support/scripted_peer.hpp"

#include <ostream>

namespace ashlar::test {

std::ostream& operator<<(std::ostream& out, const Ending& ending) {
  const ErrorRow* row = ending.error ? error_row(*ending.error) : nullptr;
  return out << (ending.done ? "done" : "not done") << ", error "
             << (row != nullptr ? row->name
                 : ending.error ? "?"
                                : "none")
             << ", alert " << (ending.alert ? tls::name(*ending.alert) : "none");
}

bool operator==(const Ending& a, const Ending& b) {
  return a.error == b.error && a.alert == b.alert && a.done == b.done;
}

Ending refused(ErrorCode error) {
  return {error, alert_of(error), false};
}

void resize_body(Buffer& message) {
  const std::size_t size = message.size() - tls::kHandshakeHeaderSize;
  message[1] = static_cast<std::uint8_t>(size >> 16);
  message[2] = static_cast<std::uint8_t>(size >> 8);
  message[3] = static_cast<std::uint8_t>(size);
}

std::function<void(tls::HandshakeType, Buffer&)> only(tls::HandshakeType wanted,
                                                      std::function<void(Buffer&)> change) {
  return [=](tls::HandshakeType type, Buffer& message) {
    if (type == wanted) {
      change(message);
      if (!message.empty()) {
        resize_body(message);
      }
    }
  };
}

void ScriptedPeer::require(bool holds, const std::string& what) const {
  if (!holds) {
    throw std::runtime_error((is_client_ ? "the server under test: " : "the client under test: ") + what);
  }
}

ScriptedPeer::ScriptedPeer(bool is_client, const tls::tls12::Suite& its_suite, const tls::Group& its_group)
    : suite(its_suite),
      group(its_group),
      random_(is_client ? 71 : 72),
      is_client_(is_client),
      reading_(its_memory_),
      writing_(its_memory_) {
  must(random_.random().fill(is_client ? client_random_ : server_random_), "randomness");
}

Ending ScriptedPeer::run(tls::Connection& connection) {
  Ending ending;
  start();
  flush();
  while (true) {
    const Buffer from = drain(connection);
    input_.insert(input_.end(), from.begin(), from.end());
    while (input_.size() >= tls::kRecordHeaderSize) {
      const std::size_t size = tls::kRecordHeaderSize + static_cast<std::size_t>(input_[3]) * 256 + input_[4];
      if (input_.size() < size) {
        break;
      }
      const Buffer record(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(size));
      input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(size));
      take_record(record);
    }
    if (output_.empty() && from.empty()) {
      break;
    }
    const Buffer to = std::exchange(output_, {});
    if (const auto error = feed_all(connection, to)) {
      ending.error = error->code;
    }
  }
  ending.alert = alert_;
  ending.done = connection.handshake_done() && !ending.error;
  return ending;
}

void ScriptedPeer::take_record(Bytes record) {
  Buffer body = buffer_of(record.subspan(tls::kRecordHeaderSize));
  const auto type = static_cast<tls::ContentType>(record[0]);
  Bytes plain = body;
  if (reading_.active()) {
    plain = must(reading_.open(type, body), "a record that does not open").plaintext;
  }
  switch (type) {
    case tls::ContentType::handshake:
      take_handshake(plain);
      break;
    case tls::ContentType::change_cipher_spec:
      take_change_cipher_spec();
      break;
    case tls::ContentType::alert:
      alert_ = must(tls::AlertMessage::parse(plain), "an alert that is none").alert;
      break;
    case tls::ContentType::application_data:
      data.push_back(buffer_of(plain));
      break;
  }
}

void ScriptedPeer::take_handshake(Bytes bytes) {
  handshake_.insert(handshake_.end(), bytes.begin(), bytes.end());
  while (true) {
    const auto next = must(tls::next_handshake_message(handshake_), "a message that is none");
    if (!next) {
      return;
    }
    const Buffer whole = buffer_of(next->whole);
    const tls::HandshakeMessage message{next->type, Bytes(whole).subspan(tls::kHandshakeHeaderSize), whole};
    handshake_.erase(handshake_.begin(), handshake_.begin() + static_cast<std::ptrdiff_t>(whole.size()));
    heard.push_back(message.type);
    if (message.type == tls::HandshakeType::finished) {
      take_finished(message);
    } else {
      transcript_.insert(transcript_.end(), whole.begin(), whole.end());
      take(message);
    }
    flush();
  }
}

// In the full handshake the server answers the client's Finished. In the abbreviated one the client answers
// the server's (RFC 5246 Figures 1 and 2).
void ScriptedPeer::take_finished(const tls::HandshakeMessage& message) {
  std::uint8_t expected[12];
  tls::derive_verify_data(*suite.hash, master_secret, !is_client_, transcript_hash(), expected);
  const auto finished = must(tls::Finished::parse(message.body), "a Finished that is none");
  require(equal_public(finished.verify_data, expected), "its Finished is wrong");
  transcript_.insert(transcript_.end(), message.whole.begin(), message.whole.end());
  if (resumed_ == is_client_) {
    send_change_cipher_spec();
    say_finished();
  }
}

std::optional<x509::PublicKey> ScriptedPeer::key_of(const tls::HandshakeMessage& certificate) const {
  const auto message = must(tls::CertificateMessage::parse(certificate.body), "its Certificate is none");
  if (message.certificates.empty()) {
    return {};
  }
  const auto leaf = must(x509::Certificate::parse(message.certificates[0]), "its certificate is none");
  return must(leaf.public_key(x509::kAllKeys), "its certificate's key is none");
}

void ScriptedPeer::say(tls::HandshakeType type, const std::function<void(Writer&)>& build) {
  Buffer message(20000);
  Writer writer{MutBytes(message)};
  {
    const auto scope = tls::handshake_scope(writer, type);
    build(writer);
  }
  message.resize(must(writer.finish(), "no room").size());
  if (before) {
    before(type);
  }
  if (change) {
    change(type, message);
  }
  transcript_.insert(transcript_.end(), message.begin(), message.end());
  flight_.insert(flight_.end(), message.begin(), message.end());
  if (each_message_in_its_own_record) {
    flush();
  }
}

void ScriptedPeer::flush() {
  const Buffer flight = std::exchange(flight_, {});
  for (Bytes left = flight; !left.empty();) {
    const Bytes part = left.first(fragment < left.size() ? fragment : left.size());
    send_record(tls::ContentType::handshake, part);
    left = left.subspan(part.size());
  }
}

void ScriptedPeer::send_record(tls::ContentType type, Bytes body) {
  Buffer record(body.size() + tls::kMaxRecordOverhead);
  record.resize(must(writing_.seal(type, body, random_.random(), record), "no record"));
  output_.insert(output_.end(), record.begin(), record.end());
}

void ScriptedPeer::say_certificate() {
  tls::CertificateMessage message;
  for (const Buffer& each : chain) {
    must(message.certificates.push(Bytes(each)), "too many certificates");
  }
  say(tls::HandshakeType::certificate, [&](Writer& writer) { message.build(writer); });
}

Buffer ScriptedPeer::sign(Bytes message) {
  Buffer signature(x509::kMaxSignatureSize);
  const Bytes parts[] = {message};
  signature.resize(
      must(key->sign(*scheme->algorithm, parts, random_.random(), signature), "no signature").size());
  return signature;
}

Buffer ScriptedPeer::transcript_hash() const {
  return buffer_of(crypto::digest(*suite.hash, transcript_).bytes());
}

// Our ClientKeyExchange, or the peer's, is the last message of the transcript.
void ScriptedPeer::use_premaster(Bytes premaster) {
  if (use_extended_master_secret_) {
    tls::derive_extended_master_secret(*suite.hash, premaster, transcript_hash(), master_secret);
  } else {
    tls::derive_master_secret(*suite.hash, premaster, client_random_, server_random_, master_secret);
  }
  make_keys();
}

void ScriptedPeer::make_keys() {
  tls::derive_key_block(*suite.hash, master_secret, client_random_, server_random_, *suite.cipher, keys_);
}

void ScriptedPeer::send_change_cipher_spec() {
  flush();
  if (change_cipher_spec) {
    change_cipher_spec();
  } else {
    const std::uint8_t one[] = {1};
    send_record(tls::ContentType::change_cipher_spec, one);
  }
  must(writing_.activate(*suite.cipher, true, is_client_ ? keys_.client_mac_key : keys_.server_mac_key,
                         is_client_ ? keys_.client_key : keys_.server_key,
                         is_client_ ? keys_.client_iv : keys_.server_iv),
       "no keys");
}

void ScriptedPeer::read_under_new_keys() {
  must(reading_.activate(*suite.cipher, false, is_client_ ? keys_.server_mac_key : keys_.client_mac_key,
                         is_client_ ? keys_.server_key : keys_.client_key,
                         is_client_ ? keys_.server_iv : keys_.client_iv),
       "no keys");
}

void ScriptedPeer::say_finished() {
  std::uint8_t verify_data[12];
  tls::derive_verify_data(*suite.hash, master_secret, is_client_, transcript_hash(), verify_data);
  say(tls::HandshakeType::finished, [&](Writer& writer) { tls::Finished{verify_data}.build(writer); });
  flush();
}

}  // namespace ashlar::test
