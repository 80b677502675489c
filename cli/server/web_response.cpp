// SPDX-License-Identifier: Apache-2.0
#include "server/web_response.hpp"
#include "options/psk_options.hpp"

#include "output/terminal.hpp"
#include "trace/messages.hpp"

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/write.hpp>

#include <ctime>
#include <sstream>

namespace ashlar::cli {

namespace http = boost::beast::http;

namespace {

WebResponse with_head(int status, std::string_view type, std::uint64_t size, bool keep_alive,
                      const std::vector<Field>& more = {}) {
  WebResponse response;
  response.status = status;
  response.keep_alive = keep_alive;
  http::response_header<> head;
  head.version(11);
  head.result(static_cast<unsigned>(status));
  if (status == 425) {  // RFC 8470 §5.2, which some versions of Beast do not know
    head.reason("Too Early");
  }
  head.set(http::field::date, http_date(std::time(nullptr)));
  head.set(http::field::server, "ashlar/" ASHLAR_VERSION);
  // A 304 describes what has not changed, without a body.
  if (status != 304) {
    head.set(http::field::content_type, std::string(type));
    head.set(http::field::content_length, std::to_string(size));
  }
  head.set("X-Content-Type-Options", "nosniff");
  for (const Field& field : more) {
    head.set(field.name, field.value);
  }
  head.set(http::field::connection, keep_alive ? "keep-alive" : "close");
  std::ostringstream text;
  text << head;
  response.text = text.str();
  return response;
}

WebResponse with_text(int status, std::string_view type, const std::string& body, const Request& request,
                      const std::vector<Field>& more = {}) {
  WebResponse response = with_head(status, type, body.size(), request.keep_alive, more);
  if (request.method != "HEAD") {
    response.text += body;
  }
  return response;
}

std::string listing(const std::string& path, const WebRoot::Entry& folder) {
  const std::string title = html_escape("/" + path);
  std::string page = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>" + title +
                     "</title></head>\n<body><h1>" + title + "</h1>\n<ul>\n";
  if (!path.empty()) {
    page += "<li><a href=\"../\">../</a></li>\n";
  }
  for (const std::string& name : folder.list()) {
    const bool is_folder = name.back() == '/';
    const std::string bare = is_folder ? name.substr(0, name.size() - 1) : name;
    page += "<li><a href=\"./" + percent_encode(bare) + (is_folder ? "/" : "") + "\">" + html_escape(name) +
            "</a></li>\n";
  }
  return page + "</ul></body></html>\n";
}

// Size and time of the last change name this state of the file.
std::string tag_of(const WebRoot::Entry& file) {
  char text[80];
  std::snprintf(text, sizeof text, "\"%llx-%llx.%llx\"", static_cast<unsigned long long>(file.size()),
                static_cast<unsigned long long>(file.changed().seconds),
                static_cast<unsigned long long>(file.changed().nanoseconds));
  return text;
}

// Whether the client has this state of the file already (RFC 9110 §13.2.2).
bool is_known(const Request& request, const WebRoot::Entry& file, const std::string& tag) {
  if (!request.if_none_match.empty()) {
    return request.if_none_match == "*" || request.if_none_match.find(tag) != std::string::npos;
  }
  const auto since = parse_http_date(request.if_modified_since);
  return since && file.changed().seconds <= *since;
}

// A part is sent only if the client has the rest of the same state (RFC 9110 §13.1.5).
bool range_counts(const Request& request, const WebRoot::Entry& file, const std::string& tag) {
  return request.method == "GET" && (request.if_range.empty() || request.if_range == tag ||
                                     request.if_range == http_date(file.changed().seconds));
}

WebResponse with_file(WebRoot::Entry file, const std::string& path, const Request& request) {
  const std::string tag = tag_of(file);
  std::vector<Field> fields = {
      {"ETag", tag}, {"Last-Modified", http_date(file.changed().seconds)}, {"Accept-Ranges", "bytes"}};
  if (is_known(request, file, tag)) {
    return with_head(304, content_type(path), 0, request.keep_alive, fields);
  }
  ByteRange range{0, file.size()};
  int status = 200;
  if (range_counts(request, file, tag)) {
    const std::string total = "/" + std::to_string(file.size());
    switch (parse_range(request.range, file.size(), range)) {
      case RangeKind::whole:
        break;
      case RangeKind::part:
        status = 206;
        fields.push_back({"Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                               std::to_string(range.first + range.size - 1) + total});
        break;
      case RangeKind::unsatisfiable:
        fields.push_back({"Content-Range", "bytes *" + total});
        return with_text(416, "text/plain; charset=utf-8", "The file has fewer bytes.\n", request, fields);
    }
  }
  WebResponse response = with_head(status, content_type(path), range.size, request.keep_alive, fields);
  if (request.method != "HEAD") {
    response.file_offset = range.first;
    response.file_size = range.size;
    response.file.emplace(std::move(file));
  }
  return response;
}

// What was negotiated, as lines of text.
std::string connection_page(const Request& request, const tls::Negotiated& negotiated) {
  std::string page = "Ashlar " ASHLAR_VERSION "\n\n";
  const auto line = [&page](const char* label, const std::string& text) {
    page += std::string(label) + std::string(24 - std::string_view(label).size(), ' ') + text + "\n";
  };
  line("version", version_text(negotiated.version));
  line("cipher suite", suite_text(negotiated));
  if (negotiated.group != nullptr) {
    line("group", std::string(negotiated.group->name));
  }
  if (negotiated.server_scheme != nullptr) {
    line("signed with", std::string(negotiated.server_scheme->name));
  }
  line("handshake", negotiated.resumed ? "resumed" : "full");
  if (negotiated.early_data) {
    line("early data", request.early ? "taken, this request is in it" : "taken");
  }
  line("extended master secret", negotiated.extended_master_secret ? "yes" : "no");
  line("server name", negotiated.server_name.empty() ? "(not sent)" : escape(negotiated.server_name));
  line("ALPN", negotiated.alpn.empty() ? "(none)" : escape(negotiated.alpn));
  line("client certificate", negotiated.client_authenticated ? "accepted" : "none");
  if (negotiated.by_psk) {
    line("pre-shared key", identity_text(negotiated.psk_identity));
  }
  return page;
}

}  // namespace

WebResponse respond(const Request& request, const WebRoot* root, const tls::Negotiated& negotiated) {
  constexpr std::string_view kPlain = "text/plain; charset=utf-8";
  if (request.early && request.method != "GET" && request.method != "HEAD") {
    return with_text(425, kPlain, "This may be a replay: send it again when the handshake is done.\n",
                     request);
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return with_text(405, kPlain, "Only GET and HEAD are answered here.\n", request,
                     {{"Allow", "GET, HEAD"}});
  }
  const auto path = decode_target(request.target);
  if (!path) {
    return with_text(400, kPlain, "This path is not accepted.\n", request);
  }
  if (root == nullptr) {
    return path->empty() ? with_text(200, kPlain, connection_page(request, negotiated), request)
                         : with_text(404, kPlain, "There is only / here.\n", request);
  }
  const bool wants_folder = path->empty() || path->back() == '/';
  const std::string bare = wants_folder && !path->empty() ? path->substr(0, path->size() - 1) : *path;
  auto entry = root->open(bare);
  if (!entry || (!entry->is_folder() && wants_folder)) {
    return with_text(404, kPlain, "There is no such file here.\n", request);
  }
  if (!entry->is_folder()) {
    return with_file(std::move(*entry), bare, request);
  }
  if (!wants_folder) {
    // With a slash, relative links in the folder's page lead into the folder.
    std::string location = "/";
    std::string_view rest = bare;
    while (!rest.empty()) {
      const std::size_t slash = rest.find('/');
      location += percent_encode(rest.substr(0, slash)) + "/";
      rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    }
    return with_text(301, kPlain, "See " + location + "\n", request, {{"Location", location}});
  }
  const std::string index = *path + "index.html";
  if (auto page = root->open(index); page && !page->is_folder()) {
    return with_file(std::move(*page), index, request);
  }
  return with_text(200, "text/html; charset=utf-8", listing(*path, *entry), request);
}

WebResponse respond_error(int status, const std::string& text) {
  Request request;
  return with_text(status, "text/plain; charset=utf-8", text + "\n", request);
}

}  // namespace ashlar::cli
