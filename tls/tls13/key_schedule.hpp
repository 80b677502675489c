// SPDX-License-Identifier: Apache-2.0
// The secrets of TLS 1.3 and what is derived from them: RFC 9846 §7.1 to §7.3, §4.4.4, §4.6.1.
//
//             0
//             |
//             v
//   PSK ->  Extract = early secret
//             +--> "ext binder" | "imp binder" | "res binder" = binder key
//             v
//           "derived"
//             |
//             v
// (EC)DHE -> Extract = handshake secret
//             +--> "c hs traffic" (ClientHello...ServerHello)     = client_handshake_traffic_secret
//             +--> "s hs traffic" (ClientHello...ServerHello)     = server_handshake_traffic_secret
//             v
//           "derived"
//             |
//             v
//       0 -> Extract = main secret
//             +--> "c ap traffic" (ClientHello...server Finished) = client_application_traffic_secret_0
//             +--> "s ap traffic" (ClientHello...server Finished) = server_application_traffic_secret_0
//             +--> "exp master"   (ClientHello...server Finished) = exporter_secret
//             +--> "res master"   (ClientHello...client Finished) = resumption_secret
#pragma once

#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/hash.hpp>

#include "outbox.hpp"

namespace ashlar::tls::tls13 {

// Any secret of the schedule: as long as the suite's hash.
using HashSecret = SecretBuffer<48>;

// The first step. psk: empty for none, which stands for as many zeros as the hash is long.
HashSecret extract_early_secret(const crypto::HashAlgorithm& hash, Bytes psk);
// The steps down the middle: from the early secret with the secret of the key exchange, and from the
// handshake secret.
Result<HashSecret> extract_handshake_secret(const crypto::HashAlgorithm& hash, const HashSecret& early_secret,
                                            Bytes shared_secret);
Result<HashSecret> extract_main_secret(const crypto::HashAlgorithm& hash, const HashSecret& handshake_secret);

// Derive-Secret(secret, label, messages), of whose hash it is given.
Result<HashSecret> derive_secret(const crypto::HashAlgorithm& hash, const HashSecret& secret,
                                 std::string_view label, Bytes transcript_hash);
// The binder key (§4.2.11.2) of a session that is resumed, of a key from outside, or of an imported one (RFC
// 9258 §4.2).
inline constexpr std::string_view kResumptionBinder = "res binder";
inline constexpr std::string_view kExternalBinder = "ext binder";
inline constexpr std::string_view kImportedBinder = "imp binder";
Result<HashSecret> derive_binder_key(const crypto::HashAlgorithm& hash, const HashSecret& early_secret,
                                     std::string_view label);

// verify_data of a Finished (§4.4.4), or a binder, under the traffic secret or binder key that it is made
// with. Secret until it is sent: who knows what is expected can prove what he did not compute.
Result<HashSecret> compute_verify_data(const crypto::HashAlgorithm& hash, const HashSecret& base_key,
                                       Bytes transcript_hash);

// The keys of one direction (§7.3).
Result<TrafficKeys> derive_traffic_keys(const crypto::HashAlgorithm& hash, const RecordCipher& cipher,
                                        const HashSecret& traffic_secret);
// application_traffic_secret_N+1 (§7.2).
Result<HashSecret> derive_next_traffic_secret(const crypto::HashAlgorithm& hash,
                                              const HashSecret& traffic_secret);
// The pre-shared key of a ticket (§4.6.1).
Result<HashSecret> derive_resumption_psk(const crypto::HashAlgorithm& hash,
                                         const HashSecret& resumption_secret, Bytes ticket_nonce);

// Keys for the application out of the exporter secret (§7.5). No context and an empty one are alike.
// invalid_argument for an empty label, one of more than 249 bytes, a context of more than 65535 bytes, and
// more keys than 255 digests hold.
Result<void> export_keys(const crypto::HashAlgorithm& hash, const HashSecret& exporter_secret,
                         std::string_view label, Bytes context, MutBytes out);

}  // namespace ashlar::tls::tls13
