// SPDX-License-Identifier: Apache-2.0
// What usually causes each error, and what to do next: `explain` and messages print it.
#pragma once

#include <ashlar/base/error.hpp>

#include <string_view>

namespace ashlar::cli {

// A row covers all errors from `first` to `last`. If several rows cover an error, the first one counts.
struct Advice {
  ErrorCode first, last;
  std::string_view cause;
  std::string_view next;
};

inline constexpr Advice kAdvice[] = {
    // Single errors.
    {ErrorCode::out_of_memory, ErrorCode::out_of_memory,
     "The machine or the limit of this process has no memory left.",
     "Close connections, or raise the limit (ulimit -v, the container's)."},
    {ErrorCode::system_call_failed, ErrorCode::system_call_failed,
     "The system refused a call, for the reason that its number (errno) stands for.",
     "Look at that reason: a path, a right, a network that is down."},
    {ErrorCode::host_not_found, ErrorCode::host_not_found,
     "The name is misspelled, or no name server answers.",
     "Check the name (getent hosts NAME) and the network."},
    {ErrorCode::no_roots, ErrorCode::no_roots,
     "No bundle of root certificates is installed, or the file holds no certificate that could be read.",
     "Install ca-certificates, set SSL_CERT_FILE, or give --trust FILE; ashlar doctor shows what was found."},
    {ErrorCode::bad_tag, ErrorCode::bad_tag,
     "The data was changed, or the key, nonce or additional data is another one.",
     "Check that both sides use the same key; do not use the data."},
    {ErrorCode::random_unavailable, ErrorCode::random_unavailable,
     "A sandbox forbids getrandom, the kernel is older than Linux 3.17, or the machine has just started.",
     "ashlar doctor says which; allow the call in the sandbox."},
    {ErrorCode::kernel_unavailable, ErrorCode::kernel_unavailable,
     "An implementation was asked for that this CPU cannot run.", "ashlar doctor lists those that it can."},
    {ErrorCode::bad_signature, ErrorCode::bad_signature,
     "What was signed was changed, or the signature is by another key or with another scheme.",
     "Check that key and data belong together; ask the signer again."},
    {ErrorCode::signing_fault, ErrorCode::signing_fault,
     "A signature did not verify right after it was made: memory or CPU erred.",
     "Run ashlar doctor; test the machine's memory before you trust it with keys."},
    {ErrorCode::decryption_failed, ErrorCode::decryption_failed,
     "The text is encrypted to another key, or was changed.", "Check which key it was encrypted to."},
    {ErrorCode::key_encrypted, ErrorCode::key_encrypted, "The private key is under a passphrase.",
     "A program of your own opens it with ashlar/x509/encrypted_key.hpp; the tool asks for the passphrase, "
     "or "
     "reads it from --passphrase-file FILE."},
    {ErrorCode::wrong_passphrase, ErrorCode::wrong_passphrase,
     "The passphrase was mistyped, or belongs to another key.",
     "Type it again; openssl pkey -in KEY -noout tells whether another program takes it."},
    {ErrorCode::unsupported_key_encryption, ErrorCode::unsupported_key_encryption,
     "The file was encrypted in an old way (with headers, DES or RC2), which is not read.",
     "Write it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out NEW."},
    {ErrorCode::key_encryption_too_costly, ErrorCode::key_encryption_too_costly,
     "The file asks for so much work that somebody may want to keep this machine busy.",
     "If the file is yours, write it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out NEW."},
    {ErrorCode::no_private_key, ErrorCode::no_private_key,
     "The file holds something else, such as a certificate or a public key.",
     "Give the file whose block is called PRIVATE KEY."},
    {ErrorCode::unsupported_key, ErrorCode::unsupported_key,
     "The key is of a kind, curve or size that is not supported.",
     "Have a key of another kind made: ashlar key new --help lists those that are used."},
    {ErrorCode::bad_rsa_modulus, ErrorCode::bad_rsa_modulus,
     "The RSA key is too short to be safe, or longer than is read.",
     "Have another key made, and its certificate issued anew: ashlar key new rsa:3072."},
    {ErrorCode::unsupported_signature_algorithm, ErrorCode::unsupported_signature_algorithm,
     "A certificate is signed with an algorithm that is not accepted, such as SHA-1 or MD5.",
     "Have it issued again with SHA-256; ashlar cert show names its algorithm."},
    {ErrorCode::unknown_issuer, ErrorCode::unknown_issuer,
     "The root is not among those trusted, the server does not send an intermediate certificate, or it "
     "signed itself.",
     "Give the root by --trust, or add the intermediates to the server's chain; ashlar cert verify shows the "
     "path."},
    {ErrorCode::certificate_expired, ErrorCode::certificate_expired,
     "The certificate is past its end, or this clock is wrong.",
     "Check the clock (date); have the certificate issued again."},
    {ErrorCode::certificate_not_yet_valid, ErrorCode::certificate_not_yet_valid,
     "This clock is behind, or the certificate was made for later.", "Check the clock (date)."},
    {ErrorCode::anchor_expired, ErrorCode::anchor_expired, "A root that is trusted is past its end.",
     "Install its successor."},
    {ErrorCode::name_mismatch, ErrorCode::name_mismatch,
     "The certificate is for other names: another site answers, or a name was left out when it was issued.",
     "Compare the name asked for with those of ashlar cert show; names stand in subjectAltName alone."},
    {ErrorCode::wrong_key_usage, ErrorCode::wrong_extended_key_usage,
     "The certificate was issued for another purpose.",
     "Have one issued for this one: ashlar cert new, with --client for clients."},
    {ErrorCode::not_a_ca, ErrorCode::path_too_long,
     "A certificate signed another without the right to, or deeper than it may.",
     "The chain is wrong: ask the CA."},
    {ErrorCode::no_valid_policy, ErrorCode::too_many_policies,
     "A CA on the path demands certificate policies, and the certificates below it name others or none.",
     "ashlar cert show lists the policies of each certificate; have the chain issued with the same ones."},
    {ErrorCode::too_many_candidates, ErrorCode::too_many_candidates,
     "The chain's file holds certificates of other chains too.", "Leave those out."},
    {ErrorCode::bad_record_mac, ErrorCode::bad_record_mac,
     "Somebody changed a record on its way, network hardware damaged it, or the keys differ.",
     "Try another network; between two programs of your own compare their keys with --trace=secrets."},
    {ErrorCode::not_tls, ErrorCode::not_tls,
     "The peer does not speak TLS on this port, or wants STARTTLS first.",
     "Check the port; 443 is HTTPS, 80 is plain HTTP."},
    {ErrorCode::plain_http, ErrorCode::plain_http, "Somebody spoke plain HTTP to a port of TLS.",
     "Use https:// in the address."},
    {ErrorCode::ssl2_hello, ErrorCode::ssl2_hello,
     "The client begins as SSL 2.0 did, which nothing safe speaks.", "Bring the client up to date."},
    {ErrorCode::unsupported_version, ErrorCode::unsupported_version,
     "The peer speaks nothing newer than TLS 1.1, or one side was told to speak a single version that the "
     "other does not.",
     "Leave --tls out: TLS 1.3 and TLS 1.2 are spoken by default. A peer that speaks neither is too old."},
    {ErrorCode::no_common_suite, ErrorCode::no_common_scheme,
     "The two sides have nothing in common, or the key of the certificate fits none of the suites offered.",
     "Try --policy compat against an old peer; give the server a certificate of another kind besides."},
    {ErrorCode::no_common_protocol, ErrorCode::no_common_protocol,
     "The client offers application protocols that the server has not.", "Set --alpn alike on both sides."},
    {ErrorCode::extended_master_secret_missing, ErrorCode::extended_master_secret_missing,
     "The peer does not know RFC 7627, as older programs do not, and the policy demands it; or it knew it "
     "when "
     "the session was made and now does not.",
     "Bring the peer up to date, or use --policy modern, which serves it without resuming its session."},
    {ErrorCode::certificate_missing, ErrorCode::certificate_missing,
     "A client certificate is demanded and none was sent.", "Give the client --cert and --key."},
    {ErrorCode::certificate_type_mismatch, ErrorCode::certificate_type_mismatch,
     "The certificate's kind of key does not go with the cipher suite.",
     "Give the server a certificate that fits its suites."},
    {ErrorCode::peer_alert, ErrorCode::peer_alert, "The peer refused to go on.",
     "ashlar explain ALERT; its own log says more."},
    {ErrorCode::truncated_connection, ErrorCode::truncated_connection,
     "The connection was cut, by the network, by a crash, or by somebody who wants an end to look like the "
     "end.",
     "Take what came for a part; fetch again."},
    {ErrorCode::not_connected, ErrorCode::not_connected, "The connection has ended, or has not begun.",
     "Ask what it wants before each call."},
    {ErrorCode::key_does_not_match, ErrorCode::key_does_not_match,
     "The private key belongs to another certificate.",
     "Compare \"Public key SHA-256\" of ashlar cert show and ashlar key show."},
    {ErrorCode::credential_request_pending, ErrorCode::no_credential_request,
     "The program chooses certificates itself, and did not answer, or answered unasked.",
     "Ask credential_request() wherever wants() has Want::credential, and answer it once."},
    {ErrorCode::unrecognized_name, ErrorCode::unrecognized_name,
     "The name is not one of the server's, or its certificate is not there yet.",
     "Check the name, and the certificates that the server was given."},
    {ErrorCode::no_credential, ErrorCode::no_credential, "The server's program gave no certificate.",
     "Look into its log: it is told the name, the signature schemes and the protocols of the client."},
    {ErrorCode::empty_chain, ErrorCode::chain_out_of_order,
     "The file holds no certificate, more than one chain, or its certificates in another order.",
     "Put the server's own certificate first, then each one that issued the one before it; leave out the "
     "root."},
    {ErrorCode::key_unusable, ErrorCode::key_unusable, "The key is of a kind that TLS does not sign with.",
     "Make a key that TLS takes: ashlar key new p256."},
    {ErrorCode::credential_fits_no_suite, ErrorCode::suite_fits_no_credential,
     "The certificate's kind of key and the policy's cipher suites do not go together.",
     "Add a certificate of the kind that the suites need, or choose another policy."},
    {ErrorCode::certificate_without_names, ErrorCode::certificate_without_names,
     "The certificate has only a common name, which is not looked at any more.",
     "Have it issued again with the host's names: ashlar cert new --name."},
    {ErrorCode::no_session, ErrorCode::session_mismatch,
     "The session is unknown, too old, or was made for another name, trust or policy.",
     "Connect by a full handshake."},
    {ErrorCode::too_many_certificates, ErrorCode::too_many_certificates,
     "The chain is longer than is accepted.", "Send the leaf and its intermediates only, without the root."},
    {ErrorCode::inappropriate_fallback, ErrorCode::inappropriate_fallback,
     "The client fell back to an older version although this server speaks a newer one.",
     "Look for a middlebox that breaks handshakes of the newer version."},
    {ErrorCode::bad_server_name, ErrorCode::bad_server_name, "The name is no host name in ASCII.",
     "Write an international name as xn--…, without blanks or empty labels."},
    {ErrorCode::bad_reference_name, ErrorCode::bad_reference_name,
     "The name to look for is no host name and no IP address.",
     "Write an international name as xn--…, an address without brackets."},
    {ErrorCode::internal_mistake, ErrorCode::internal_mistake, "Ashlar itself is wrong here.",
     "Please report it, with what led to it."},
    {ErrorCode::bad_session, ErrorCode::bad_session, "The file is no session, or one of another release.",
     "Delete it and connect by a full handshake."},
    {ErrorCode::certificate_revoked, ErrorCode::certificate_revoked,
     "The issuer took the certificate back, mostly because its key was lost.",
     "Do not go on; whoever owns it needs a new certificate."},
    // Ranges of one kind. New errors in a range get its advice automatically.
    {ErrorCode::truncated, ErrorCode::length_overflow,
     "The input was cut or damaged, or is of another format.",
     "Get it again from its source; ashlar cert show FILE shows what can be read of a certificate."},
    {ErrorCode::invalid_argument, ErrorCode::unsupported, "A program gave a value that cannot work here.",
     "See the comment of the function called: the detail says which value."},
    {ErrorCode::bad_key_size, static_cast<ErrorCode>(199),
     "A key, a nonce or a message has a size or value that the algorithm cannot take.",
     "Check the key's file and the algorithm's sizes (ashlar enc --help, ashlar mac --help)."},
    {ErrorCode::der_indefinite_length, static_cast<ErrorCode>(239),
     "The file is damaged, or was written by a program that does not keep to DER.",
     "Write it anew: openssl x509 -in FILE -out NEW, or openssl pkey for keys; the offset says where it goes "
     "wrong."},
    {ErrorCode::pem_bad_boundary, static_cast<ErrorCode>(299),
     "The PEM text was cut, edited or joined wrongly, or is an old encrypted key with headers.",
     "Copy it again with its BEGIN and END lines; openssl pkey rewrites old keys."},
    {ErrorCode::signature_algorithm_mismatch, static_cast<ErrorCode>(499),
     "A certificate or a key breaks the rules of its format, or the chain those of RFC 5280.",
     "ashlar cert show says what is odd in it; have it issued again."},
    {ErrorCode::unexpected_message, static_cast<ErrorCode>(0xffff),
     "The peer broke the protocol: it has a fault, or somebody alters the stream.",
     "Watch the handshake with --trace; try without a proxy in between, and report it to the peer's makers."},
};

constexpr const Advice* advice_for(ErrorCode code) {
  for (const Advice& row : kAdvice) {
    if (row.first <= code && code <= row.last) {
      return &row;
    }
  }
  return nullptr;
}

}  // namespace ashlar::cli
