// SPDX-License-Identifier: Apache-2.0
#include "tls/support/scripted_peer.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::test {

ScriptedServer::ScriptedServer(const tls::tls12::Suite& its_suite, const tls::Group& its_group)
    : ScriptedPeer(false, its_suite, its_group) {
  const bool rsa = suite.key_exchange->authentication == tls::Authentication::rsa;
  chain = {der_of(rsa ? pem::kRsaServer : pem::kEcdsaServer)};
  key = rsa ? &rsa_key() : &ecdsa_key();
  scheme = rsa ? &tls::kRsaPssRsaeSha256 : &tls::kEcdsaSecp256r1Sha256;
}

void ScriptedServer::take(const tls::HandshakeMessage& message) {
  using tls::HandshakeType;
  switch (message.type) {
    case HandshakeType::client_hello:
      answer(must(tls::ClientHello::parse(message.body), "its hello is none"));
      return;
    case HandshakeType::certificate:
      client_key_ = key_of(message);
      return;
    case HandshakeType::client_key_exchange: {
      const auto exchange = must(tls::ClientKeyExchange::parse(suite.key_exchange->length_size, message.body),
                                 "its ClientKeyExchange is none");
      Secret<48> premaster;
      Buffer shared(group.secret_size);
      if (suite.key_exchange->ephemeral) {
        must(group.finish(private_key_, exchange.exchange_keys, shared), "its share is none");
        use_premaster(shared);
      } else {
        must(key->decrypt_premaster(random_.random(), exchange.exchange_keys, 0x0303, premaster),
             "its premaster secret does not decrypt");
        use_premaster(premaster.reveal());
      }
      signed_ = transcript_;
      return;
    }
    case HandshakeType::certificate_verify: {
      const auto verify = must(tls::CertificateVerify::parse(message.body), "its CertificateVerify is none");
      require(client_key_.has_value(), "it shows no certificate and signs");
      const Bytes parts[] = {signed_};
      must(client_key_->verify(*scheme->algorithm, parts, verify.signature), "its signature is wrong");
      return;
    }
    default:
      require(false, "it sent a message that clients do not send");
  }
}

void ScriptedServer::answer(const tls::ClientHello& hello) {
  copy_bytes(client_random_, hello.random);
  use_extended_master_secret_ = hello.extended_master_secret && extended_master_secret;
  resumed_ = resumes;
  tls::ServerHello answer;
  answer.version = tls::ProtocolVersion::tls12;
  answer.random = server_random_;
  answer.session_id = session_id;
  answer.suite = suite.id;
  answer.extended_master_secret = use_extended_master_secret_;
  answer.has_renegotiation_info = true;
  if (server_hello) {
    server_hello(answer);
  }
  say(tls::HandshakeType::server_hello, [&](Writer& writer) { answer.build(writer); });
  if (resumes) {
    make_keys();
    send_change_cipher_spec();
    say_finished();
    return;
  }
  say_certificate();
  if (suite.key_exchange->ephemeral) {
    say_server_key_exchange();
  }
  if (asks_for_certificate) {
    const std::uint8_t types[] = {1, 64};
    const auto id = static_cast<std::uint16_t>(scheme->id);
    const std::uint8_t schemes[] = {static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id)};
    say(tls::HandshakeType::certificate_request, [&](Writer& writer) {
      tls::CertificateRequest{types, schemes, {}}.build(writer);
    });
  }
  say(tls::HandshakeType::server_hello_done, [](Writer&) {});
}

void ScriptedServer::say_server_key_exchange() {
  private_key_.resize(group.private_size);
  Buffer share(group.start_share_size);
  must(group.start(random_.random(), private_key_, share), "no share");
  tls::ServerKeyExchange exchange;
  exchange.group = group.id;
  exchange.key_share = share;
  Buffer params(2000);
  Writer writer{MutBytes(params)};
  exchange.build_params(writer);
  params.resize(writer.finish()->size());
  Buffer message(client_random_, client_random_ + 32);
  message.insert(message.end(), server_random_, server_random_ + 32);
  message.insert(message.end(), params.begin(), params.end());
  const Buffer signature = sign(message);
  exchange.scheme = (named_scheme != nullptr ? named_scheme : scheme)->id;
  exchange.signature = signature;
  say(tls::HandshakeType::server_key_exchange, [&](Writer& body) { exchange.build(body); });
}

}  // namespace ashlar::test
