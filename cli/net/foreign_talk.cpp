// SPDX-License-Identifier: Apache-2.0
#include "net/foreign_talk.hpp"

#include <string_view>

namespace ashlar::cli {
namespace {

// How a protocol begins: the bits that count, and what they are.
struct Talk {
  std::uint32_t bytes;
  std::uint32_t mask;
  std::string_view what;
  std::string_view starttls = {};  // of ashlar client and check; empty: it has none there
  std::string_view port = {};      // where it speaks TLS from the first byte on; empty: nowhere
};

constexpr std::uint32_t first(std::string_view text) {
  std::uint32_t bytes = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    bytes = bytes << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  }
  return bytes;
}
constexpr Talk text(std::string_view begins, std::string_view what, std::string_view starttls = {},
                    std::string_view port = {}) {
  return {first(begins), begins.size() >= 4 ? 0xffffffff : ~(0xffffffffU >> (8 * begins.size())), what,
          starttls, port};
}

// The first row that fits counts.
constexpr Talk kServers[] = {
    text("SSH-", "the greeting of SSH"),
    text("220", "a greeting of SMTP or FTP", "smtp (or ftp)", "465 (mail) or 990 (FTP)"),
    text("421", "SMTP or FTP, which says that it is busy", "smtp (or ftp)", "465 (mail) or 990 (FTP)"),
    text("554", "SMTP, which refuses this client", "smtp", "465"),
    text("* OK", "a greeting of IMAP", "imap", "993"),
    text("* BY", "IMAP, which says goodbye", "imap", "993"),
    text("* PR", "a greeting of IMAP", "imap", "993"),
    text("+OK", "a greeting of POP3", "pop3", "995"),
    text("-ERR", "an error of POP3 or Redis", "pop3 (POP3)", "995 (POP3) or 6380 (Redis)"),
    text("-DEN", "Redis, which takes no connections from elsewhere", "", "6380"),
    text("200 ", "a greeting of NNTP", "", "563"),
    text("201 ", "a greeting of NNTP", "", "563"),
    text("<?xm", "XML, as XMPP speaks it", "xmpp", "5223"),
    text("<str", "XMPP", "xmpp", "5223"),
    text("<!DO", "a page of HTML without a head of HTTP", "", "443"),
    text("<htm", "a page of HTML without a head of HTTP", "", "443"),
    text("<HTM", "a page of HTML without a head of HTTP", "", "443"),
    text("NOTI", "a greeting of IRC", "", "6697"),
    text(":", "a line of IRC", "", "6697"),
    text("RFB ", "the greeting of VNC"),
    text("AMQP", "AMQP", "", "5671"),
    text("@RSY", "the greeting of rsync"),
    text("INFO", "the greeting of NATS"),
    text("ERRO", "an error of memcached"),
    {0x00000004, 0xffff00ff, "a frame of HTTP/2 without TLS", "", "443"},
    {0x45000000, 0xffff0000, "an error of PostgreSQL", "postgres", ""},
    // The greeting's length below 256, and its number, which is 0.
    {0x00000000, 0x00ffffff, "the greeting of MySQL or MariaDB, which has a way of its own to TLS"},
    {0x30000000, 0xff000000, "a message of LDAP", "ldap", "636"},
    {0x03000000, 0xffff0000, "RDP, which has a way of its own to TLS"},
    {0x05ff0000, 0xffff0000, "a SOCKS proxy, which takes no such client"},
    {0x05000000, 0xffff0000, "a SOCKS proxy"},
    {0xff000000, 0xff000000, "Telnet", "", "992"},
};

constexpr Talk kClients[] = {
    text("SSH-", "it speaks SSH"),
    text("PROX",
         "it sends a header of the PROXY protocol, which is not read here: a load balancer is to "
         "leave it out (HAProxy: no send-proxy)"),
    {0x0d0a0d0a, 0xffffffff,
     "it sends a header of the PROXY protocol, version 2, which is not read here: a load balancer is to "
     "leave "
     "it out (HAProxy: no send-proxy-v2)"},
    text("EHLO", "it speaks SMTP without TLS: --starttls smtp serves such clients"),
    text("HELO", "it speaks SMTP without TLS: --starttls smtp serves such clients"),
    text("<?xm", "it speaks XMPP without TLS: --starttls xmpp serves such clients"),
    text("<str", "it speaks XMPP without TLS: --starttls xmpp serves such clients"),
    text("AUTH", "it speaks FTP or SMTP without TLS: --starttls ftp (or smtp) serves such clients"),
    text("USER", "it speaks FTP, POP3 or IRC without TLS: --starttls ftp (or pop3) serves such clients"),
    text("CAPA", "it speaks POP3 without TLS: --starttls pop3 serves such clients"),
    text("AMQP", "it speaks AMQP without TLS"),
    text("*1\r\n", "it speaks Redis's protocol without TLS"),
    text("*2\r\n", "it speaks Redis's protocol without TLS"),
    {0x00000008, 0xffffffff,
     "it speaks PostgreSQL and asks for TLS: --starttls postgres serves such clients"},
    {0x00000000, 0xffff0000, "it speaks PostgreSQL or another database's protocol without TLS"},
    {0x30000000, 0xff000000, "it speaks LDAP without TLS: --starttls ldap serves such clients"},
    {0x03000000, 0xffff0000, "it speaks RDP, which has a way of its own to TLS"},
    {0x04010000, 0xffff0000, "it takes this server for a SOCKS proxy"},
    {0x05000000, 0xff000000, "it takes this server for a SOCKS proxy"},
};

template <std::size_t N>
constexpr const Talk* talk_of(const Talk (&rows)[N], std::uint32_t begins) {
  for (const Talk& row : rows) {
    if (begins != 0 && (begins & row.mask) == row.bytes) {
      return &row;
    }
  }
  return nullptr;
}

}  // namespace

Words foreign_server_words(const std::string& host, const Error& error) {
  Words words;
  words.wanted = "TLS from the first byte on";
  if (error == ErrorCode::plain_http) {
    words.found = "an answer of HTTP without TLS";
    words.next = "take the port of HTTPS (443, if none is written), or fetch this one without TLS";
  } else if (const Talk* const talk = talk_of(kServers, error.detail)) {
    words.found = std::string(talk->what);
    if (!talk->starttls.empty()) {
      words.next = "go over to TLS within that protocol: ashlar client " + host + " --starttls " +
                   std::string(talk->starttls);
    }
    if (!talk->port.empty()) {
      words.next += std::string(words.next.empty() ? "take" : "; or take") +
                    " the port that speaks TLS from " + "the start, mostly " + std::string(talk->port);
    }
    if (words.next.empty()) {
      words.next = "take another port: nothing goes over TLS on this one";
    }
  } else {
    words.found = "a protocol that is not known here";
    words.next = "check the port: 443 is HTTPS, 80 is plain HTTP";
  }
  words.next += std::string(" (more: ashlar explain ") +
                (error == ErrorCode::plain_http ? "plain_http" : "not_tls") + ")";
  return words;
}

std::string foreign_client_text(const Error& error) {
  if (error == ErrorCode::plain_http) {
    return "the address is to begin with https://";
  }
  const Talk* const talk = error == ErrorCode::not_tls ? talk_of(kClients, error.detail) : nullptr;
  return talk != nullptr ? std::string(talk->what) : std::string();
}

}  // namespace ashlar::cli
