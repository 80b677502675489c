// SPDX-License-Identifier: Apache-2.0
// The DER writer, based on the base Writer. Lengths of scopes are filled in when they end. Each type has the
// single form that DER allows.
//
//   DerWriter writer(buffer);
//   {
//     auto algorithm = writer.sequence();
//     writer.oid(kRsaEncryption);
//     writer.null();
//   }
//   ASHLAR_TRY(Bytes der, writer.finish());
#pragma once

#include <ashlar/asn1/der.hpp>
#include <ashlar/base/writer.hpp>

namespace ashlar::asn1 {

class DerWriter {  // Writes DER into the caller's memory; lengths are filled in when a scope ends
 public:
  // An element being written: its length is put in front when the scope ends. The scope that was made last
  // ends first.
  class Scope {
   public:
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { writer_.close(start_); }

   private:
    friend class DerWriter;
    Scope(DerWriter& writer, Tag tag) : writer_(writer) {
      writer.writer_.u8(static_cast<std::uint8_t>(tag));
      start_ = writer.writer_.size();
    }
    Scope(DerWriter& writer, Tag tag, std::uint8_t first_byte) : Scope(writer, tag) {
      writer.writer_.u8(first_byte);
    }
    DerWriter& writer_;
    std::size_t start_;
  };

  explicit DerWriter(MutBytes out) : writer_(out) {}

  [[nodiscard]] Scope scope(Tag tag) { return {*this, tag}; }      // what is written until it ends is inside
  [[nodiscard]] Scope sequence() { return scope(Tag::sequence); }  // a SEQUENCE
  [[nodiscard]] Scope set() { return scope(Tag::set); }            // a SET, in the order written
  // Scopes for DER inside a string: an OCTET STRING, or a BIT STRING without unused bits.
  [[nodiscard]] Scope octet_string_scope() { return scope(Tag::octet_string); }
  [[nodiscard]] Scope bit_string_scope() { return {*this, Tag::bit_string, 0}; }

  // An element with this content.
  void element(Tag tag, Bytes content);
  // Writes bytes that already are DER.
  void raw(Bytes der) { writer_.bytes(der); }
  void boolean(bool value);  // a BOOLEAN
  // A non-negative INTEGER from its big-endian magnitude, which may have leading zeros or be empty.
  // Constant time in the magnitude, except for the number of its leading zero bytes.
  void unsigned_integer(Bytes magnitude);
  void small_integer(std::uint32_t value);
  void oid(Bytes content) { element(Tag::oid, content); }                    // an OBJECT IDENTIFIER
  void null() { element(Tag::null, {}); }                                    // a NULL
  void octet_string(Bytes content) { element(Tag::octet_string, content); }  // an OCTET STRING
  // A BIT STRING of whole bytes.
  void bit_string(Bytes content, Tag tag = Tag::bit_string);
  // A BIT STRING used as named bits: bit 0 is the most significant; trailing zero bits are left out (X.690
  // §11.2.2).
  void named_bits(std::uint16_t bits);
  // UTCTime from 1950 to 2049, GeneralizedTime otherwise (RFC 5280 §4.1.2.5).
  void time(Time time);

  std::size_t size() const { return writer_.size(); }
  bool ok() const { return writer_.ok(); }
  // What was written, or buffer_too_small.
  Result<Bytes> finish() const { return writer_.finish(); }

 private:
  void close(std::size_t start);
  void length(std::size_t size);

  Writer writer_;
};

}  // namespace ashlar::asn1
