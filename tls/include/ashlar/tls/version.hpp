// SPDX-License-Identifier: Apache-2.0
// The versions of TLS that Ashlar speaks: one row for each side. A connection speaks the rows of its config
// whose number is in its policy. Clients and servers have separate rows, so that a program with clients only
// does not link the server. Rows live as long as the program.
#pragma once

#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

struct ClientVersion;
struct ServerVersion;

extern const ClientVersion kTls12Client;  // RFC 5246
extern const ClientVersion kTls13Client;  // RFC 9846
extern const ServerVersion kTls12Server;  // RFC 5246
extern const ServerVersion kTls13Server;  // RFC 9846

// One version alone, for a program that does not link the other. Its policy names this version's suites and
// no others: policy::tls12 and policy::tls13 do.
inline constexpr const ClientVersion* kTls12ClientOnly[] = {&kTls12Client};
inline constexpr const ClientVersion* kTls13ClientOnly[] = {&kTls13Client};
inline constexpr const ServerVersion* kTls12ServerOnly[] = {&kTls12Server};
inline constexpr const ServerVersion* kTls13ServerOnly[] = {&kTls13Server};

// All versions that there are, the newest first: those of clients.
inline constexpr const ClientVersion* kClientVersions[] = {&kTls13Client, &kTls12Client};
// The same for servers.
inline constexpr const ServerVersion* kServerVersions[] = {&kTls13Server, &kTls12Server};

}  // namespace ashlar::tls
