// SPDX-License-Identifier: Apache-2.0
#include "certificates/contents.hpp"

#include "certificates/describe.hpp"
#include "files/files.hpp"
#include "output/terminal.hpp"

#include <ashlar/asn1/der.hpp>
#include <ashlar/asn1/pem.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/x509/keys.hpp>

#include <algorithm>
#include <array>

namespace ashlar::cli {
namespace {

// One kind of content. In commands, FILE stands for the file's name. Empty: see the general advice.
struct Kind {
  std::string_view sign;   // a PEM label, or the beginning of the content
  std::string_view found;  // in words
  std::string_view for_certificate;
  std::string_view for_key;
};

constexpr std::string_view kPrivateBesides =
    "a private key cannot be made from it: find the file that was made beside it";
constexpr std::string_view kIssueFromKey =
    "make a certificate of it: ashlar cert new --key FILE --name localhost -o cert.pem";

constexpr Kind kLabels[] = {
    {"CERTIFICATE", "a certificate (BEGIN CERTIFICATE)", "", kPrivateBesides},
    {"X509 CERTIFICATE", "a certificate (BEGIN X509 CERTIFICATE)", "", kPrivateBesides},
    {"TRUSTED CERTIFICATE", "a certificate with OpenSSL's trust settings (BEGIN TRUSTED CERTIFICATE)",
     "openssl x509 -in FILE -out cert.pem", kPrivateBesides},
    {"CERTIFICATE REQUEST", "a request for a certificate, PKCS#10 (a CSR)",
     "have a CA make a certificate of it: openssl x509 -req -in FILE -CA ca.pem -CAkey ca.key "
     "-copy_extensions copy -out cert.pem",
     "give the key that the request was made with"},
    {"NEW CERTIFICATE REQUEST", "a request for a certificate, PKCS#10 (a CSR)",
     "have a CA make a certificate of it: openssl x509 -req -in FILE -CA ca.pem -CAkey ca.key "
     "-copy_extensions copy -out cert.pem",
     "give the key that the request was made with"},
    {"PKCS7", "a bundle of certificates, PKCS#7", "openssl pkcs7 -in FILE -print_certs -out cert.pem",
     kPrivateBesides},
    {"CMS", "a CMS (PKCS#7) message",
     "sed '/^-----/s/CMS/PKCS7/' FILE | openssl pkcs7 -print_certs -out cert.pem", kPrivateBesides},
    {"X509 CRL", "a list of revoked certificates (a CRL)", "give the certificate instead", kPrivateBesides},
    {"PUBLIC KEY", "a public key", "give the certificate of that key: a key alone has no names and no issuer",
     "give the private key of the pair: it cannot be made from the public one"},
    {"RSA PUBLIC KEY", "a public key, PKCS#1",
     "give the certificate of that key: a key alone has no names and no issuer",
     "give the private key of the pair: it cannot be made from the public one"},
    {"OPENSSH PRIVATE KEY", "a private key in OpenSSH's own format",
     "SSH keys have no certificate: ashlar cert new makes one for a key in PKCS#8",
     "cp FILE key.pem && ssh-keygen -p -m PKCS8 -f key.pem (RSA and ECDSA; ssh-keygen writes Ed25519 in no "
     "other format: ashlar key new ed25519 -o key.pem makes another key)"},
    {"SSH2 PUBLIC KEY", "a public key of SSH", "give a certificate: SSH's public keys are none",
     "give the private key of the pair: it cannot be made from the public one"},
    {"PRIVATE KEY", "a private key", kIssueFromKey, ""},
    {"RSA PRIVATE KEY", "a private key", kIssueFromKey, ""},
    {"EC PRIVATE KEY", "a private key", kIssueFromKey, ""},
    {"DSA PRIVATE KEY", "a private key for DSA", "give a certificate with another kind of key",
     "make another key: DSA is not used in TLS any more: ashlar key new p256 -o key.pem"},
    {"ENCRYPTED PRIVATE KEY", "a private key under a passphrase", "give the certificate of that key", ""},
    {"EC PARAMETERS", "the parameters of a curve, without a key", "give the certificate instead",
     "make a key: ashlar key new p256 -o key.pem"},
    {"DH PARAMETERS", "Diffie-Hellman parameters, without a key",
     "give the certificate instead; parameters of this kind are not needed here",
     "make a key: ashlar key new p256 -o key.pem"},
    {"DSA PARAMETERS", "DSA parameters, without a key", "give the certificate instead",
     "make a key: ashlar key new p256 -o key.pem"},
    {"PGP PUBLIC KEY BLOCK", "a public key of OpenPGP",
     "give a certificate of X.509: OpenPGP's are another kind", "make a key: ashlar key new p256 -o key.pem"},
    {"PGP PRIVATE KEY BLOCK", "a private key of OpenPGP",
     "give a certificate of X.509: OpenPGP's are another kind", "make a key: ashlar key new p256 -o key.pem"},
    {"ATTRIBUTE CERTIFICATE", "an attribute certificate, which has no key",
     "give the certificate of the key instead", kPrivateBesides},
};

// Texts without PEM blocks, and binary files, by their beginnings.
constexpr Kind kBeginnings[] = {
    {"ssh-", "a public key of SSH", "give a certificate: SSH's public keys are none",
     "give the private key of the pair: it lies beside it, without .pub"},
    {"ecdsa-sha2-", "a public key of SSH", "give a certificate: SSH's public keys are none",
     "give the private key of the pair: it lies beside it, without .pub"},
    {"sk-ssh-", "a public key of SSH", "give a certificate: SSH's public keys are none",
     "use another key: this one is in a security token"},
    {"PuTTY-User-Key-File", "a private key of PuTTY", "give a certificate: SSH's keys have none",
     "puttygen FILE -O private-openssh-new -o key.pem && ssh-keygen -p -m PKCS8 -f key.pem"},
    {"\xfe\xed\xfe\xed", "a key store of Java (JKS)",
     "keytool -exportcert -rfc -keystore FILE -alias NAME -file cert.pem",
     "keytool -importkeystore -srckeystore FILE -destkeystore k.p12 -deststoretype pkcs12 && openssl pkcs12 "
     "-in k.p12 "
     "-nodes -nocerts -out key.pem"},
    {"\xff\xfe", "text in UTF-16", "iconv -f UTF-16 -t ASCII FILE > cert.pem",
     "iconv -f UTF-16 -t ASCII FILE > key.pem"},
    {"\xfe\xff", "text in UTF-16", "iconv -f UTF-16 -t ASCII FILE > cert.pem",
     "iconv -f UTF-16 -t ASCII FILE > key.pem"},
    {std::string_view("-\0-\0", 4), "text in UTF-16", "iconv -f UTF-16LE -t ASCII FILE > cert.pem",
     "iconv -f UTF-16LE -t ASCII FILE > key.pem"},
    {std::string_view("\0-\0-", 4), "text in UTF-16", "iconv -f UTF-16BE -t ASCII FILE > cert.pem",
     "iconv -f UTF-16BE -t ASCII FILE > key.pem"},
    {"\xe2\x80\x93", "text whose hyphens became dashes, as word processors do",
     "sed 's/–/-/g; s/—/--/g' FILE > cert.pem", "sed 's/–/-/g; s/—/--/g' FILE > key.pem"},
    {"\xe2\x80\x94", "text whose hyphens became dashes, as word processors do",
     "sed 's/–/-/g; s/—/--/g' FILE > cert.pem", "sed 's/–/-/g; s/—/--/g' FILE > key.pem"},
    {"<", "a page of HTML or XML", "fetch the file again: a page came instead, of an error maybe",
     "fetch the file again: a page came instead, of an error maybe"},
    {"LS0tLS1CRUdJTi", "a PEM file inside base64, as Kubernetes secrets have it", "base64 -d FILE > cert.pem",
     "base64 -d FILE > key.pem"},
    {"\x1f\x8b", "a file compressed by gzip", "gunzip < FILE > cert.pem", "gunzip < FILE > key.pem"},
    {"PK\x03\x04", "a zip archive", "unzip FILE", "unzip FILE"},
    {"\x7f"
     "ELF",
     "a program", "give the certificate's file", "give the key's file"},
};

constexpr Kind kPkcs12 = {"", "a PKCS#12 container (.p12, .pfx: key and certificates in one)",
                          "openssl pkcs12 -in FILE -nokeys -out cert.pem",
                          "openssl pkcs12 -in FILE -nodes -nocerts -out key.pem"};
constexpr Kind kBer = {"", "BER with indefinite lengths, as PKCS#12 and PKCS#7 are often written",
                       "openssl pkcs12 -in FILE -nokeys -out cert.pem",
                       "openssl pkcs12 -in FILE -nodes -nocerts -out key.pem"};
constexpr Kind kPkcs7 = {"", "a bundle of certificates, PKCS#7 in DER",
                         "openssl pkcs7 -inform DER -in FILE -print_certs -out cert.pem", kPrivateBesides};
constexpr Kind kSpki = {"", "a public key in DER",
                        "give the certificate of that key: a key alone has no names and no issuer",
                        "give the private key of the pair: it cannot be made from the public one"};
constexpr Kind kPrivateDer = {"", "a private key in DER", kIssueFromKey, ""};
constexpr Kind kEncryptedDer = {"", "a private key under a passphrase, in DER",
                                "give the certificate of that key", ""};
constexpr Kind kCertificateDer = {"", "a certificate in DER", "", kPrivateBesides};
constexpr Kind kRequestDer = {"", "a request for a certificate in DER, PKCS#10 (a CSR)",
                              "have a CA make a certificate of it: openssl x509 -req -inform DER -in FILE "
                              "-CA ca.pem -CAkey ca.key -copy_extensions copy -out cert.pem",
                              "give the key that the request was made with"};
constexpr Kind kCrlDer = {"", "a list of revoked certificates in DER (a CRL)", "give the certificate instead",
                          kPrivateBesides};

// The outer shape of a SEQUENCE tells the formats apart; they need not be sound inside.
const Kind* kind_of_der(Bytes der) {
  using asn1::Tag;
  if (der.size() > 1 && der[0] == 0x30 && der[1] == 0x80) {
    return &kBer;
  }
  asn1::DerReader reader(der);
  auto outer = reader.sequence();
  if (!outer) {
    return nullptr;
  }
  if (outer->next_is(Tag::oid)) {
    return &kPkcs7;
  }
  if (outer->next_is(Tag::integer)) {
    const auto version = outer->small_integer();
    if (version && *version == 3 && outer->next_is(Tag::sequence)) {
      return &kPkcs12;
    }
    return &kPrivateDer;
  }
  auto first = outer->sequence();
  if (!first) {
    return nullptr;
  }
  if (outer->next_is(Tag::bit_string)) {
    return &kSpki;
  }
  if (outer->next_is(Tag::octet_string)) {
    return &kEncryptedDer;
  }
  if (first->next_is(asn1::context_constructed(0))) {
    return &kCertificateDer;
  }
  if (first->next_is(Tag::sequence)) {
    return &kCrlDer;
  }
  const auto number = first->small_integer();
  if (number && *number == 0) {
    return &kRequestDer;
  }
  // A certificate of version 1 has a serial number, an algorithm and a Name with an OID two levels down; a
  // CRL of version 2 has a Name and a time behind its algorithm.
  (void)first->sequence();
  (void)first->sequence();
  return first->next_is(Tag::sequence) ? &kCertificateDer : &kCrlDer;
}

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool begins_line(std::string_view text, std::size_t at) {
  return at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r' || text.substr(0, at) == kByteOrderMark;
}

// Whether a line ends behind the label of the block that begins there.
bool ends_line(std::string_view text, std::size_t at) {
  text.remove_prefix(std::min(text.size(), text.find("-----", at + kBegin.size())));
  text.remove_prefix(std::min<std::size_t>(text.size(), 5));
  const std::size_t next = text.find_first_not_of(" \t");
  return next == std::string_view::npos || text[next] == '\n' || text[next] == '\r';
}

// The label of the first block, and those of other kinds. A BEGIN is alone on its line
// (RFC 7468 §3).
std::vector<std::string_view> labels_of(std::string_view text) {
  std::vector<std::string_view> labels;
  for (std::size_t at = text.find(kBegin); at != std::string_view::npos; at = text.find(kBegin, at)) {
    const bool counts = begins_line(text, at) && ends_line(text, at);
    at += kBegin.size();
    if (!counts) {
      continue;
    }
    const std::string_view label = text.substr(at, std::min<std::size_t>(text.find("-----", at) - at, 40));
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) {
      labels.push_back(label);
    }
  }
  return labels;
}

constexpr Kind kIndented = {"", "a PEM text that is indented or quoted",
                            "sed 's/^[[:space:]>]*//' FILE > cert.pem",
                            "sed 's/^[[:space:]>]*//' FILE > key.pem"};
constexpr Kind kEscaped = {
    "", "a PEM text with \\n in letters instead of its line breaks, as in JSON",
    "sed 's/.*\\(-----BEGIN.*-----END [A-Z ]*-----\\).*/\\1/; s/\\\\n/\\n/g' FILE > cert.pem",
    "sed 's/.*\\(-----BEGIN.*-----END [A-Z ]*-----\\).*/\\1/; s/\\\\n/\\n/g' FILE > key.pem"};
constexpr Kind kOneLine = {
    "", "a PEM text without its line breaks",
    "sed 's/.*\\(-----BEGIN [A-Z ]*-----\\)\\(.*\\)\\(-----END [A-Z ]*-----\\).*/\\1\\n\\2\\n\\3/' FILE | "
    "fold -w 76 > cert.pem",
    "sed 's/.*\\(-----BEGIN [A-Z ]*-----\\)\\(.*\\)\\(-----END [A-Z ]*-----\\).*/\\1\\n\\2\\n\\3/' FILE | "
    "fold -w 76 > key.pem"};

// What hides a PEM block that is there, if there is one.
const Kind* hidden_block(std::string_view text) {
  const std::size_t at = text.find(kBegin);
  if (at == std::string_view::npos || (begins_line(text, at) && ends_line(text, at))) {
    return nullptr;
  }
  if (text.find("\\n", at) != std::string_view::npos) {
    return &kEscaped;
  }
  return ends_line(text, at) ? &kIndented : &kOneLine;
}

struct Found {
  std::string words;
  const Kind* kind = nullptr;
};

Found found_in(Bytes content) {
  if (content.empty()) {
    return {"nothing: it is empty", nullptr};
  }
  std::string_view text = text_of(content);
  const std::vector<std::string_view> labels = labels_of(text);
  if (!labels.empty()) {
    Found found;
    for (const std::string_view label : labels) {
      std::string words = "a block called " + escape(label);
      for (const Kind& row : kLabels) {
        if (row.sign == label) {
          words = row.found;
          found.kind = found.kind == nullptr ? &row : found.kind;
        }
      }
      found.words += (found.words.empty() ? "" : ", ") + words;
    }
    return found;
  }
  const Kind* kind = kind_of_der(content);
  kind = kind != nullptr ? kind : hidden_block(text);
  if (kind != nullptr) {
    return {std::string(kind->found), kind};
  }
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  while (!text.empty() && (text[0] == ' ' || text[0] == '\n' || text[0] == '\r')) {
    text.remove_prefix(1);
  }
  for (const Kind& row : kBeginnings) {
    if (text.starts_with(row.sign)) {
      return {std::string(row.found), &row};
    }
  }
  const auto is_base64 = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=' || c == '\n' || c == '\r';
  };
  if (text.starts_with("MII") && std::all_of(text.begin(), text.end(), is_base64)) {
    static constexpr Kind kBare = {"", "base64 without the lines around it", "base64 -d FILE > cert.der",
                                   "base64 -d FILE > key.der"};
    return {std::string(kBare.found), &kBare};
  }
  const Bytes first = content.first(std::min<std::size_t>(content.size(), 8));
  const bool printable =
      std::all_of(first.begin(), first.end(), [](std::uint8_t c) { return c >= 0x09 && c < 0x7f; });
  if (printable) {
    return {"text without PEM blocks: it begins with \"" +
                escape(text.substr(0, std::min<std::size_t>(24, text.find_first_of("\r\n")))) + "\"",
            nullptr};
  }
  return {"neither PEM nor DER: it begins with the bytes " + hex(first), nullptr};
}

// Whether it holds a kind that needs no advice.
bool holds(Bytes content, std::string_view Kind::*command) {
  const std::vector<std::string_view> labels = labels_of(text_of(content));
  if (labels.empty()) {
    const Kind* const kind = kind_of_der(content);
    return kind != nullptr && (kind->*command).empty();
  }
  return std::any_of(std::begin(kLabels), std::end(kLabels), [&](const Kind& row) {
    return (row.*command).empty() && std::find(labels.begin(), labels.end(), row.sign) != labels.end();
  });
}

std::string with_path(std::string_view command, const std::string& path) {
  std::string out(command);
  const std::string name = path.empty() || path == "-" ? "FILE" : quoted(path);
  for (std::size_t at = out.find("FILE"); at != std::string::npos; at = out.find("FILE", at + name.size())) {
    out.replace(at, 4, name);
  }
  return out;
}

Words words_for(const std::string& path, Bytes content, std::string_view cause, std::string_view wanted,
                std::string_view Kind::*command, std::string_view otherwise) {
  const Found found = found_in(content);
  const std::string_view next =
      found.kind != nullptr && !(found.kind->*command).empty() ? found.kind->*command : otherwise;
  return {.cause = input_name(path) + ": " + std::string(cause),
          .found = found.words,
          .wanted = std::string(wanted),
          .next = with_path(next, path)};
}

// The kind of a private key in DER by the name of its algorithm or curve; empty if there is none.
std::string key_kind_of_der(Bytes der) {
  asn1::DerReader outer(der);
  auto fields = outer.sequence();
  if (!fields || !fields->small_integer()) {
    return {};
  }
  // PKCS#8 has an AlgorithmIdentifier, SEC 1 a scalar and then the curve in [0].
  if (fields->next_is(asn1::Tag::octet_string) && !fields->octet_string()) {
    return {};
  }
  auto names = fields->next_is(asn1::Tag::sequence) ? fields->sequence()
                                                    : fields->nested(asn1::context_constructed(0));
  std::string text;
  while (names && names->next_is(asn1::Tag::oid)) {
    text = oid_text(*names->oid());  // the last name: a curve says more than "EC"
  }
  return text;
}

// The same for the first private key in a PEM text. Its label may name the kind.
std::string key_kind_of_pem(std::string_view text) {
  asn1::PemReader reader(text);
  while (true) {
    const auto block = reader.next_text();
    if (!block || block->label.empty()) {
      return {};
    }
    constexpr std::string_view kEnd = " PRIVATE KEY";
    if (!block->label.ends_with(kEnd) && block->label != kEnd.substr(1)) {
      continue;
    }
    SecretBuffer<x509::kMaxPrivateKeySize> der;
    der.resize(der.capacity());
    const auto decoded = block->decode(der.reveal_mut());
    const std::string kind = decoded ? key_kind_of_der(*decoded) : std::string();
    return kind.empty() && block->label.ends_with(kEnd)
               ? std::string(block->label.substr(0, block->label.size() - kEnd.size()))
               : kind;
  }
}

}  // namespace

bool holds_certificate(Bytes content) {
  return holds(content, &Kind::for_certificate);
}

bool holds_private_key(Bytes content) {
  return holds(content, &Kind::for_key);
}

bool looks_like_pem(Bytes content) {
  return text_of(content).find("-----BEGIN ") != std::string_view::npos;
}

Words no_certificate(const std::string& path, Bytes content) {
  return words_for(path, content, "this file holds no certificate",
                   "a certificate, PEM (BEGIN CERTIFICATE) or DER", &Kind::for_certificate,
                   "give the certificate's file; ashlar cert new makes one");
}

Words no_private_key(const std::string& path, Bytes content) {
  return words_for(path, content, "this file holds no private key",
                   "a private key, PEM (BEGIN PRIVATE KEY) or DER", &Kind::for_key,
                   "give the private key's file; ashlar key new makes one");
}

std::string other_blocks(Bytes content) {
  std::string others;
  for (const std::string_view label : labels_of(text_of(content))) {
    if (label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label.ends_with("PRIVATE KEY")) {
      continue;
    }
    others += (others.empty() ? "BEGIN " : ", BEGIN ") + escape(label);
  }
  return others;
}

bool has_old_encryption(std::string_view text) {
  return text.find("Proc-Type: 4,ENCRYPTED") != std::string_view::npos;
}

std::string key_kind_of(Bytes content) {
  return looks_like_pem(content) ? key_kind_of_pem(text_of(content)) : key_kind_of_der(content);
}

}  // namespace ashlar::cli
