// SPDX-License-Identifier: Apache-2.0
// Certificate messages are compressed once, when a credential is made (RFC 8879), and not in each handshake.
#include "credential/certificate13.hpp"

namespace ashlar::tls {
namespace {

Result<void> add(Credential& credential, Credential::Impl& impl, const CertificateCompression& row,
                 AskedOfCertificate asked) {
  ASHLAR_TRY(const tls13::OwnCertificate own, tls13::certificate_of(&credential, {}, asked));
  Buffer plain(impl.allocation().memory);
  ASHLAR_CHECK(plain.reserve(own.size));
  Writer writer(plain.room());
  own.message.build(writer);
  ASHLAR_TRY(const Bytes body, writer.finish());
  plain.commit(body.size());
  auto* const made = make_in<CompressedMessage>(impl.allocation().memory);
  if (made == nullptr) {
    return ErrorCode::out_of_memory;
  }
  made->next = impl.compressed;
  impl.compressed = made;
  made->asked = asked;
  made->uncompressed_length = static_cast<std::uint32_t>(body.size());
  ASHLAR_CHECK(made->bytes.reserve(body.size()));
  const auto compressed = row.compress(plain.bytes(), made->bytes.room().first(body.size()));
  // Its header has eight bytes that a Certificate message does not need.
  if (compressed && compressed->size() + 8 < body.size()) {
    made->bytes.commit(compressed->size());
    made->row = &row;
  }
  return {};
}

}  // namespace

Result<void> Credential::compress(std::span<const CertificateCompression* const> rows) {
  if (impl_->handles.load(std::memory_order_relaxed) != 1 || impl_->compressed != nullptr) {
    return ErrorCode::invalid_argument;
  }
  for (const CertificateCompression* const row : rows) {
    if (row->compress == nullptr) {
      continue;
    }
    // One message for each answer that a peer may get: what is not there cannot be asked for.
    for (const bool status : {false, true}) {
      for (const bool timestamps : {false, true}) {
        if ((!status || !impl_->ocsp_staple.empty()) && (!timestamps || !impl_->timestamp_list.empty())) {
          ASHLAR_CHECK(add(*this, *impl_, *row, {status, timestamps}));
        }
      }
    }
  }
  return {};
}

}  // namespace ashlar::tls
