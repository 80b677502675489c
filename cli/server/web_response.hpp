// SPDX-License-Identifier: Apache-2.0
// The answers of a web server: a file, a listing, a page about the connection, or an error.
#pragma once

#include "http/http.hpp"
#include "server/web_root.hpp"

#include <ashlar/tls/event.hpp>

namespace ashlar::cli {

// A response: the text first, then the file's bytes.
struct WebResponse {
  int status = 200;
  std::string text;  // the head, and the body unless it is a file
  std::optional<WebRoot::Entry> file;
  std::uint64_t file_offset = 0, file_size = 0;  // the part of the file that is sent
  bool keep_alive = false;
};

// root: null for a page about the connection.
WebResponse respond(const Request& request, const WebRoot* root, const tls::Negotiated& negotiated);
WebResponse respond_error(int status, const std::string& text);

}  // namespace ashlar::cli
