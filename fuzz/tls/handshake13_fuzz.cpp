// SPDX-License-Identifier: Apache-2.0
// Handshake messages of TLS 1.3 in its own forms: what parses builds again, and a plain second reading says
// the same
//
// The input is one message with its header. A Finished is of SHA-256, or of SHA-384.
#include "message/tls13.hpp"
#include "support/mutate_tls.hpp"
#include "support/plain_tls13.hpp"
#include "tls/messages.hpp"

using namespace ashlar;
using namespace ashlar::tls;
using fuzz::plain::Opinion;

namespace {

std::vector<fuzz::plain::PlainExtension> block_at(Bytes body, std::size_t start) {
  fuzz::plain::Cursor in{body.subspan(start)};
  std::vector<fuzz::plain::PlainExtension> extensions;
  fuzz::plain::read_extensions(in, extensions);
  return extensions;
}

// What stands before the extensions is the same, and so is each extension that is built again.
template <std::size_t (*start_of)(Bytes)>
bool same(Bytes body, Bytes built) {
  const std::size_t start = start_of(body);
  return built.size() >= start && equal_public(body.first(start), built.first(start)) &&
         fuzz::plain::same_extensions(block_at(body, start), block_at(built, start), {});
}
std::size_t of_extensions(Bytes) {
  return 0;
}
std::size_t of_request(Bytes body) {
  return 1 + std::size_t{body[0]};
}
std::size_t of_ticket(Bytes body) {
  fuzz::plain::Cursor in{body};
  in.take(8);
  in.vector(1);
  in.vector(2);
  return in.at;
}

void finished(Bytes body) {
  const auto short_one = tls13::Finished::parse(body, 32), long_one = tls13::Finished::parse(body, 48);
  FUZZ_CHECK(short_one.ok() == (body.size() == 32) && long_one.ok() == (body.size() == 48));
  FUZZ_CHECK(!short_one || equal_public(short_one->verify_data, body));
  if (short_one || long_one) {
    fuzz::accepted("accepted, bytes", body.size());
  } else {
    fuzz::refused(short_one.error());
  }
}

// The status of the first entry is read as it stands there.
void certificate(Bytes body) {
  fuzz::round_trip<tls13::CertificateMessage>(body, false, fuzz::plain::judge_certificate13(body));
  const auto message = tls13::CertificateMessage::parse(body);
  if (!message) {
    return;
  }
  fuzz::plain::Cursor in{body};
  FUZZ_CHECK(equal_public(message->context, in.vector(1)));
  fuzz::plain::Cursor list{in.vector(3)};
  std::size_t count = 0;
  Bytes response, timestamps;
  for (; !list.done(); ++count) {
    FUZZ_CHECK(equal_public(message->certificates[count], list.vector(3)));
    const std::size_t start = list.at;
    list.vector(2);
    for (const auto& each : block_at(list.data.first(list.at), start)) {
      if (count == 0) {
        (each.type == 5 ? response : timestamps) = each.body.subspan(each.type == 5 ? 4 : 2);
      }
    }
  }
  FUZZ_CHECK(count == message->certificates.size());
  FUZZ_CHECK(equal_public(message->ocsp_response, response));
  FUZZ_CHECK(equal_public(message->timestamps, timestamps));
}

constexpr fuzz::Trial kTrials[] = {
    {HandshakeType::encrypted_extensions,
     [](Bytes body) {
       fuzz::round_trip<tls13::EncryptedExtensions>(
           body, false, fuzz::plain::judge_encrypted_extensions(body), same<of_extensions>);
     }},
    {HandshakeType::certificate_request,
     [](Bytes body) {
       fuzz::round_trip<tls13::CertificateRequest>(
           body, false, fuzz::plain::judge_certificate_request13(body), same<of_request>);
     }},
    {HandshakeType::certificate, certificate},
    {HandshakeType::new_session_ticket,
     [](Bytes body) {
       fuzz::round_trip<tls13::NewSessionTicket>(body, false, fuzz::plain::judge_new_session_ticket13(body),
                                                 same<of_ticket>);
     }},
    {HandshakeType::compressed_certificate,
     fuzz::try_message<tls13::CompressedCertificate, fuzz::plain::judge_compressed_certificate>},
    {HandshakeType::key_update, fuzz::try_message<tls13::KeyUpdate, fuzz::plain::judge_key_update>},
    {HandshakeType::finished, finished},
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kHandshakeHeaderSize || size > fuzz::kMaxMessage) {
    return -1;
  }
  // The header's length is not looked at: the other target does that.
  for (const fuzz::Trial& trial : kTrials) {
    if (static_cast<std::uint8_t>(trial.type) == data[0]) {
      trial.run(Bytes(data, size).subspan(kHandshakeHeaderSize));
      return 0;
    }
  }
  return -1;
}

ASHLAR_FUZZ_MUTATOR([](ashlar::Bytes input, ashlar::fuzz::Chance& chance) {
  return ashlar::fuzz::mutate_message(input, chance);
})
