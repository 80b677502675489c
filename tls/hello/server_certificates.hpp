// SPDX-License-Identifier: Apache-2.0
// What a server of any version says about certificates: to its program, which may choose the one that it
// shows, and to the client, about whose issuers it names.
#pragma once

#include <ashlar/tls/connection.hpp>

#include "buffer.hpp"

namespace ashlar::tls {

// What a credential has to fit; nothing if the ClientHello cannot be read.
std::optional<CredentialRequest> credential_request(Bytes client_hello, const Negotiated& negotiated);

// The names of issuers as the content of a vector of vectors, which lies in `room`, an empty buffer.
Result<Bytes> list_authorities(std::span<const Bytes> names, Buffer& room);

}  // namespace ashlar::tls
