// SPDX-License-Identifier: Apache-2.0
// Certificates out and in (RFC 9846 §4.4.2), compressed where both sides want it (RFC 8879).
#include "tls13/handshake.hpp"

namespace ashlar::tls::tls13 {
namespace {

// The first of the policy's rows that the peer takes and for which the credential has just what was asked.
const CompressedMessage* choose_compressed(const Policy& policy, const Credential& own,
                                           AskedOfCertificate asked, Bytes compressions) {
  const bool status = asked.status && !own.ocsp_staple().empty();
  const bool timestamps = asked.timestamps && !own.timestamps().empty();
  for (const CertificateCompression* const row : policy.certificate_compressions) {
    if (!list_holds(compressions, row->id)) {
      continue;
    }
    for (const CompressedMessage* each = own.impl().compressed; each != nullptr; each = each->next) {
      if (each->row == row && each->asked.status == status && each->asked.timestamps == timestamps) {
        return each;
      }
    }
  }
  return nullptr;
}

const CertificateCompression* find_compression(const Policy& policy, CertificateCompressionId id) {
  for (const CertificateCompression* const row : policy.certificate_compressions) {
    if (row->id == id) {
      return row;
    }
  }
  return nullptr;
}

// The body of a Certificate message. Its length is bounded before anything is made of it.
Result<Buffer> decompress(const HandshakeMessage& message, const Policy& policy, const Memory& memory) {
  if (policy.certificate_compressions.empty()) {  // nothing of the kind was offered
    return Error{ErrorCode::unexpected_message, Place::none, static_cast<std::uint32_t>(message.type)};
  }
  ASHLAR_TRY(const CompressedCertificate compressed, CompressedCertificate::parse(message.body));
  const CertificateCompression* const row = find_compression(policy, compressed.algorithm);
  if (row == nullptr) {
    return Error{ErrorCode::certificate_compression_not_offered, Place::compressed_certificate,
                 static_cast<std::uint32_t>(compressed.algorithm)};
  }
  const std::size_t length = compressed.uncompressed_length;
  const Error bad = {ErrorCode::bad_compressed_certificate, Place::compressed_certificate,
                     compressed.uncompressed_length};
  if (length == 0 || length > kMaxCertificateMessageSize) {
    return bad;
  }
  Buffer body(memory);
  ASHLAR_CHECK(body.reserve(length));
  if (!row->decompress(compressed.compressed, body.room().first(length))) {
    return bad;
  }
  body.commit(length);
  return Result<Buffer>(std::move(body));
}

}  // namespace

Result<void> Handshake::send_certificate(const Credential* own, AskedOfCertificate asked,
                                         Bytes compressions) {
  const CompressedMessage* const prepared =
      own != nullptr ? choose_compressed(policy(), *own, asked, compressions) : nullptr;
  if (prepared != nullptr) {
    const CompressedCertificate message = {prepared->row->id, prepared->uncompressed_length,
                                           prepared->bytes.bytes()};
    return send(HandshakeType::compressed_certificate, 8 + message.compressed.size(),
                [&](Writer& writer) { message.build(writer); });
  }
  ASHLAR_TRY(const OwnCertificate shown, certificate_of(own, {}, asked));
  return send(HandshakeType::certificate, shown.size, [&](Writer& writer) { shown.message.build(writer); });
}

Result<Handshake::ReceivedCertificate> Handshake::read_certificate(const HandshakeMessage& message) const {
  Buffer memory(settings.memory);
  Bytes body = message.body;
  if (message.type == HandshakeType::compressed_certificate) {
    ASHLAR_TRY(memory, decompress(message, policy(), settings.memory));
    body = memory.bytes();
  }
  ASHLAR_TRY(CertificateMessage certificate, CertificateMessage::parse(body));
  if (!certificate.context.empty()) {
    return ErrorCode::bad_request_context;
  }
  return Result<ReceivedCertificate>(ReceivedCertificate{std::move(certificate), std::move(memory)});
}

Result<Buffer> Handshake::memory_of(const HandshakeMessage& message, ReceivedCertificate& certificate) const {
  return certificate.memory.empty() ? outbox.keep(message) : Result<Buffer>(std::move(certificate.memory));
}

Result<void> Handshake::verify_peer(const HandshakeMessage& message, ReceivedCertificate certificate,
                                    const Verifier& verifier, const x509::Purpose& purpose,
                                    std::string_view name) {
  ASHLAR_TRY(Buffer memory, memory_of(message, certificate));
  ASHLAR_TRY(VerifiedPeer peer,
             judge_chain(std::move(memory), certificate.message.certificates, verifier, purpose, name));
  if (!peer.certificate.allows(x509::KeyUsage::digital_signature)) {
    return ErrorCode::wrong_key_usage;
  }
  take_peer(std::move(peer));
  return {};
}

Result<void> Handshake::verify_raw_key(const HandshakeMessage& message, ReceivedCertificate certificate,
                                       const PinnedKeys& pinned) {
  const auto& shown = certificate.message.certificates;
  if (shown.size() != 1) {  // §4.4.2: one entry and no more
    return bad_length(shown.size()).at(Place::certificate_list);
  }
  ASHLAR_TRY(Buffer memory, memory_of(message, certificate));
  ASHLAR_TRY(x509::PublicKey peer, judge_raw_key(std::move(memory), shown[0], pinned));
  take_peer(std::move(peer), outcome.peer_raw_public_key());
  return {};
}

}  // namespace ashlar::tls::tls13
