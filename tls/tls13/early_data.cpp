// SPDX-License-Identifier: Apache-2.0
#include "tls13/early_data.hpp"

namespace ashlar::tls::tls13 {

namespace {

Result<void> keep_exporter(const Outbox& outbox, const crypto::HashAlgorithm& hash,
                           const HashSecret& early_secret, Bytes client_hello) {
  ASHLAR_TRY(HashSecret secret, derive_secret(hash, early_secret, "e exp master", client_hello));
  auto* const made = make_in<EarlyExporter>(outbox.settings.memory);
  if (made == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, sizeof(EarlyExporter)};
  }
  made->secret = std::move(secret);
  made->hash = &hash;
  made->make = [](const EarlyExporter& self, std::string_view label, Bytes context, MutBytes out) {
    return export_keys(*self.hash, self.secret, label, context, out);
  };
  outbox.outcome.forget_early_exporter();
  outbox.outcome.early_exporter = made;
  return {};
}

}  // namespace

Result<HashSecret> derive_early_traffic_secret(const Outbox& outbox, const crypto::HashAlgorithm& hash,
                                               Bytes psk, Bytes client_hello) {
  const HashSecret early_secret = extract_early_secret(hash, psk);
  ASHLAR_TRY(HashSecret traffic, derive_secret(hash, early_secret, "c e traffic", client_hello));
  if (outbox.hears_secrets()) {
    const Direction of_client = outbox.settings.is_client ? Direction::sent : Direction::received;
    ASHLAR_TRY(const HashSecret exporter, derive_secret(hash, early_secret, "e exp master", client_hello));
    outbox.tell(of_client, SecretEvent{SecretKind::client_early_traffic_secret, traffic.reveal()});
    outbox.tell(of_client, SecretEvent{SecretKind::early_exporter_secret, exporter.reveal()});
  }
  if (outbox.settings.export_keys) {
    ASHLAR_CHECK(keep_exporter(outbox, hash, early_secret, client_hello));
  }
  return Result<HashSecret>(std::move(traffic));
}

}  // namespace ashlar::tls::tls13
