// SPDX-License-Identifier: Apache-2.0
// OpenSSL's certificates and TLS 1.2 handshakes in memory, on the same certificates and keys as ours, with
// the suites of our default policy.
#include "support/identity.hpp"
#include "support/openssl.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace ashlar::bench::openssl {

namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using Ptr = std::unique_ptr<T, Freer<Free>>;
using Certificate = Ptr<X509, X509_free>;
using Context = Ptr<SSL_CTX, SSL_CTX_free>;
using Ssl = Ptr<SSL, SSL_free>;

Certificate certificate(const std::vector<std::uint8_t>& der) {
  const unsigned char* at = der.data();
  return Certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

Context context(bool server) {
  Context out(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()));
  SSL_CTX_set_min_proto_version(out.get(), TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(out.get(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(out.get(), "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256");
  SSL_CTX_set1_groups_list(out.get(), "X25519:P-256");
  // By session id, as ours.
  SSL_CTX_set_options(out.get(), SSL_OP_NO_TICKET);
  return out;
}

// Both sides to the end, through two memory buffers.
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

Both connect(SSL_CTX* client, SSL_CTX* server) {
  Both out{Ssl(SSL_new(client)), Ssl(SSL_new(server))};
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

}  // namespace

void parse(benchmark::State& state, bool rsa, bool key) {
  const Identity identity = new_identity(rsa);
  measure(state, identity.leaf.size(), [&] {
    const Certificate parsed = certificate(identity.leaf);
    if (key) {
      benchmark::DoNotOptimize(X509_get0_pubkey(parsed.get()));
    }
    benchmark::DoNotOptimize(parsed.get());
  });
}

void handshake(benchmark::State& state, bool rsa, bool resumed) {
  const Identity identity = new_identity(rsa);
  const Context client = context(false);
  const Context server = context(true);
  std::uint8_t storage[x509::kMaxPrivateKeySize];
  const Bytes pkcs8 = must(identity.key->write_pkcs8(storage));
  const unsigned char* at = pkcs8.data();
  const Ptr<EVP_PKEY, EVP_PKEY_free> key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(pkcs8.size())));
  const bool ready =
      SSL_CTX_use_certificate(server.get(), certificate(identity.leaf).get()) == 1 &&
      SSL_CTX_use_PrivateKey(server.get(), key.get()) == 1 &&
      SSL_CTX_set_session_id_context(server.get(), reinterpret_cast<const unsigned char*>("bench"), 5) == 1 &&
      X509_STORE_add_cert(SSL_CTX_get_cert_store(client.get()), certificate(identity.ca).get()) == 1;
  SSL_CTX_set_verify(client.get(), SSL_VERIFY_PEER, nullptr);
  Ptr<SSL_SESSION, SSL_SESSION_free> session;
  if (ready) {
    const Both first = connect(client.get(), server.get());
    if (shake(first.client.get(), first.server.get())) {
      session.reset(SSL_get1_session(first.client.get()));
      SSL_shutdown(first.client.get());
      SSL_shutdown(first.server.get());
    }
  }
  if (!session) {
    state.SkipWithError("OpenSSL failed");
    return;
  }
  measure(state, 0, [&] {
    const Both both = connect(client.get(), server.get());
    if (resumed) {
      SSL_set_session(both.client.get(), session.get());
    }
    if (!shake(both.client.get(), both.server.get()) ||
        (SSL_session_reused(both.client.get()) == 1) != resumed) {
      state.SkipWithError("OpenSSL failed");
    }
    SSL_set_quiet_shutdown(both.client.get(), 1);
    SSL_set_quiet_shutdown(both.server.get(), 1);
    SSL_shutdown(both.client.get());
    SSL_shutdown(both.server.get());
  });
}

}  // namespace ashlar::bench::openssl
