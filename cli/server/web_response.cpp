// SPDX-License-Identifier: Apache-2.0
#include "server/web_response.hpp"

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

std::string date() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %d %02d:%02d:%02d GMT", kDays[utc.tm_wday], utc.tm_mday,
                kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
  return text;
}

WebResponse with_head(int status, std::string_view type, std::uint64_t size, bool keep_alive,
                      const Field& more = {}) {
  WebResponse response;
  response.status = status;
  response.keep_alive = keep_alive;
  http::response_header<> head;
  head.version(11);
  head.result(static_cast<unsigned>(status));
  head.set(http::field::date, date());
  head.set(http::field::server, "ashlar/" ASHLAR_VERSION);
  head.set(http::field::content_type, std::string(type));
  head.set(http::field::content_length, std::to_string(size));
  head.set("X-Content-Type-Options", "nosniff");
  if (!more.value.empty()) {
    head.set(more.name, more.value);
  }
  head.set(http::field::connection, keep_alive ? "keep-alive" : "close");
  std::ostringstream text;
  text << head;
  response.text = text.str();
  return response;
}

WebResponse with_text(int status, std::string_view type, const std::string& body, const Request& request,
                      const Field& more = {}) {
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

WebResponse with_file(WebRoot::Entry file, const std::string& path, const Request& request) {
  WebResponse response = with_head(200, content_type(path), file.size(), request.keep_alive);
  if (request.method != "HEAD") {
    response.file_size = file.size();
    response.file.emplace(std::move(file));
  }
  return response;
}

}  // namespace

WebResponse respond(const Request& request, const WebRoot* root, const std::string& about) {
  constexpr std::string_view kPlain = "text/plain; charset=utf-8";
  if (request.method != "GET" && request.method != "HEAD") {
    return with_text(405, kPlain, "Only GET and HEAD are answered here.\n", request, {"Allow", "GET, HEAD"});
  }
  const auto path = decode_target(request.target);
  if (!path) {
    return with_text(400, kPlain, "This path is not accepted.\n", request);
  }
  if (root == nullptr) {
    return path->empty() ? with_text(200, kPlain, about, request)
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
    // So that relative links in the folder's page lead into it.
    std::string location = "/";
    std::string_view rest = bare;
    while (!rest.empty()) {
      const std::size_t slash = rest.find('/');
      location += percent_encode(rest.substr(0, slash)) + "/";
      rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    }
    return with_text(301, kPlain, "See " + location + "\n", request, {"Location", location});
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

std::string connection_page(const tls::Negotiated& negotiated) {
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
  line("extended master secret", negotiated.extended_master_secret ? "yes" : "no");
  line("server name", negotiated.server_name.empty() ? "(not sent)" : escape(negotiated.server_name));
  line("ALPN", negotiated.alpn.empty() ? "(none)" : escape(negotiated.alpn));
  line("client certificate", negotiated.client_authenticated ? "accepted" : "none");
  return page;
}

}  // namespace ashlar::cli
