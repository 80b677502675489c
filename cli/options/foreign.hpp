// SPDX-License-Identifier: Apache-2.0
// Options, commands and values of other programs, and what does the same here.
#pragma once

#include <string_view>

namespace ashlar::cli {

// What people bring along from other programs: the name of an option or a command.
struct Foreign {
  std::string_view name;
  std::string_view found;  // whose it is
  std::string_view next;
};
inline constexpr Foreign kForeign[] = {
    {"-k", "curl's option for any certificate",
     "give the root that the server's chain ends in: --trust FILE; or accept anybody: --insecure-no-verify"},
    {"--insecure", "curl's option for any certificate",
     "give the root that the server's chain ends in: --trust FILE; or accept anybody: --insecure-no-verify"},
    {"--no-check-certificate", "wget's option for any certificate",
     "give the root that the server's chain ends in: --trust FILE; or accept anybody: --insecure-no-verify"},
    {"-v", "the option of other programs to tell more", "watch the handshake with --trace"},
    {"--verbose", "the option of other programs to tell more", "watch the handshake with --trace"},
    {"-d", "the option of other programs to tell more", "watch the handshake with --trace"},
    {"--debug", "the option of other programs to tell more", "watch the handshake with --trace=records"},
    {"--cacert", "curl's option for roots", "name the roots by --trust FILE"},
    {"--capath", "curl's option for roots", "name the folder by --trust DIR"},
    {"--ca-certificate", "wget's option for roots", "name the roots by --trust FILE"},
    {"--x509cafile", "gnutls-cli's option for roots", "name the roots by --trust FILE"},
    {"-CAfile", "openssl's option for roots", "name the roots by --trust FILE"},
    {"-CApath", "openssl's option for roots", "name the folder by --trust DIR"},
    {"-connect", "openssl's option for the peer", "ashlar client HOST:PORT"},
    {"-starttls", "openssl's way to write an option",
     "write it with two dashes: --starttls smtp (ashlar client, check)"},
    {"-servername", "openssl's option for the name", "name the server by --name NAME (ashlar client)"},
    {"--resolve", "curl's option for addresses", "ashlar client ADDRESS:PORT --name NAME"},
    {"-showcerts", "openssl's option for the chain", "watch the handshake with --trace"},
    {"--servername", "another program's option for the name",
     "name the server by --name NAME (ashlar client)"},
    {"--sni", "another program's option for the name", "name the server by --name NAME (ashlar client)"},
    {"-H", "curl's option for a field",
     "write the request yourself: ashlar client HOST:PORT takes it on standard input"},
    {"--header", "curl's option for a field",
     "write the request yourself: ashlar client HOST:PORT takes it on standard input"},
    {"-X", "curl's option for the method",
     "write the request yourself: ashlar client HOST:PORT takes it on standard input"},
    {"--data", "curl's option for a body",
     "write the request yourself: ashlar client HOST:PORT takes it on standard input"},
    {"-s", "curl's option for silence", "leave it out: no progress is shown where output is no terminal"},
    {"--ciphers", "another program's option for cipher suites", "name them by --suites NAME,…"},
    {"-cipher", "openssl's option for cipher suites", "name them by --suites NAME,…"},
    {"-alpn", "openssl's option for protocols", "name them by --alpn NAME,… (ashlar client)"},
    {"--pass", "curl's option for a passphrase", "name a file that holds it: --passphrase-file FILE"},
    {"-passin", "openssl's option for a passphrase", "name a file that holds it: --passphrase-file FILE"},
    {"-passout", "openssl's option for a passphrase", "name a file that holds it: --passphrase-file FILE"},
    {"-L", "curl's option for redirects",
     "fetch the address that the message names: redirects are not followed"},
    {"--location", "curl's option for redirects",
     "fetch the address that the message names: redirects are not followed"},
    {"-I", "curl's option for the head alone", "print status and fields beside the body by --head"},
    {"-i", "curl's option for the head", "print status and fields beside the body by --head"},
    {"-O", "curl's option for a file", "name the file by -o FILE"},
    {"-in", "openssl's option for a file", "give the file without an option: ashlar cert show FILE"},
    {"-text", "openssl's option", "leave it out: ashlar cert show FILE tells all there is"},
    {"-subj", "openssl's option for the subject", "give the names by --name and --common-name"},
    {"-cert", "openssl's way to write an option", "write it with two dashes: --cert FILE"},
    {"-key", "openssl's way to write an option", "write it with two dashes: --key FILE"},
    {"-accept", "openssl's option for the port", "give the port by --port N"},
    {"-www", "openssl's option for a page", "name a folder by --www DIR, or leave it out"},
    {"--tlsv1.3", "curl's option for a version", "write it as --tls 1.3"},
    {"-tls1_3", "openssl's option for a version", "write it as --tls 1.3"},
    {"--tlsv1.2", "curl's option for a version", "write it as --tls 1.2"},
    {"-tls1_2", "openssl's option for a version", "write it as --tls 1.2"},
};

inline constexpr Foreign kForeignCommands[] = {
    {"x509", "openssl's command", "ashlar cert show FILE"},
    {"crl", "openssl's command",
     "look at certificates: ashlar cert show FILE; lists of revoked ones are not read"},
    {"req", "openssl's command", "make a certificate without a request: ashlar cert new --help"},
    {"ca", "openssl's command", "ashlar cert new --help"},
    {"verify", "openssl's command", "ashlar cert verify FILE"},
    {"genrsa", "openssl's command", "ashlar key new rsa:3072 -o key.pem"},
    {"genpkey", "openssl's command", "ashlar key new p256 -o key.pem"},
    {"ecparam", "openssl's command", "ashlar key new p256 -o key.pem"},
    {"pkey", "openssl's command", "ashlar key show FILE"},
    {"rsa", "openssl's command", "ashlar key show FILE"},
    {"ec", "openssl's command", "ashlar key show FILE"},
    {"s_client", "openssl's command", "ashlar client HOST:PORT"},
    {"s_server", "openssl's command", "ashlar server --help"},
    {"dgst", "openssl's command", "ashlar hash sha256 FILE"},
    {"ciphers", "openssl's command", "see the suites of a policy: ashlar get --suites x https://localhost/"},
    {"version", "a command of other programs", "ashlar --version"},
    {"fetch", "a command of other programs", "ashlar get URL"},
    {"connect", "a command of other programs", "ashlar client HOST:PORT"},
    {"serve", "a command of other programs", "ashlar server --help"},
    {"encrypt", "a command of other programs", "ashlar enc --help"},
    {"decrypt", "a command of other programs", "ashlar dec --help"},
    {"keygen", "a command of other programs", "ashlar key new p256 -o key.pem"},
    {"bench", "a command of other programs", "ashlar speed --help"},
};

// Other words for values, in letters and digits alone.
struct ForeignValue {
  std::string_view value, ours;
};
inline constexpr ForeignValue kForeignValues[] = {
    {"secp256r1", "p256"}, {"prime256v1", "p256"}, {"secp384r1", "p384"}, {"secp521r1", "p521"},
    {"nistp256", "p256"},  {"nistp384", "p384"},   {"nistp521", "p521"},  {"ecdsa", "p256"},
    {"ec", "p256"},        {"rsa", "rsa3072"},     {"default", "modern"}, {"legacy", "compat"},
};

}  // namespace ashlar::cli
