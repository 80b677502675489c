// SPDX-License-Identifier: Apache-2.0
// Handshake messages, each of them: what parses builds again, and a plain second reading says the same
//
// The input is one message with its header. ClientKeyExchange is read in all of its forms. Alerts are not
// handshake messages; they have type 0xff here.
#include "message/tls13.hpp"
#include "support/mutate_tls.hpp"
#include "support/plain_tls13.hpp"
#include "tls/messages.hpp"

using namespace ashlar;
using namespace ashlar::tls;
using fuzz::inside;
using fuzz::Output;
using fuzz::round_trip;
using fuzz::try_message;
using fuzz::plain::Opinion;

namespace {

void client_key_exchange(Bytes body, std::size_t length_size) {
  round_trip(
      body, [=](Bytes bytes) { return ClientKeyExchange::parse(length_size, bytes); },
      [=](const ClientKeyExchange& message, Writer& writer) { message.build(length_size, writer); }, true,
      fuzz::plain::judge_client_key_exchange(body, length_size));
}

// With a pre-shared key: what is read is built again, and lies within. These forms have no verdict of their
// own.
void psk_client_key_exchange(Bytes body, std::size_t length_size) {
  const auto message = ClientKeyExchange::parse(length_size, body, true);
  const Opinion opinion = fuzz::plain::judge_psk_client_key_exchange(body, length_size);
  FUZZ_CHECK(message.ok() == (opinion == Opinion::right));
  if (message) {
    Output memory;
    Writer writer(memory);
    message->build(length_size, writer, true);
    const auto built = writer.finish();
    FUZZ_CHECK(built && equal_public(*built, body));
    FUZZ_CHECK(inside(body, message->psk_identity) && inside(body, message->exchange_keys));
    FUZZ_CHECK(length_size == 0 || !message->exchange_keys.empty());
  }
}
void psk_hint(Bytes body) {
  const auto message = PskHint::parse(body);
  fuzz::plain::Cursor in{body};
  in.vector(2);
  FUZZ_CHECK(message.ok() == in.good);
  if (message) {
    FUZZ_CHECK(inside(body, message->hint) && inside(body, message->rest));
    FUZZ_CHECK(2 + message->hint.size() + message->rest.size() == body.size());
  }
}

// The views of a hello lie within the message, and its lists hold whole elements.
void check_client_hello(Bytes body) {
  const auto hello = ClientHello::parse(body);
  if (!hello) {
    return;
  }
  FUZZ_CHECK(hello->random.size() == kRandomSize && hello->session_id.size() <= 32);
  FUZZ_CHECK(!hello->cipher_suites.empty() && hello->cipher_suites.size() % 2 == 0);
  FUZZ_CHECK(hello->supported_groups.size() % 2 == 0 && hello->signature_algorithms.size() % 2 == 0);
  for (const Bytes view :
       {hello->random, hello->session_id, hello->cipher_suites, hello->compression_methods,
        hello->supported_groups, hello->signature_algorithms, hello->alpn, bytes_of(hello->server_name)}) {
    FUZZ_CHECK(inside(body, view));
  }
  FUZZ_CHECK(hello->server_name.find('\0') == std::string_view::npos);
}

// Extensions keep their bodies, but for those of which a part is read alone: names of other types, what goes
// with a request for a status, formats of points, and what a cipher suite can say too.
bool same_client_hello(Bytes body, Bytes built) {
  static constexpr std::uint16_t kBut[] = {0, 5, 11, 0xff01};
  return fuzz::plain::same_extensions(fuzz::plain::extensions_of_hello(body, true),
                                      fuzz::plain::extensions_of_hello(built, true), kBut);
}
bool same_server_hello(Bytes body, Bytes built) {
  static constexpr std::uint16_t kBut[] = {11};
  return fuzz::plain::same_extensions(fuzz::plain::extensions_of_hello(body, false),
                                      fuzz::plain::extensions_of_hello(built, false), kBut);
}

constexpr fuzz::Trial kTrials[] = {
    {HandshakeType::hello_request, try_message<HelloRequest, fuzz::plain::judge_empty>},
    {HandshakeType::client_hello,
     [](Bytes body) {
       check_client_hello(body);
       round_trip<ClientHello>(body, false, fuzz::plain::judge_client_hello(body), same_client_hello);
     }},
    {HandshakeType::server_hello,
     [](Bytes body) {
       round_trip<ServerHello>(body, false, fuzz::plain::judge_server_hello(body), same_server_hello);
     }},
    {HandshakeType::new_session_ticket, try_message<NewSessionTicket, fuzz::plain::judge_ticket>},
    {HandshakeType::encrypted_extensions,
     try_message<tls13::EncryptedExtensions, fuzz::plain::judge_encrypted_extensions, false>},
    {HandshakeType::key_update, try_message<tls13::KeyUpdate, fuzz::plain::judge_key_update>},
    {HandshakeType::compressed_certificate,
     try_message<tls13::CompressedCertificate, fuzz::plain::judge_compressed_certificate>},
    {HandshakeType::end_of_early_data,
     [](Bytes body) {
       fuzz::round_trip(
           body, [](Bytes bytes) { return tls13::EndOfEarlyData::parse(bytes); },
           [](const tls13::EndOfEarlyData&, Writer&) {}, true, fuzz::plain::judge_empty(body));
     }},
    {HandshakeType::certificate,
     [](Bytes body) {
       const auto raw = parse_raw_public_key(body);
       FUZZ_CHECK(raw.ok() == (fuzz::plain::judge_raw_public_key(body) == Opinion::right));
       FUZZ_CHECK(!raw || equal_public(*raw, body.subspan(3)));
       try_message<CertificateMessage, fuzz::plain::judge_certificate>(body);
     }},
    {HandshakeType::server_key_exchange,
     [](Bytes body) {
       psk_hint(body);
       try_message<ServerKeyExchange, fuzz::plain::judge_server_key_exchange>(body);
     }},
    {HandshakeType::certificate_status,
     try_message<CertificateStatus, fuzz::plain::judge_certificate_status>},
    {HandshakeType::certificate_request,
     try_message<CertificateRequest, fuzz::plain::judge_certificate_request>},
    {HandshakeType::server_hello_done, try_message<ServerHelloDone, fuzz::plain::judge_empty>},
    {HandshakeType::certificate_verify,
     try_message<CertificateVerify, fuzz::plain::judge_certificate_verify>},
    {HandshakeType::client_key_exchange,
     [](Bytes body) {
       for (const std::size_t length_size : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
         psk_client_key_exchange(body, length_size);
       }
       client_key_exchange(body, 1);
       const fuzz::Verdict over_curves = fuzz::last_verdict;
       client_key_exchange(body, 2);
       if (over_curves.error == ErrorCode{}) {
         fuzz::accepted("accepted as ECDHE");
       }
     }},
    {HandshakeType::finished, try_message<Finished, fuzz::plain::judge_finished>},
};
static_assert(std::size(kTrials) == std::size(kMessageTypes));

void run(HandshakeType type, Bytes body) {
  for (const fuzz::Trial& trial : kTrials) {
    if (trial.type == type) {
      return trial.run(body);
    }
  }
  FUZZ_CHECK(false);  // a type that has a row but no trial
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::kMaxMessage) {
    return -1;
  }
  const Bytes input(data, size);
  if (size > 0 && data[0] == 0xff) {
    round_trip<AlertMessage>(input.subspan(1), true, fuzz::plain::judge_alert(input.subspan(1)));
    return 0;
  }
  const auto next = next_handshake_message(input);
  if (!next || !*next) {
    // The header alone decides whether type and length are right.
    FUZZ_CHECK(next || size >= kHandshakeHeaderSize);
    if (!next) {
      fuzz::refused(next.error());
    }
    return 0;
  }
  const HandshakeMessage& message = **next;
  FUZZ_CHECK(message.whole.data() == data &&
             message.whole.size() == kHandshakeHeaderSize + message.body.size());
  FUZZ_CHECK(inside(input, message.whole));
  // No prefix of it is a message, and no prefix is an error.
  const auto cut = next_handshake_message(message.whole.first(message.whole.size() - 1));
  FUZZ_CHECK(cut && !*cut);
  run(message.type, message.body);
  return 0;
}

ASHLAR_FUZZ_MUTATOR([](ashlar::Bytes input, ashlar::fuzz::Chance& chance) {
  return ashlar::fuzz::mutate_message(input, chance);
})
