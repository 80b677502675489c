// SPDX-License-Identifier: Apache-2.0
// What small programs on POSIX systems need beside the engines: the system's clock, its root certificates,
// key and certificate files, and a loop that drives a connection over a blocking socket. Everything here is
// optional and outside the libraries, which know no files or sockets.
//
//   ASHLAR_TRY(const posix::Roots roots, posix::Roots::system());
//   const tls::TrustAnchors trust(roots.anchors());
//   const tls::ClientConfig config = posix::client_config(trust.verifier());
//   ASHLAR_TRY(const posix::Socket socket, posix::dial("example.com", "443"));
//   ASHLAR_TRY(tls::Client client, tls::Client::create(config, "example.com"));
//   posix::Stream stream(client, socket);
//   ASHLAR_CHECK(stream.write(bytes_of("GET / HTTP/1.0\r\nHost: example.com\r\n\r\n")));
//   while (true) {
//     ASHLAR_TRY(const Bytes data, stream.read());
//     if (data.empty()) break;
//     use(data);
//   }
#pragma once

#include <ashlar/posix/config.hpp>
#include <ashlar/posix/files.hpp>
#include <ashlar/posix/roots.hpp>
#include <ashlar/posix/socket.hpp>
#include <ashlar/posix/stream.hpp>
#include <ashlar/posix/system.hpp>
