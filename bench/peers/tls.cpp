// SPDX-License-Identifier: Apache-2.0
// Certificates and TLS in memory, on the same certificates and keys as ours, with the suites of our
// default policy. OpenSSL, AWS-LC and BoringSSL share these calls.
#include "measure/data.hpp"
#include "peers/parts.hpp"
#include "peers/pointers.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace ashlar::measure {

namespace {

using Certificate = Ptr<X509, X509_free>;
using Store = Ptr<X509_STORE, X509_STORE_free>;
using StoreContext = Ptr<X509_STORE_CTX, X509_STORE_CTX_free>;
using Context = Ptr<SSL_CTX, SSL_CTX_free>;
using Ssl = Ptr<SSL, SSL_free>;
using Session = Ptr<SSL_SESSION, SSL_SESSION_free>;

Certificate certificate(PeerBytes der) {
  const unsigned char* at = der.data;
  return Certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size)));
}

std::vector<std::uint8_t> leaf_of(const PeerTask& task) {
  return {task.leaf.data, task.leaf.data + task.leaf.size};
}

template <bool Key>
Work parse(const PeerTask& task) {
  return repeat([der = leaf_of(task)] {
    const Certificate parsed = certificate({der.data(), der.size()});
    return parsed != nullptr && (!Key || X509_get0_pubkey(parsed.get()) != nullptr);
  });
}

Work verify_chain(const PeerTask& task) {
  Store store(X509_STORE_new());
  if (X509_STORE_add_cert(store.get(), certificate(task.ca).get()) != 1) {
    return {};
  }
  return repeat([store = std::move(store), der = leaf_of(task)] {
    const Certificate leaf = certificate({der.data(), der.size()});
    const StoreContext context(X509_STORE_CTX_new());
    return X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr) == 1 &&
           X509_VERIFY_PARAM_set1_host(X509_STORE_CTX_get0_param(context.get()), "localhost", 9) == 1 &&
           X509_verify_cert(context.get()) == 1;
  });
}

Context new_context(bool server, std::uint16_t version) {
  Context out(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()));
  SSL_CTX_set_min_proto_version(out.get(), version);
  SSL_CTX_set_max_proto_version(out.get(), version);
  SSL_CTX_set_cipher_list(out.get(), "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256");
  SSL_CTX_set1_groups_list(out.get(), "X25519:P-256");
  // Resumption by session ID, as in our rows.
  SSL_CTX_set_options(out.get(), SSL_OP_NO_TICKET);
  return out;
}

// Runs both sides to the end of the handshake, through two memory buffers.
bool shake(SSL* client, SSL* server) {
  for (int i = 0; i < 10; ++i) {
    const int a = SSL_do_handshake(client);
    const int b = SSL_do_handshake(server);
    if (a == 1 && b == 1) {
      return true;
    }
  }
  return false;
}

struct Both {
  Ssl client, server;
};

// A client's and a server's context that fit each other.
struct Pair {
  explicit Pair(std::uint16_t version = TLS1_2_VERSION)
      : client(new_context(false, version)), server(new_context(true, version)) {}

  Context client, server;
  Session session;

  bool load(const PeerTask& task) {
    const unsigned char* at = task.key.data;
    const Ptr<EVP_PKEY, EVP_PKEY_free> key(
        d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(task.key.size)));
    SSL_CTX_set_verify(client.get(), SSL_VERIFY_PEER, nullptr);
    return SSL_CTX_use_certificate(server.get(), certificate(task.leaf).get()) == 1 &&
           SSL_CTX_use_PrivateKey(server.get(), key.get()) == 1 &&
           SSL_CTX_set_session_id_context(server.get(), reinterpret_cast<const unsigned char*>("bench"), 5) ==
               1 &&
           X509_STORE_add_cert(SSL_CTX_get_cert_store(client.get()), certificate(task.ca).get()) == 1;
  }
  Both connect() const {
    Both out{Ssl(SSL_new(client.get())), Ssl(SSL_new(server.get()))};
    BIO *one = nullptr, *other = nullptr;
    BIO_new_bio_pair(&one, 65536, &other, 65536);
    SSL_set_bio(out.client.get(), one, one);
    SSL_set_bio(out.server.get(), other, other);
    SSL_set_connect_state(out.client.get());
    SSL_set_accept_state(out.server.get());
    SSL_set_tlsext_host_name(out.client.get(), "localhost");
    SSL_set1_host(out.client.get(), "localhost");
    return out;
  }
  // One connection, from creation to end.
  bool handshake(bool resumed) const {
    const Both both = connect();
    if (resumed) {
      SSL_set_session(both.client.get(), session.get());
    }
    const bool done = shake(both.client.get(), both.server.get()) &&
                      (SSL_session_reused(both.client.get()) == 1) == resumed;
    // Acts as if it was closed in order, since a session is not resumed if its connection broke off.
    SSL_set_quiet_shutdown(both.client.get(), 1);
    SSL_set_quiet_shutdown(both.server.get(), 1);
    SSL_shutdown(both.client.get());
    SSL_shutdown(both.server.get());
    return done;
  }
  bool remember_session() {
    const Both first = connect();
    if (!shake(first.client.get(), first.server.get())) {
      return false;
    }
    session.reset(SSL_get1_session(first.client.get()));
    SSL_shutdown(first.client.get());
    SSL_shutdown(first.server.get());
    return session != nullptr;
  }
};

template <bool Resumed>
Work handshake(const PeerTask& task) {
  Pair pair;
  if (!pair.load(task) || !pair.remember_session()) {
    return {};
  }
  return repeat([pair = std::move(pair)] { return pair.handshake(Resumed); });
}

Work tls13_handshake(const PeerTask& task) {
  Pair pair(TLS1_3_VERSION);
  if (!pair.load(task)) {
    return {};
  }
  return repeat([pair = std::move(pair)] { return pair.handshake(false); });
}

// A server of TLS 1.3 up to the end of its flight, by a ClientHello that was recorded once.
Work server_flight(const PeerTask& task) {
  Pair pair(TLS1_3_VERSION);
  if (!pair.load(task)) {
    return {};
  }
  std::vector<std::uint8_t> hello(4096);
  {
    const Ssl client(SSL_new(pair.client.get()));
    BIO *inner = nullptr, *outer = nullptr;
    BIO_new_bio_pair(&inner, 65536, &outer, 65536);
    SSL_set_bio(client.get(), inner, inner);
    SSL_set_connect_state(client.get());
    SSL_set_tlsext_host_name(client.get(), "localhost");
    (void)SSL_do_handshake(client.get());
    const int size = BIO_read(outer, hello.data(), static_cast<int>(hello.size()));
    BIO_free(outer);
    if (size <= 0) {
      return {};
    }
    hello.resize(static_cast<std::size_t>(size));
  }
  return repeat([pair = std::move(pair), hello = std::move(hello),
                 flight = std::vector<std::uint8_t>(8192)]() mutable {
    const Ssl server(SSL_new(pair.server.get()));
    BIO *inner = nullptr, *outer = nullptr;
    BIO_new_bio_pair(&inner, 65536, &outer, 65536);
    SSL_set_bio(server.get(), inner, inner);
    SSL_set_accept_state(server.get());
    const int size = static_cast<int>(hello.size());
    const bool rests = BIO_write(outer, hello.data(), size) == size && SSL_do_handshake(server.get()) != 1;
    const int answered = BIO_read(outer, flight.data(), static_cast<int>(flight.size()));
    BIO_free(outer);
    return rests && answered > 600;
  });
}

// A record written by the client and read by the server.
Work record(const PeerTask& task) {
  Pair pair;
  if (!pair.load(task)) {
    return {};
  }
  Both both = pair.connect();
  if (!shake(both.client.get(), both.server.get())) {
    return {};
  }
  return repeat([pair = std::move(pair), both = std::move(both), data = filler(task.size),
                 read = filler(task.size)]() mutable {
    const int size = static_cast<int>(data.size());
    if (SSL_write(both.client.get(), data.data(), size) != size) {
      return false;
    }
    for (int done = 0; done < size;) {
      const int now = SSL_read(both.server.get(), read.data(), size);
      if (now <= 0) {
        return false;
      }
      done += now;
    }
    return true;
  });
}

constexpr PeerRow kRows[] = {
    {"certificate parse, p-256", parse<false>},
    {"certificate parse, rsa-2048", parse<false>},
    {"certificate parse with key, p-256", parse<true>},
    {"certificate parse with key, rsa-2048", parse<true>},
    {"chain parse and verify, p-256", verify_chain},
    {"chain parse and verify, rsa-2048", verify_chain},
    {"handshake, ecdhe-p-256", handshake<false>},
    {"handshake, ecdhe-rsa-2048", handshake<false>},
    {"handshake resumed, ecdhe-p-256", handshake<true>},
    {"handshake resumed, ecdhe-rsa-2048", handshake<true>},
    {"handshake tls 1.3, x25519, p-256", tls13_handshake},
    {"handshake tls 1.3, x25519, rsa-2048", tls13_handshake},
    {"server flight tls 1.3, x25519, p-256", server_flight},
    {"server flight tls 1.3, x25519, rsa-2048", server_flight},
    {"record written and read, ecdhe-p-256", record},
};

}  // namespace

Work certificates_and_tls(const PeerTask& task) {
  return prepare_from(kRows, task);
}

}  // namespace ashlar::measure
