// SPDX-License-Identifier: Apache-2.0
// TLS as a function from bytes to bytes. A Client or a Server is given what arrived, gives what is to be
// sent, and says what it wants next; it knows no sockets, files, threads or clocks of its own.
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
enum class Want : std::uint8_t {
  read = 1,              // bytes from the peer: receive_window() and received(), or feed()
  write = 2,             // pending_output() is not empty
  sign = 4,              // a private-key operation from outside: private_key_request()
  application_data = 8,  // application_data() is not empty: consume it
  can_write = 16,        // the handshake is done and write() takes data
  closed = 32,           // nothing more will come: closed in order, or error() says why
  credential = 64,       // a credential chosen outside: credential_request()
};

// A set of them.
struct Wants {
  std::uint8_t bits = 0;
  // Whether it is among them.
  constexpr bool has(Want want) const { return (bits & static_cast<std::uint8_t>(want)) != 0; }
};

// A private-key operation that the connection rests for. What it points to is valid until the next call that
// is not const.
struct PrivateKeyRequest {
  enum class Kind : std::uint8_t { sign, decrypt_premaster };  // which operation
  Kind kind;
  const Credential* credential;               // whose key is to do it
  const x509::SignatureAlgorithm* algorithm;  // sign: how
  // sign: what is signed, and its digest where the algorithm has a hash. Where a handshake keeps only the
  // digest (TLS 1.2's CertificateVerify covers all messages before it), the message is empty.
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

// What a credential is to be chosen by. What it points to is valid until the next call that is not const.
struct CredentialRequest {
  // The server's name: what the client asked for, on a client the one that it connects to. Empty: none.
  std::string_view server_name;
  IdList<SchemeId> schemes;  // of signatures that the peer checks; empty: it did not say
  // On a server, what the client offers beside: cipher suites, groups (empty: it did not say), application
  // protocols (a ProtocolNameList's content, RFC 7301 §3.1), and the one of them that the config chose.
  IdList<SuiteId> suites;
  IdList<GroupId> groups;
  Bytes alpn_offered;
  std::string_view alpn;
  // On a client, what the server's CertificateRequest says (RFC 5246 §7.4.4): the types of keys, and the
  // names of issuers, each after its length in two bytes.
  Bytes certificate_types;
  Bytes certificate_authorities;
};

class Connection {  // either side: bytes in, bytes out
 public:
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  ~Connection();

  Wants wants() const;  // what it wants next
  // What ended the connection, if it did not end in order. Every later call returns the same.
  std::optional<Error> error() const;

  // The network, inwards. receive_window() is where the next bytes may be put, received() says how many were.
  // It is valid until the next call that is not const, and empty while application data waits to be consumed
  // or an answer from outside is awaited.
  MutBytes receive_window();
  Result<void> received(std::size_t count);
  // Copies from `bytes` instead, which need not outlive the call, and returns how many were taken; fewer than
  // all when application data waits.
  Result<std::size_t> feed(Bytes bytes);
  // The peer closed the transport. truncated_connection, unless close_notify came first (T09).
  Result<void> received_end();

  // The network, outwards: what is to be sent, in order, and how much of it was. The span is valid until the
  // next call that is not const.
  Bytes pending_output() const;
  void sent(std::size_t count);

  // Application data, decrypted in place; valid until consume() or any call that takes input.
  Bytes application_data() const;
  // Gives back the first `count` bytes of it, or all if it has fewer. With the last byte the connection takes
  // up the input that came after this data, and what is wrong with that input is this call's error.
  Result<void> consume(std::size_t count);
  // Protects as much of `data` as fits the outgoing buffer, at most one record's worth, and returns how much
  // that was; 0 until output is sent. not_connected before the handshake is done and after close_notify
  // either way.
  Result<std::size_t> write(Bytes data);
  // Queues close_notify; what was written before still goes out, and input is read until the peer's
  // close_notify. The peer's close_notify is answered with ours without being asked (RFC 5246 §7.2.1). Before
  // the handshake is done: gives it up.
  void close();

  // Signing as a state: what is asked for, and its answer (a signature in TLS form, or the 48-byte premaster
  // secret). A signature that the certificate's key does not verify, of another key or of a faulty device, is
  // signing_fault and ends the connection: it is not sent. The answer need not outlive the call.
  std::optional<PrivateKeyRequest> private_key_request() const;
  Result<void> provide(Bytes answer);  // see above

  // Choosing a credential as a state, where the config says ask_for_credential: what it is chosen by, and the
  // answer. The connection keeps a handle of its own until the handshake is done. Without a credential a
  // server ends the connection (unrecognized_name, or no_credential if the client named no server), and a
  // client goes on without a certificate. One that does not fit ends the connection with what it lacks
  // (no_common_suite and the like). no_credential_request: nobody asked; invalid_argument: it is empty.
  std::optional<CredentialRequest> credential_request() const;
  Result<void> provide_credential(const Credential& credential);  // see above
  Result<void> provide_no_credential();

  // Memory. A connection has buffers of its own, 35 kB, unless it is told otherwise in one of two ways.
  //
  // release_buffers() gives back those that hold nothing; they come again when they are needed.
  void release_buffers();
  // Or the caller lends memory, at least kLentSize bytes, for as long as a connection is worked with: bytes
  // are received, opened, sealed and sent in it, and the connection's own buffers are given back. What is
  // left between two turns (half a record, output that was not sent, data that was not consumed) is copied
  // out by return_lent(), which is out_of_memory if there is no memory for it. Spans that were handed out end
  // with either call. invalid_argument: the memory is too small, or more output waits than fits.
  //
  // One buffer may serve any number of connections in turn. What they put there is not wiped.
  static constexpr std::size_t kLentSize = 36 * 1024;
  Result<void> lend(MutBytes memory);  // see above
  Result<void> return_lent();

  bool handshake_done() const;  // write() takes data from here on
  // The peer's close_notify has come.
  bool peer_closed() const;
  // Lives as long as the connection, and is filled in as the handshake goes on.
  const Negotiated& negotiated() const;
  // The peer's certificates in DER, leaf first; empty if it sent none, on resumption, and, unless the config
  // says keep_peer_certificates, once the handshake is done. Valid until the next call that is not const,
  // after the handshake as long as the connection has no error.
  std::span<const Bytes> peer_certificates() const;

  // The insides, opaque.
  struct Impl;

 protected:
  explicit Connection(Impl* impl) : impl_(impl) {}
  Impl* impl_;
};

class Client : public Connection {  // the side that connects
 public:
  // name: the server's DNS name or IP address; bad_server_name if it is neither, before anything is sent.
  // session: one to resume, or null. Both are copied. The config, and what it points to, outlives the client;
  // one that cannot work is invalid_argument with the field as its place.
  static Result<Client> create(const ClientConfig& config, std::string_view name,
                               const Session* session = nullptr);
  static Result<Client> create(const ClientConfig&&, std::string_view, const Session* = nullptr) = delete;
  // The session to resume later, once the handshake is done: no_session if the server gave none.
  Result<Session> session() const;

 private:
  using Connection::Connection;
};

class Server : public Connection {  // the side that was connected to
 public:
  // As Client::create. A server that asks for client certificates needs a verifier.
  static Result<Server> create(const ServerConfig& config);
  static Result<Server> create(const ServerConfig&&) = delete;

 private:
  using Connection::Connection;
};

}  // namespace ashlar::tls
