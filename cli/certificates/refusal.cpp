// SPDX-License-Identifier: Apache-2.0
#include "certificates/refusal.hpp"

#include "certificates/describe.hpp"
#include "output/terminal.hpp"

#include <ashlar/x509/certificate.hpp>
#include <ashlar/x509/verify.hpp>

#include <algorithm>
#include <optional>

namespace ashlar::cli {
namespace {

std::optional<x509::Certificate> read(Bytes der) {
  const auto certificate = x509::Certificate::parse(der);
  return certificate ? std::optional<x509::Certificate>(*certificate) : std::nullopt;
}

// Goes from the leaf upwards by names, as far as the chain goes.
x509::Certificate top_of(std::span<const Bytes> chain, const x509::Certificate& leaf) {
  x509::Certificate top = leaf;
  for (std::size_t step = 0; step < chain.size() && !top.is_self_issued(); ++step) {
    for (const Bytes der : chain) {
      const auto other = read(der);
      if (other && equal_public(other->subject(), top.issuer()) && !equal_public(other->der(), top.der())) {
        top = *other;
        break;
      }
    }
  }
  return top;
}

void add_issuer(Words& words, const Refused& refused, const x509::Certificate& leaf) {
  const x509::Certificate top = top_of(refused.chain, leaf);
  words.wanted = "a chain that ends in what is trusted: " + refused.trust;
  const std::string subject = name_text(top.subject());
  const bool is_leaf = equal_public(top.der(), leaf.der());
  const std::string who = refused.from_peer ? "the server" : "the file";
  words.usual = {};
  if (top.is_self_issued() && is_leaf) {
    words.found = "a certificate that signed itself, " + subject + ", SHA-256 " + fingerprint(top.der());
    words.next =
        "if that is the right one (compare the SHA-256 with its owner), trust it by name: --trust FILE" +
        std::string(" (more: ashlar explain unknown_issuer)");
    return;
  }
  if (top.is_self_issued()) {
    words.found = "a chain that ends in the root " + subject + ", which is not trusted";
    words.next = "if that root is right, trust it: --trust FILE (more: ashlar explain unknown_issuer)";
    return;
  }
  words.found = "a chain that ends in " + subject + ", issued by " + name_text(top.issuer()) +
                ", whose certificate is missing";
  words.usual = is_leaf ? "The intermediate certificate is missing, or the root is not among those trusted."
                        : "The chain lacks a further intermediate, or the root is not among those trusted.";
  words.next = refused.from_peer
                   ? "have " + who + " send that certificate behind its own; or trust its root: --trust FILE"
                   : "give that certificate: --intermediate FILE; or trust its root: --trust FILE";
  words.next += " (more: ashlar explain unknown_issuer)";
}

// "*.lan" for "nas.lan": a wildcard that would fit if it had more than one label behind the star.
std::string short_wildcard(const std::vector<std::string>& names, std::string_view wanted) {
  for (const std::string& each : names) {
    constexpr std::string_view kBegin = "DNS *.";
    if (!each.starts_with(kBegin)) {
      continue;
    }
    const std::string behind = each.substr(kBegin.size());
    if (behind.find('.') == std::string::npos && wanted.ends_with("." + behind)) {
      return "*." + behind;
    }
  }
  return {};
}

void add_name(Words& words, const Refused& refused, const x509::Certificate& leaf) {
  const std::vector<std::string> names = alt_names(leaf);
  words.usual = {};
  words.found = names.empty()
                    ? "a certificate without any name in subjectAltName, which is the only place that counts"
                    : "a certificate for " + joined(names);
  words.wanted = "one for " + escape(std::string_view(refused.name));
  words.next = "use a name of the certificate, or have one issued for this name";
  if (const std::string wildcard = short_wildcard(names, refused.name); !wildcard.empty()) {
    words.found += "; \"" + escape(std::string_view(wildcard)) +
                   "\" does not count, since a wildcard needs at least two labels behind it (*.example.lan)";
    words.next =
        "have the certificate issued for the whole name: ashlar cert new --name " + refused.name + " …";
  }
  words.next += " (more: ashlar explain name_mismatch)";
}

// A certificate that has the issuer's name, and is not the issuer.
struct Namesake {
  x509::Certificate certificate;
  bool trusted;  // else it came beside the leaf
};
std::optional<Namesake> namesake_of_issuer(const Refused& refused, const x509::Certificate& certificate) {
  const x509::NameDigest name = x509::digest_of_name(certificate.issuer());
  for (const x509::TrustAnchor& anchor : refused.anchors.named(name)) {
    if (const auto root = read(anchor.certificate())) {
      return Namesake{*root, true};
    }
  }
  for (const Bytes der : refused.chain) {
    const auto other = read(der);
    if (other && !equal_public(der, certificate.der()) && x509::digest_of_name(other->subject()) == name) {
      return Namesake{*other, false};
    }
  }
  return std::nullopt;
}

// The key that signed is not that of the certificate with the issuer's name: how the two differ.
void add_other_key(Words& words, const Refused& refused, const x509::Certificate& certificate,
                   const Error& error) {
  const std::string issuer = name_text(certificate.issuer());
  words.wanted = "a certificate that its issuer signed";
  words.usual =
      "Another certificate of the issuer's name is trusted or sent, such as that of a CA that has "
      "changed its key; or the certificate was altered.";
  const auto namesake = namesake_of_issuer(refused, certificate);
  const Bytes signer = certificate.authority_key_identifier();
  const Bytes found = namesake ? namesake->certificate.subject_key_identifier() : Bytes();
  const std::string which =
      "the " + issuer + (namesake && namesake->trusted ? " that is trusted" : " that was found");
  words.next = "give the right one: --trust FILE; ashlar cert show tells the keys of both";
  if (!signer.empty() && !found.empty() && !equal_public(signer, found)) {
    words.found += ", signed by the key with the id " + hex_colons(signer) + "; the key of " + which +
                   " has the id " + hex_colons(found);
    words.wanted = "the certificate of " + issuer + " for the key " + hex_colons(signer);
  } else if (error == ErrorCode::issuer_key_mismatch) {
    words.found += ", signed with " + signature_text(certificate) + "; the key of " + which + " is " +
                   (namesake ? public_key_text(namesake->certificate) : std::string("of another kind"));
  } else {
    words.found += ", whose signature is not by the key of " + which;
    words.next = "take a copy that was not altered, or give the right issuer: --trust FILE";
  }
  words.next += " (more: ashlar explain " + std::string(error_row(error.code)->name) + ")";
}

// The certificate that an error is about: the one with its index, the first whose key cannot be used, or the
// leaf.
std::optional<x509::Certificate> culprit(const Refused& refused, const Error& error) {
  const ErrorRow* const row = error_row(error.code);
  if (row != nullptr && row->detail == Detail::index && error.detail < refused.chain.size()) {
    return read(refused.chain[error.detail]);
  }
  const auto with_key = [&](const auto& holds) -> std::optional<x509::Certificate> {
    for (const Bytes der : refused.chain) {
      const auto certificate = read(der);
      if (certificate && holds(certificate->public_key(x509::kAllKeys))) {
        return certificate;
      }
    }
    return std::nullopt;
  };
  using Key = Result<x509::PublicKey>;
  if (error == ErrorCode::key_too_small) {  // nothing: the root's
    return with_key([&](const Key& key) { return key && key->bits() == error.detail >> 16; });
  }
  if (error == ErrorCode::unsupported_key || error == ErrorCode::bad_rsa_modulus) {
    if (const auto found = with_key([&](const Key& key) { return !key && key.error() == error.code; })) {
      return found;
    }
  }
  return read(refused.chain[0]);
}

}  // namespace

Words refusal_words(const Refused& refused, const Error& error) {
  Words words = words_of(refused.about, error);
  const auto leaf = read(refused.chain[0]);
  if (!leaf) {
    return words;
  }
  if (error == ErrorCode::unknown_issuer) {
    add_issuer(words, refused, *leaf);
    return words;
  }
  if (error == ErrorCode::name_mismatch) {
    add_name(words, refused, *leaf);
    return words;
  }
  const auto certificate = culprit(refused, error);
  if (error == ErrorCode::key_too_small) {
    words.found = (certificate ? name_text(certificate->subject()) : std::string("the trusted root")) +
                  ", with a key of " + counted(error.detail >> 16, "bit");
    words.wanted = "RSA keys of " + counted(error.detail & 0xffff, "bit") + " or more, as --min-rsa demands";
    words.next = "have the certificate issued for a longer key, or give a smaller --min-rsa";
    return words;
  }
  if (!certificate) {
    return words;
  }
  words.found = name_text(certificate->subject());
  switch (error.code) {
    case ErrorCode::certificate_expired:
    case ErrorCode::certificate_not_yet_valid:
      words.found += ", valid from " + time_text(certificate->validity().not_before) + " to " +
                     time_text(certificate->validity().not_after);
      words.wanted = "one that is valid at " + time_text(refused.now);
      break;
    case ErrorCode::anchor_expired:
      words.found += ", issued by " + name_text(certificate->issuer()) + ", a root beyond its time";
      words.wanted = "a root that is valid at " + time_text(refused.now);
      break;
    case ErrorCode::wrong_extended_key_usage:
      words.found += ", for " + joined(extended_key_usages(*certificate));
      words.wanted = "a certificate that may be used so, or for anything";
      break;
    case ErrorCode::wrong_key_usage:
      words.found += ", whose key may be used for " + joined(key_usages(*certificate));
      words.wanted = "a certificate whose keyUsage allows it";
      break;
    case ErrorCode::not_a_ca:
      words.found += ", which is no CA";
      words.wanted = "an issuer that is a CA (basicConstraints)";
      break;
    case ErrorCode::path_too_long:
      words.found += ", below which too many certificates stand";
      words.wanted = "at most 16 intermediates, and no more than the pathLenConstraint of each allows";
      break;
    case ErrorCode::too_many_candidates:
      words.found = counted(error.detail, "certificate") + " beside the leaf";
      words.wanted = "at most 64";
      words.next = "leave out those that belong to other chains (more: ashlar explain too_many_candidates)";
      break;
    case ErrorCode::no_valid_policy:
      words.found += ", for which no policy is valid that all above it name";
      words.wanted = "one certificate policy along the whole path, as a CA on it demands (policyConstraints)";
      break;
    case ErrorCode::certificate_without_names:
      words.found += ", without a name in subjectAltName";
      words.wanted = "the host's names there, where clients look for them";
      words.next =
          "have it issued for them: ashlar cert new --name HOST (more: ashlar explain "
          "certificate_without_names)";
      break;
    case ErrorCode::unknown_critical_extension:
      words.wanted = "critical extensions that are known here";
      break;
    case ErrorCode::unsupported_signature_algorithm:
      words.found += ", signed with " + signature_text(*certificate);
      words.wanted =
          "a signature by RSA or ECDSA with SHA-256, SHA-384 or SHA-512, or by Ed25519; in TLS one "
          "by Ed448 or ML-DSA only where --schemes names them";
      break;
    case ErrorCode::unsupported_key:
      words.found += ", with the key " + public_key_text(*certificate);
      words.wanted = "a key of one of these kinds: " + key_kinds() +
                     "; in TLS Ed448 and ML-DSA only where --schemes names them";
      break;
    case ErrorCode::bad_rsa_modulus:
      words.found += ", with an RSA modulus of " + counted(error.detail, "bit");
      words.wanted = "an RSA key of 2048 to 8192 bits";
      break;
    case ErrorCode::issuer_key_mismatch:
    case ErrorCode::bad_certificate_signature:
      add_other_key(words, refused, *certificate, error);
      break;
    default:
      break;
  }
  return words;
}

}  // namespace ashlar::cli
