// SPDX-License-Identifier: Apache-2.0
#include "tls13/early_data.hpp"

namespace ashlar::tls::tls13 {

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
  return Result<HashSecret>(std::move(traffic));
}

}  // namespace ashlar::tls::tls13
