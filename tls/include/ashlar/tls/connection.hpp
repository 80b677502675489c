// SPDX-License-Identifier: Apache-2.0
// TLS as a function from bytes to bytes. A Client or a Server takes what arrived, returns what is to be sent,
// and says what it wants next. It knows no sockets, files or threads, and has no clock of its own.
//
//   while (!client.wants().has(Want::closed)) {
//     if (Bytes out = client.pending_output(); !out.empty()) {
//       client.sent(send(socket, out));
//     } else if (Bytes data = client.application_data(); !data.empty()) {
//       use(data);
//       if (!client.consume(data.size())) continue;   // error() tells why; an alert may wait to be sent
//     } else if (client.wants().has(Want::read)) {
//       ASHLAR_CHECK(client.received(recv(socket, client.receive_window())));   // or received_end()
//     }
//   }
#pragma once

#include <ashlar/tls/config.hpp>

namespace ashlar::tls {

// What a connection wants from its driver. Several at once are possible.
enum class Want : std::uint16_t {
  read = 1,              // bytes from the peer: receive_window() and received(), or feed()
  write = 2,             // pending_output() is not empty
  sign = 4,              // a private-key operation from outside: private_key_request()
  application_data = 8,  // application_data() is not empty: consume it
  can_write = 16,        // the handshake is done and write() takes data
  closed = 32,           // nothing more will come: closed in order, or error() says why
  credential = 64,       // a credential chosen outside: credential_request()
  batch = 128,           // an operation that a BatchSigner does (ServerConfig::batch): BatchSigner::add()
  early_data = 256,      // a server's early_data() is not empty: consume_early_data()
  session = 512,         // sessions kept outside: session_request()
};

// A set of them.
struct Wants {
  std::uint16_t bits = 0;
  // Whether it is among them.
  constexpr bool has(Want want) const { return (bits & static_cast<std::uint16_t>(want)) != 0; }
};

// A private-key operation that the connection waits for. What it points to is valid until the next non-const
// call.
struct PrivateKeyRequest {
  enum class Kind : std::uint8_t { sign, decrypt_premaster };  // which operation
  Kind kind;
  const Credential* credential;               // whose key is to do it
  const x509::SignatureAlgorithm* algorithm;  // sign: how
  // sign: the message to sign, and its digest if the algorithm has a hash. The message is empty where a
  // handshake keeps only the digest: TLS 1.2's CertificateVerify covers all messages before it.
  Bytes message;
  Bytes digest;
  Bytes ciphertext;              // decrypt: by RSA
  std::uint16_t client_version;  // decrypt: what the premaster secret must begin with
};

// Numbers as a message lists them, two bytes each.
template <class Id>
class IdList {
 public:
  IdList() = default;
  explicit IdList(Bytes content) : content_(content) {}
  std::size_t size() const { return content_.size() / 2; }
  Id operator[](std::size_t index) const {
    const Bytes id = content_.subspan(2 * index, 2);
    return Id{static_cast<std::uint16_t>(id[0] << 8 | id[1])};
  }
  bool has(Id wanted) const {  // is it among them?
    for (std::size_t i = 0; i < size(); ++i) {
      if ((*this)[i] == wanted) {
        return true;
      }
    }
    return false;
  }

 private:
  Bytes content_;
};

// What the peer said, to choose a credential by. What it points to is valid until the next non-const call.
struct CredentialRequest {
  // The server's name. On a server: what the client asked for. On a client: what it connects to. Empty: none.
  std::string_view server_name;
  IdList<SchemeId> schemes;  // of signatures that the peer checks; empty: it did not say
  // On a server, what else the client offers: cipher suites, groups (empty: it did not say), application
  // protocols (a ProtocolNameList's content, RFC 7301 §3.1), and the protocol that the config chose.
  IdList<SuiteId> suites;
  IdList<GroupId> groups;
  Bytes alpn_offered;
  std::string_view alpn;
  // On a client, what the server's CertificateRequest says (RFC 5246 §7.4.4): the types of keys, and the
  // names of issuers. Each name follows its length in two bytes.
  Bytes certificate_types;
  Bytes certificate_authorities;
  // What the peer takes: CertificateTypes (RFC 7250), one byte each; empty: certificates alone.
  Bytes accepted_types;
};

// What a client wants to resume. The handles are valid until the next non-const call.
struct SessionRequest {
  BoundedVector<Bytes, kMaxFetchedSessions> handles;  // in order of preference
};

class Connection {  // either side: bytes in, bytes out
 public:
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  ~Connection();

  Wants wants() const;  // what it wants next
  // The error that ended the connection, if it did not end in order. Every later call returns the same error.
  std::optional<Error> error() const;

  // From the network. Put the next bytes into receive_window() and say with received() how many they were.
  // The window is valid until the next non-const call. It is empty while application data waits to be
  // consumed or an answer from outside is awaited.
  MutBytes receive_window();
  Result<void> received(std::size_t count);
  // Copies from `bytes` instead, which need not outlive the call. Returns how many were taken: fewer than all
  // if application data waits.
  Result<std::size_t> feed(Bytes bytes);
  // The peer closed the transport. truncated_connection, unless close_notify came first (T09).
  Result<void> received_end();

  // To the network. pending_output() is what is to be sent, in order. sent() says how much of it was. The
  // span is valid until the next non-const call.
  Bytes pending_output() const;
  void sent(std::size_t count);

  // Application data, decrypted in place; valid until consume() or any call that takes input.
  Bytes application_data() const;
  // Gives back the first `count` bytes of it, or all if it has fewer. After the last byte the connection
  // handles the input that came behind this data. If that input is wrong, this call returns the error.
  Result<void> consume(std::size_t count);
  // Protects as much of `data` as fits the outgoing buffer, at most one record, and returns how much that
  // was. 0: send the output first. not_connected: the handshake is not done, or close_notify was sent, also
  // in answer to the peer's.
  Result<std::size_t> write(Bytes data);
  // Queues close_notify. What was written before still goes out, and input is read until the peer's
  // close_notify. A close_notify of the peer is answered with ours by itself (RFC 5246 §7.2.1), unless the
  // config says half_close. Before the handshake is done, close() gives the handshake up.
  void close();

  // Signing outside: the request, and its answer (a signature in TLS form, or the 48-byte premaster secret).
  // If the certificate's key does not verify a signature, it came from another key or a faulty device. It is
  // not sent: signing_fault ends the connection. The answer need not outlive the call.
  std::optional<PrivateKeyRequest> private_key_request() const;
  Result<void> provide(Bytes answer);  // see above

  // Choosing a credential outside, if the config says ask_for_credential: the request, and the answer. The
  // connection keeps a handle of its own until the handshake is done. Without a credential a server ends the
  // connection (unrecognized_name, or no_credential if the client named no server). A client then goes on
  // without a certificate. A credential that does not fit ends the connection with an error that says why
  // (no_common_suite and the like). no_credential_request: nobody asked. invalid_argument: it is empty.
  std::optional<CredentialRequest> credential_request() const;
  Result<void> provide_credential(const Credential& credential);  // see above
  Result<void> provide_no_credential();

  // Fetching sessions from outside, if the config says fetch_sessions: which, and the word that what was
  // found is where the config's `sessions` opens it. What is not there is not resumed, and the handshake is a
  // full one: so a program bounds the time that it waits for. no_session_request: nobody asked.
  std::optional<SessionRequest> session_request() const;
  Result<void> sessions_fetched();  // see above

  // Memory. A connection has 35 kB of buffers of its own. There are two ways to need less.
  //
  // release_buffers() gives back the buffers that hold nothing. They are allocated again when needed.
  void release_buffers();
  // Or the caller lends memory, at least kLentSize bytes, while it works with the connection. Bytes are
  // received, opened, sealed and sent in that memory, and the connection gives its own buffers back.
  // return_lent() copies out what is left between two turns (half a record, output not sent, data not
  // consumed), and fails with out_of_memory if there is none for it. Spans that were handed out are not valid
  // after either call. invalid_argument: the memory is too small, or more output waits than fits.
  //
  // One buffer may serve any number of connections in turn. What they put there is not wiped.
  static constexpr std::size_t kLentSize = 36 * 1024;
  Result<void> lend(MutBytes memory);  // see above
  Result<void> return_lent();

  bool handshake_done() const;  // write() takes data from here on
  // The peer's close_notify has come.
  bool peer_closed() const;
  // Lives as long as the connection. The handshake fills it in as it goes on.
  const Negotiated& negotiated() const;
  // The peer's certificates in DER, leaf first. Empty if it sent none, on resumption, and once the handshake
  // is done unless the config says keep_peer_certificates. Valid until the next non-const call; after the
  // handshake, as long as the connection has no error.
  std::span<const Bytes> peer_certificates() const;
  // The peer's raw public key, a SubjectPublicKeyInfo in DER, in place of certificates and as long as they
  // are there; empty: it showed none.
  Bytes peer_raw_public_key() const;
  // The OCSP response and the content of the SignedCertificateTimestampList that came with them, for a client
  // whose config asks for them (request_status); empty: none came. Valid as they are.
  Bytes peer_ocsp_response() const;
  Bytes peer_timestamps() const;

  // Keys for the application, made of the connection's, for both sides alike (RFC 5705; RFC 9846 §7.5).
  // label: one of IANA's registry, or one that begins with EXPERIMENTAL. A context that is empty and none at
  // all give different keys in TLS 1.2. no_exported_keys before the handshake is done, without extended
  // master secret, and unless the config says export_keys; invalid_argument for labels that TLS itself uses
  // and for a context of more than 65535 bytes.
  Result<void> export_keying_material(std::string_view label, const std::optional<Bytes>& context,
                                      MutBytes out) const;
  // The same for early data (RFC 9846 §7.5): a client has such keys once it offers early data, a server once
  // it takes it. They hold whoever sends that data again, and are weaker than those above: no_exported_keys
  // where there is no early data, or the server refused it. No context is an empty one.
  Result<void> export_early_keying_material(std::string_view label, Bytes context, MutBytes out) const;

  // The insides, opaque.
  struct Impl;

 protected:
  explicit Connection(Impl* impl) : impl_(impl) {}
  Impl* impl_;

 private:
  friend class BatchSigner;  // batch_signer.hpp
};

class Client : public Connection {  // the side that connects
 public:
  // name: the server's DNS name or IP address; bad_server_name if it is neither, before anything is sent.
  // session: one to resume, or null. Both are copied. The config, and what it points to, must outlive the
  // client. A config that cannot work is invalid_argument, with the field as its place.
  static Result<Client> create(const ClientConfig& config, std::string_view name,
                               const Session* session = nullptr);
  static Result<Client> create(const ClientConfig&&, std::string_view, const Session* = nullptr) = delete;
  // The session to resume later, once the handshake is done: no_session if the server gave none. The last, if
  // it gave several.
  Result<Session> session() const;
  // The same, and the connection forgets it: each call has another, the last first. A client that asked for
  // several (ClientConfig::tickets) can use each once (RFC 9846 §C.4).
  Result<Session> take_session();

  // Early data (early_data.hpp), if the config names it and the session allows it: protects as much of `data`
  // as fits, as write() does, before the server has answered. Whoever sees it on the way can send it to the
  // server again. no_early_data: none can be sent (early_data_status() says why), or the handshake is done.
  // early_data_limit: the server takes no more than was sent. 0: send the output first.
  //
  // It is not sent again by itself. When the handshake is done, it is accepted or refused. If the connection
  // ends before, the server may have taken it or not.
  Result<std::size_t> write_early_data(Bytes data);
  EarlyDataStatus early_data_status() const;
  std::size_t early_data_room() const;  // how much more can be sent

 private:
  using Connection::Connection;
};

class Server : public Connection {  // the side that was connected to
 public:
  // As Client::create. A server that asks for client certificates needs a verifier.
  static Result<Server> create(const ServerConfig& config);
  static Result<Server> create(const ServerConfig&&) = delete;

  // Early data of the client, if the config takes it. It may be a replay: it serves for requests only that
  // may be carried out again and again, such as GET without effects (RFC 8470). application_data() never has
  // any of it. It is all there before handshake_done(), and the handshake goes on when it is consumed. It can
  // be answered at once: write() takes data from the first early data on. But whoever answers before
  // handshake_done() may be answering a replay, and the client is not known to be there.
  Bytes early_data() const;
  Result<void> consume_early_data(std::size_t count);  // as consume()

 private:
  using Connection::Connection;
};

}  // namespace ashlar::tls
