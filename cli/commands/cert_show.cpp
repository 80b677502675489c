// SPDX-License-Identifier: Apache-2.0
// ashlar cert show: shows certificates in readable form.
#include "certificates/credentials.hpp"
#include "certificates/describe.hpp"
#include "commands/commands.hpp"
#include "output/json.hpp"
#include "output/terminal.hpp"

#include <cstdio>
#include <memory>

namespace ashlar::cli {
namespace {

using Lines = std::vector<std::string>;

void print_line(const char* label, const std::string& text) {
  if (!text.empty()) {
    std::printf("  %-20s %s\n", label, text.c_str());
  }
}

void print_human(const x509::Certificate& certificate, asn1::Time now) {
  const x509::BasicConstraints& basic = certificate.basic_constraints();
  std::string ca = basic.is_ca ? "yes" : "no";
  if (basic.path_length) {
    ca += ", path length " + std::to_string(*basic.path_length);
  }
  Lines extensions;
  for (const x509::Extension& extension : certificate.extensions()) {
    extensions.push_back(oid_text(extension.oid) + (extension.critical ? " (critical)" : ""));
  }
  print_line("Subject", name_text(certificate.subject()));
  print_line("Issuer", certificate.is_self_issued() ? name_text(certificate.issuer()) + " (itself)"
                                                    : name_text(certificate.issuer()));
  print_line("Serial", serial_text(certificate.serial()));
  print_line("Valid", time_text(certificate.validity().not_before) + " to " +
                          time_text(certificate.validity().not_after) + " (" +
                          validity_state(certificate.validity(), now) + ")");
  print_line("Key", public_key_text(certificate));
  print_line("Names", joined(alt_names(certificate)));
  print_line("CA", ca);
  print_line("Key usage", joined(key_usages(certificate)));
  print_line("Extended key usage", joined(extended_key_usages(certificate)));
  if (const auto rules = policies(certificate); !rules.empty()) {
    print_line("Policies", joined(rules));
  }
  print_line("Extensions", joined(extensions));
  print_line("Signature", signature_text(certificate));
  print_line("Version", std::to_string(certificate.version()));
  for (const std::string& broken : deviations(certificate)) {
    print_line("Breaks", broken);
  }
  print_line("SHA-256", fingerprint(certificate.der()));
  print_line("Public key SHA-256", fingerprint(certificate.spki()));
  print_line("Key id", hex_colons(certificate.subject_key_identifier()));
  print_line("Issuer's key id", hex_colons(certificate.authority_key_identifier()));
}

void write_list(Json& out, std::string_view name, const Lines& lines) {
  out.key(name).begin_array();
  for (const std::string& line : lines) {
    out.value(line);
  }
  out.end_array();
}

void write_json(Json& out, const x509::Certificate& certificate) {
  const x509::BasicConstraints& basic = certificate.basic_constraints();
  out.begin_object()
      .member("subject", name_text(certificate.subject()))
      .member("issuer", name_text(certificate.issuer()))
      .member("serial", serial_text(certificate.serial()))
      .member("not_before", time_text(certificate.validity().not_before))
      .member("not_after", time_text(certificate.validity().not_after))
      .member("key", public_key_text(certificate));
  write_list(out, "names", alt_names(certificate));
  out.member("ca", basic.is_ca);
  if (basic.path_length) {
    out.member("path_length", std::uint64_t{*basic.path_length});
  }
  write_list(out, "key_usage", key_usages(certificate));
  write_list(out, "extended_key_usage", extended_key_usages(certificate));
  write_list(out, "policies", policies(certificate));
  write_list(out, "breaks", deviations(certificate));
  out.member("signature_algorithm", signature_text(certificate))
      .member("version", std::uint64_t{certificate.version()})
      .member("sha256", fingerprint(certificate.der()))
      .member("public_key_sha256", fingerprint(certificate.spki()))
      .member("key_id", hex_colons(certificate.subject_key_identifier()))
      .member("issuer_key_id", hex_colons(certificate.authority_key_identifier()))
      .end_object();
}

struct Options {
  std::string file = "-";
  std::string time;
  bool json = false;
};

void run(const Options& options) {
  const posix::CertificateFile file = load_certificates(options.file);
  const std::span<const Bytes> all = file.certificates();
  const asn1::Time now = options.time.empty() ? posix::now() : parse_time(options.time);
  // An unreadable certificate does not hide the others.
  std::size_t failed = 0;
  Json json;
  json.begin_array();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto certificate = x509::Certificate::parse(all[i]);
    if (!certificate) {
      std::fprintf(stderr, "ashlar cert show: certificate %zu of %zu: %s\n", i + 1, all.size(),
                   sentence(certificate.error()).c_str());
      ++failed;
    } else if (options.json) {
      write_json(json, *certificate);
    } else {
      std::printf("%sCertificate %zu of %zu\n", i == 0 ? "" : "\n", i + 1, all.size());
      print_human(*certificate, now);
    }
  }
  if (options.json) {
    std::printf("%s\n", json.end_array().text().c_str());
  }
  if (failed > 0) {
    throw Failure(Words{.cause = input_name(options.file) + ": not every certificate could be read",
                        .found = counted(failed, "broken one") + " of " + std::to_string(all.size()) +
                                 ", told above with the place of the fault",
                        .wanted = "certificates in sound DER",
                        .next = "fetch the file again from its source, or have the certificate issued anew"});
  }
}

}  // namespace

void add_cert_show(CLI::App& cert) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = cert.add_subcommand("show", "Certificates as a person reads them");
  command->add_option("file", options->file, "PEM (any number) or DER; none or - is standard input");
  command->add_option("--time", options->time, "Count the days left from this time instead of now");
  command->add_flag("--json", options->json, "For programs: an array of objects");
  command->footer(
      "Nothing is verified: cert verify does that. Text from the certificate is escaped where a terminal\n"
      "would act on it.\n\n"
      "  ashlar cert show server.pem\n"
      "  ashlar cert show --json /etc/ssl/certs/ca-certificates.crt\n");
  command->callback([options] { run(*options); });
}

void add_cert(CLI::App& app) {
  CLI::App* const cert = app.add_subcommand("cert", "Show, verify and issue certificates");
  cert->require_subcommand(1);
  add_cert_show(*cert);
  add_cert_verify(*cert);
  add_cert_new(*cert);
}

}  // namespace ashlar::cli
