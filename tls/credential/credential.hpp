// SPDX-License-Identifier: Apache-2.0
// What a credential holds.
#pragma once

#include <ashlar/tls/credential.hpp>
#include <ashlar/x509/anchor.hpp>

#include "buffer.hpp"
#include "credential/array.hpp"
#include "message/message.hpp"

#include <atomic>

namespace ashlar::tls {

// The private key that moved into a credential.
struct OwnKey {
  OwnKey(const Allocation& allocation, x509::PrivateKey&& given)
      : key(std::move(given)), allocation_(allocation) {}
  const Allocation& allocation() const { return allocation_; }
  x509::PrivateKey key;

 private:
  Allocation allocation_;
};

// What a peer wants to know of a certificate.
struct AskedOfCertificate {
  bool status = false;
  bool timestamps = false;
};

// The Certificate message of TLS 1.3, compressed, in a list.
struct CompressedMessage {
 private:
  const Allocation allocation_;  // first: the buffer points to its memory

 public:
  explicit CompressedMessage(const Allocation& given) : allocation_(given), bytes(allocation_.memory) {}
  const Allocation& allocation() const { return allocation_; }

  CompressedMessage* next = nullptr;
  const CertificateCompression* row = nullptr;
  AskedOfCertificate asked;  // what is in it
  std::uint32_t uncompressed_length = 0;
  Buffer bytes;
};

struct Credential::Impl {
 private:
  const Allocation allocation_;  // first: buffers point to its memory

 public:
  explicit Impl(const Allocation& given)
      : allocation_(given),
        message(allocation_.memory),
        chain(allocation_.memory),
        issuers(allocation_.memory),
        schemes(allocation_.memory),
        attachments(allocation_.memory),
        timestamps(allocation_.memory) {}
  ~Impl() {
    if (own_key != nullptr) {
      destroy_in(own_key);
    }
    while (compressed != nullptr) {
      CompressedMessage* const next = compressed->next;
      destroy_in(compressed);
      compressed = next;
    }
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  const Allocation& allocation() const { return allocation_; }
  // In the message, of a credential that is one.
  Bytes raw_public_key() const { return message.bytes().subspan(kHandshakeHeaderSize + 3); }

  std::atomic<std::uint32_t> handles{1};
  Buffer message;  // whole; the certificates lie in it
  Array<x509::Certificate> chain;
  Array<x509::NameDigest> issuers;  // the name of each certificate's issuer
  std::optional<x509::PublicKey> public_key;
  Signer signer{};
  OwnKey* own_key = nullptr;
  bool elsewhere = false;
  Array<SchemeId> schemes;  // empty: all of the kind
  Buffer attachments;       // the OCSP response and the timestamps
  Bytes ocsp_staple;
  Bytes timestamp_list;  // as the wire has them, each with its length
  Array<Bytes> timestamps;
  CompressedMessage* compressed = nullptr;  // the first of a list
};

}  // namespace ashlar::tls
