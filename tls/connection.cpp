// SPDX-License-Identifier: Apache-2.0
#include "engine.hpp"

namespace ashlar::tls {

Connection::Connection(Connection&& other) noexcept : impl_(other.impl_) {
  other.impl_ = nullptr;
}

Connection& Connection::operator=(Connection&& other) noexcept {
  if (this != &other) {
    if (impl_ != nullptr) {
      destroy_in(impl_);
    }
    impl_ = other.impl_;
    other.impl_ = nullptr;
  }
  return *this;
}

Connection::~Connection() {
  if (impl_ != nullptr) {
    destroy_in(impl_);
  }
}

Wants Connection::wants() const {
  return impl_->wants();
}
std::optional<Error> Connection::error() const {
  return impl_->error();
}

MutBytes Connection::receive_window() {
  return impl_->receive_window();
}
Result<void> Connection::received(std::size_t count) {
  return impl_->received(count);
}
Result<void> Connection::received_end() {
  return impl_->received_end();
}

Result<std::size_t> Connection::feed(Bytes bytes) {
  if (impl_->error()) {
    return *impl_->error();
  }
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    const MutBytes window = impl_->receive_window();
    if (window.empty()) {
      // There may have been no memory for it.
      if (impl_->error()) {
        return *impl_->error();
      }
      break;
    }
    const std::size_t left = bytes.size() - taken;
    const std::size_t count = left < window.size() ? left : window.size();
    copy_bytes(window, bytes.subspan(taken, count));
    ASHLAR_CHECK(impl_->received(count));
    taken += count;
  }
  return taken;
}

Bytes Connection::pending_output() const {
  return impl_->pending_output();
}
void Connection::sent(std::size_t count) {
  impl_->sent(count);
}

Bytes Connection::application_data() const {
  return impl_->application_data();
}
Result<void> Connection::consume(std::size_t count) {
  return impl_->consume(count);
}
Result<std::size_t> Connection::write(Bytes data) {
  return impl_->write(data);
}
void Connection::close() {
  impl_->close();
}

Result<void> Connection::lend(MutBytes memory) {
  return impl_->lend(memory);
}
Result<void> Connection::return_lent() {
  return impl_->return_lent();
}
void Connection::release_buffers() {
  impl_->release_buffers();
}

std::optional<PrivateKeyRequest> Connection::private_key_request() const {
  return impl_->private_key_request();
}
Result<void> Connection::provide(Bytes answer) {
  return impl_->provide(answer);
}

std::optional<CredentialRequest> Connection::credential_request() const {
  return impl_->credential_request();
}
Result<void> Connection::provide_credential(const Credential& credential) {
  return impl_->provide_credential(&credential);
}
Result<void> Connection::provide_no_credential() {
  return impl_->provide_credential(nullptr);
}

std::optional<SessionRequest> Connection::session_request() const {
  return impl_->session_request();
}
Result<void> Connection::sessions_fetched() {
  return impl_->sessions_fetched();
}

bool Connection::handshake_done() const {
  return impl_->done();
}
bool Connection::peer_closed() const {
  return impl_->peer_closed();
}
const Negotiated& Connection::negotiated() const {
  return impl_->outcome.negotiated;
}
Bytes Connection::peer_raw_public_key() const {
  return impl_->outcome.peer_raw_public_key();
}
std::span<const Bytes> Connection::peer_certificates() const {
  return impl_->outcome.peer_certificates();
}
Bytes Connection::peer_ocsp_response() const {
  return impl_->outcome.status != nullptr ? impl_->outcome.status->ocsp_response.bytes() : Bytes();
}
Bytes Connection::peer_timestamps() const {
  return impl_->outcome.status != nullptr ? impl_->outcome.status->timestamps.bytes() : Bytes();
}

Result<void> Connection::export_keying_material(std::string_view label, const std::optional<Bytes>& context,
                                                MutBytes out) const {
  return impl_->export_keying_material(label, context, out);
}

Result<void> Connection::export_early_keying_material(std::string_view label, Bytes context,
                                                      MutBytes out) const {
  if (impl_->error()) {
    return *impl_->error();
  }
  const EarlyExporter* const exporter = impl_->outcome.early_exporter;
  return exporter != nullptr ? exporter->make(*exporter, label, context, out) : ErrorCode::no_exported_keys;
}

}  // namespace ashlar::tls
