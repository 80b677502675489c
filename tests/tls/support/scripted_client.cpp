// SPDX-License-Identifier: Apache-2.0
#include "message/fields.hpp"
#include "tls/support/scripted_peer.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::test {

ScriptedClient::ScriptedClient(const tls::tls12::Suite& its_suite, const tls::Group& its_group)
    : ScriptedPeer(true, its_suite, its_group) {
  scheme = suite.key_exchange->authentication == tls::Authentication::rsa ? &tls::kRsaPssRsaeSha256
                                                                          : &tls::kEcdsaSecp256r1Sha256;
}

void ScriptedClient::start() {
  if (!heard.empty()) {
    return;
  }
  std::uint8_t lists[64];
  Writer room{MutBytes(lists)};
  const tls::tls12::Suite* const suites[] = {&suite};
  const tls::Group* const groups[] = {&group, &tls::kSecp256r1};
  const tls::Scheme* const schemes[] = {scheme, &tls::kEcdsaSecp256r1Sha256, &tls::kRsaPssRsaeSha256,
                                        &tls::kRsaPkcs1Sha256};
  const std::uint8_t null_compression[] = {0};
  tls::ClientHello hello;
  hello.version = tls::ProtocolVersion::tls12;
  hello.random = client_random_;
  hello.session_id = session_id;
  hello.cipher_suites = tls::list_ids(std::span<const tls::tls12::Suite* const>(suites), room);
  hello.compression_methods = null_compression;
  hello.has_extensions = true;
  hello.server_name = "server.example";
  hello.supported_groups = tls::list_ids(std::span<const tls::Group* const>(groups), room);
  hello.signature_algorithms = tls::list_ids(std::span<const tls::Scheme* const>(schemes), room);
  hello.extended_master_secret = extended_master_secret;
  hello.has_renegotiation_info = true;
  if (client_hello) {
    client_hello(hello);
  }
  say(tls::HandshakeType::client_hello, [&](Writer& writer) { hello.build(writer); });
}

void ScriptedClient::take_change_cipher_spec() {
  if (resumed_) {
    make_keys();
  }
  read_under_new_keys();
}

void ScriptedClient::take(const tls::HandshakeMessage& message) {
  using tls::HandshakeType;
  switch (message.type) {
    case HandshakeType::server_hello: {
      const auto hello = must(tls::ServerHello::parse(message.body), "its hello is none");
      copy_bytes(server_random_, hello.random);
      answered_session_id = buffer_of(hello.session_id);
      resumed_ = !session_id.empty() && equal_public(hello.session_id, session_id);
      use_extended_master_secret_ = hello.extended_master_secret;
      return;
    }
    case HandshakeType::certificate:
      server_key_ = key_of(message);
      require(server_key_.has_value(), "it shows no certificate");
      return;
    case HandshakeType::server_key_exchange: {
      const auto exchange =
          must(tls::ServerKeyExchange::parse(message.body), "its ServerKeyExchange is none");
      const Bytes parts[] = {client_random_, server_random_, exchange.params};
      must(server_key_->verify(*scheme->algorithm, parts, exchange.signature), "its signature is wrong");
      server_share_ = buffer_of(exchange.key_share);
      return;
    }
    case HandshakeType::certificate_request:
      certificate_wanted_ = true;
      return;
    case HandshakeType::server_hello_done:
      say_rest();
      return;
    default:
      require(false, "it sent a message that servers do not send");
  }
}

void ScriptedClient::say_rest() {
  if (certificate_wanted_) {
    say_certificate();
  }
  Buffer keys(tls::tls12::kMaxExchangeKeysSize);
  tls::tls12::Premaster premaster;
  const Bytes made = must(
      suite.key_exchange->make({random_.random(), &group, server_share_, &*server_key_}, keys, premaster),
      "its share or key is none");
  say(tls::HandshakeType::client_key_exchange, [&](Writer& writer) {
    tls::ClientKeyExchange{made, {}}.build(suite.key_exchange->length_size, writer);
  });
  use_premaster(premaster.reveal());
  if (certificate_wanted_ && !chain.empty() && key != nullptr) {
    const tls::Scheme& said = *(named_scheme != nullptr ? named_scheme : scheme);
    const Buffer signature = sign(transcript_);
    say(tls::HandshakeType::certificate_verify, [&](Writer& writer) {
      tls::CertificateVerify{said.id, signature}.build(writer);
    });
  }
  send_change_cipher_spec();
  say_finished();
}

}  // namespace ashlar::test
