// SPDX-License-Identifier: Apache-2.0
// ashlar cert new: issues a CA certificate, or one that a CA signs.
#include "certificates/credentials.hpp"
#include "certificates/describe.hpp"
#include "certificates/new_key.hpp"
#include "commands/commands.hpp"
#include "options/passphrase_option.hpp"
#include "output/terminal.hpp"

#include <ashlar/asn1/pem.hpp>
#include <ashlar/x509/issue.hpp>

#include <cstdio>
#include <memory>

namespace ashlar::cli {
namespace {

constexpr std::int64_t kDay = 24 * 60 * 60;
// Clocks differ a little. A new certificate should be valid everywhere at once.
constexpr std::int64_t kBackdated = 5 * 60;

struct Options {
  std::string key;
  std::string new_key;
  std::string out;
  std::vector<std::string> names;
  std::string common_name;
  std::string organization;
  std::string issuer_certificate;
  std::string issuer_key;
  KeyPassphrases passphrases;
  std::string not_before;
  int days = 0;
  int path_length = -1;
  bool is_ca = false;
  bool client = false;
  bool encrypt = false;
  bool force = false;
};

// A warning: it works, but perhaps not as the user expects.
void warn(const Words& words) {
  std::fprintf(stderr, "Warning: %s\n", lines_of(words).c_str());
}

void warn_of_issuer(const x509::Certificate& issuer, const std::string& path,
                    const x509::Validity& validity) {
  const x509::Validity& of_issuer = issuer.validity();
  const asn1::Time now = posix::now();
  if (of_issuer.not_after < now) {
    warn({.cause = path + ": the CA has expired: nobody accepts what it signs",
          .found = "a CA that was valid until " + time_text(of_issuer.not_after),
          .wanted = "one that is valid now",
          .next = "renew the CA: ashlar cert new --ca … -o " + quoted(path) + " --force"});
  } else if (of_issuer.not_after < validity.not_after) {
    warn({.cause = "the certificate outlives its CA, after which nobody accepts it",
          .found = "valid until " + time_text(validity.not_after) + ", its CA until " +
                   time_text(of_issuer.not_after),
          .wanted = "an end no later than the CA's",
          .next = "give fewer --days, or renew the CA first"});
  }
  if (validity.not_before < of_issuer.not_before) {
    warn({.cause = "the certificate begins before its CA does",
          .found = "valid from " + time_text(validity.not_before) + ", its CA from " +
                   time_text(of_issuer.not_before),
          .wanted = "a start no earlier than the CA's",
          .next = "wait, or give --not-before"});
  }
}

void run(const Options& options) {
  if (options.issuer_certificate.empty() != options.issuer_key.empty()) {
    throw Failure(Words{.cause = "--issuer-cert and --issuer-key go together",
                        .found = options.issuer_key.empty() ? "--issuer-cert alone" : "--issuer-key alone",
                        .wanted = "both, or neither for a certificate that signs itself",
                        .next = "give the other file, too"},
                  ExitCode::usage);
  }
  if (options.names.empty() && options.common_name.empty()) {
    throw Failure(Words{.cause = "the certificate has no name",
                        .found = "neither --name nor --common-name",
                        .wanted = "at least one: what clients ask for, such as --name www.example.com",
                        .next = "ashlar cert new --help"},
                  ExitCode::usage);
  }
  if (!options.new_key.empty() && options.key == "-") {
    throw Failure(Words{.cause = "--new-key wants a file after --key to write the key to",
                        .found = "--key -",
                        .wanted = "--key FILE",
                        .next = "name the file that the new key goes to: --key server.key"},
                  ExitCode::usage);
  }
  KeyPassphrases passphrases = options.passphrases;
  const FileBytes new_keys = options.encrypt ? new_passphrase(options.key, passphrases) : FileBytes();
  const x509::PrivateKey key = options.new_key.empty() ? load_private_key(options.key, passphrases)
                                                       : make_private_key(options.new_key);

  x509::CertificateTemplate wanted{};
  // A commonName has 64 characters at most (RFC 5280 §A.1). A longer DNS name is only in subjectAltName.
  constexpr std::size_t kLongestCommonName = 64;
  wanted.common_name = options.common_name;
  if (options.common_name.empty() && (options.is_ca || options.names.front().size() <= kLongestCommonName)) {
    wanted.common_name = options.names.front();
  }
  if (wanted.common_name.size() > kLongestCommonName) {
    throw Failure(Words{.cause = "the common name is too long [RFC 5280 §A.1]",
                        .found = "a name of " + counted(wanted.common_name.size(), "byte"),
                        .wanted = "at most 64",
                        .next = "give a shorter one by --common-name; --name may be as long as DNS allows"},
                  ExitCode::usage);
  }
  wanted.organization = options.organization;
  wanted.is_ca = options.is_ca;
  if (options.path_length >= 0) {
    wanted.path_length = static_cast<std::uint32_t>(options.path_length);
  }
  // A CA's name is for people. Host names belong to the certificates that it issues.
  const std::vector<std::string_view> names(options.names.begin(), options.names.end());
  if (!options.is_ca) {
    wanted.names = names;
    wanted.client_auth = options.client;
    wanted.server_auth = !options.client;
  }
  const std::int64_t start =
      options.not_before.empty() ? posix::now().seconds - kBackdated : parse_time(options.not_before).seconds;
  if (options.is_ca && options.client) {
    warn({.cause = "--client has no effect on a CA",
          .found = "--ca and --client",
          .wanted = "one of them: a CA signs certificates of clients and servers alike",
          .next = "leave --client out here, and give it where the client's certificate is made"});
  }
  const int days = options.days > 0 ? options.days : options.is_ca ? 3650 : 90;
  wanted.validity = {{start}, {start + days * kDay - 1}};

  std::uint8_t storage[16384];
  Result<Bytes> issued = ErrorCode::invalid_argument;
  if (options.issuer_certificate.empty()) {
    issued =
        x509::issue(wanted, key.public_key(), x509::Issuer{{}, {}, key}, crypto::system_random(), storage);
  } else {
    const posix::CertificateFile file = load_certificates(options.issuer_certificate);
    const x509::Certificate issuer = parse_certificate(file.certificates()[0], options.issuer_certificate, 0);
    const x509::PrivateKey issuer_key = load_private_key(options.issuer_key, passphrases);
    const x509::PublicKey certified = value_of(issuer.public_key(x509::kAllKeys), options.issuer_certificate);
    if (!certified.equals(issuer_key.public_key())) {
      throw Failure(mismatch_words(options.issuer_key, options.issuer_certificate));
    }
    if (!issuer.basic_constraints().is_ca || !issuer.allows(x509::KeyUsage::key_cert_sign)) {
      throw Failure(
          Words{.cause = options.issuer_certificate + ": not a CA: nobody would accept what it signs",
                .found = name_text(issuer.subject()) + ", without the right to sign certificates",
                .wanted = "a certificate with CA in basicConstraints and keyCertSign in keyUsage",
                .next = "make a CA: ashlar cert new --ca --name \"My CA\" --key ca.key -o ca.pem"});
    }
    warn_of_issuer(issuer, options.issuer_certificate, wanted.validity);
    issued = x509::issue(wanted, key.public_key(),
                         x509::Issuer{issuer.subject(), issuer.subject_key_identifier(), issuer_key},
                         crypto::system_random(), storage);
  }
  if (!issued && issued.error() == ErrorCode::bad_certificate_name && issued.error().detail < names.size()) {
    throw Failure(
        Words{.cause = "a name that no certificate can be issued for",
              .found = "--name \"" + escape(options.names[issued.error().detail]) + "\"",
              .wanted = "a DNS name in ASCII (an international one as xn--…), *. and one, or an IP address",
              .next = "put names of people and organisations into --common-name and --organization"},
        ExitCode::usage);
  }
  const Bytes der = value_of(std::move(issued), "issuing the certificate");
  constexpr std::string_view kLabel = "CERTIFICATE";
  std::vector<char> text(asn1::pem_encoded_size(kLabel, der.size()));
  const std::string_view pem = value_of(asn1::write_pem(kLabel, der, text), "issuing the certificate");
  // Writes both files or none, so that the same command can be tried again.
  WholeFile certificate(options.out, {.secret = false, .replace = options.force});
  if (!options.new_key.empty()) {
    write_private_key(key, options.key, options.force, new_keys.bytes());
  }
  certificate.write(bytes_of(pem));
  certificate.keep();
  if (!options.out.empty() && options.out != "-") {
    std::fprintf(stderr, "%s: %s for %s, valid for %s\n", options.out.c_str(),
                 options.is_ca    ? "a CA certificate"
                 : options.client ? "a client certificate"
                                  : "a server certificate",
                 escape(options.common_name.empty() ? std::string_view(options.names.front())
                                                    : std::string_view(options.common_name))
                     .c_str(),
                 counted(static_cast<std::uint64_t>(days), "day").c_str());
  }
}

}  // namespace

void add_cert_new(CLI::App& cert) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = cert.add_subcommand("new", "Issue a CA, server or client certificate");
  command->add_option("--key", options->key, "Private key of the certificate's owner (ashlar key new)")
      ->required()
      ->type_name("FILE");
  CLI::Option* const new_key =
      command
          ->add_option("--new-key", options->new_key,
                       "Make this key and write it to the file after --key: " + key_list())
          ->type_name("KIND")
          ->check(CLI::IsMember(key_names()));
  command->add_flag("--encrypt", options->encrypt, "Put the new key under a passphrase")->needs(new_key);
  add_passphrase_file(
      *command, options->passphrases,
      "the encrypted key; again for a second one: first that of --key, then that of --issuer-key");
  command->add_flag("--ca", options->is_ca, "A CA certificate, which can issue others");
  command->add_option("--name", options->names, "DNS name or IP address; again for more. Of a CA: its name")
      ->allow_extra_args(false);
  command->add_option("--common-name", options->common_name,
                      "commonName of the subject; default: the first --name");
  command->add_option("--organization", options->organization, "organizationName of the subject");
  command->add_flag("--client", options->client, "For a TLS client instead of a server");
  command->add_option("--issuer-cert", options->issuer_certificate, "The CA that signs; none: self-signed")
      ->type_name("FILE");
  command->add_option("--issuer-key", options->issuer_key, "Private key of that CA")->type_name("FILE");
  command->add_option("--days", options->days, "Days of validity; default 90, for a CA 3650")
      ->check(CLI::Range(1, 36500));
  command->add_option("--path-length", options->path_length, "How many CAs may stand below this CA")
      ->check(CLI::Range(0, 9));
  command->add_option("--not-before", options->not_before, "Start of validity; default: five minutes ago")
      ->type_name("TIME");
  command->add_option("-o,--out", options->out, "File to write; none or - is standard output")
      ->type_name("FILE");
  command->add_flag("--force", options->force, "Replace an existing file");
  command->footer(
      "  ashlar cert new --ca --name \"My CA\" --new-key p256 --key ca.key -o ca.pem\n"
      "  ashlar cert new --name localhost --name 127.0.0.1 --new-key p256 --key server.key \\\n"
      "      --issuer-cert ca.pem --issuer-key ca.key -o server.pem\n");
  command->callback([options] { run(*options); });
}

}  // namespace ashlar::cli
