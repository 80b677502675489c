// SPDX-License-Identifier: Apache-2.0
// Certificates: a plain second reading sees the same, the parts put together give the input, showing ends
#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/x509/verify.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "support/mutate_der.hpp"
#include "support/plain_certificate.hpp"

using namespace ashlar;
using namespace ashlar::x509;

namespace {

// Builds the certificate from its parts if they are complete: unique identifiers and the unusual times of old
// roots are not kept.
void check_rewriting(const Certificate& c, Bytes input) {
  std::vector<std::uint8_t> out(input.size() + 64);
  asn1::DerWriter w(out);
  {
    const auto outer = w.sequence();
    {
      const auto tbs = w.sequence();
      if (c.version() > 1) {
        const auto version = w.scope(asn1::context_constructed(0));
        w.small_integer(c.version() - 1u);
      }
      w.element(asn1::Tag::integer, c.serial());
      w.raw(c.signature_algorithm_identifier());
      w.raw(c.issuer());
      {
        const auto validity = w.sequence();
        w.time(c.validity().not_before);
        w.time(c.validity().not_after);
      }
      w.raw(c.subject());
      w.raw(c.spki());
      if (!c.extensions().empty()) {
        const auto field = w.scope(asn1::context_constructed(3));
        const auto list = w.sequence();
        for (const Extension& extension : c.extensions()) {
          const auto entry = w.sequence();
          w.oid(extension.oid);
          if (extension.critical) {
            w.boolean(true);
          }
          w.octet_string(extension.value);
        }
      }
    }
    w.raw(c.signature_algorithm_identifier());
    w.bit_string(c.signature());
  }
  auto written = w.finish();
  if (c.version() == 1 || (c.version() == 3 && written.ok() && written->size() == input.size())) {
    FUZZ_CHECK(written.ok());
    if (c.deviations().empty()) {
      FUZZ_CHECK(equal_public(*written, input));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  auto parsed = Certificate::parse(input);
  if (!parsed) {
    FUZZ_CHECK(error_row(parsed.error().code) != nullptr);
    fuzz::refused(parsed.error());
    return 0;
  }
  static std::string found;
  found = parsed->deviations().empty() ? "accepted" : "accepted with";
  for (const FoundDeviation& deviation : parsed->deviations().span()) {
    found += " " + std::string(row_of(deviation.rule).name);
  }
  fuzz::accepted(found.c_str());
  const Certificate& c = *parsed;
  for (const Bytes view :
       {c.tbs_certificate(), c.serial(), c.issuer(), c.subject(), c.spki(), c.signature()}) {
    FUZZ_CHECK(view.data() >= input.data() && view.data() + view.size() <= input.data() + input.size());
  }
  fuzz::plain::check_certificate(input, c);
  check_rewriting(c, input);

  // The text shown is printable: it has no control character, whatever the certificate contains.
  char shown[512];
  for (const Bytes name : {c.issuer(), c.subject()}) {
    for (const char character : format_name(name, shown)) {
      FUZZ_CHECK(static_cast<unsigned char>(character) >= 0x20 && character != 0x7f);
    }
  }
  std::size_t names = 0;
  for (auto list = c.subject_alt_names(); list.next();) {
    names++;
  }
  FUZZ_CHECK(!c.has_subject_alt_name() || names > 0 || c.deviations().has(Deviation::empty_list));
  FUZZ_CHECK(names <= 1024);
  (void)match_name(c, "example.com").ok();
  (void)match_name(c, "192.0.2.1").ok();

  // A chain of this certificate, with itself as the anchor, verifies only if its signature does.
  const Bytes chain[] = {input, input};
  TrustAnchor anchors[] = {TrustAnchor::from(c)};
  VerifyRequest request;
  request.chain = chain;
  request.anchors = AnchorIndex(anchors);
  request.keys = &kAllKeys;
  request.now = c.validity().not_before;
  auto verified = verify_chain_without_name(request);
  if (verified) {
    auto key = c.public_key(kAllKeys);
    const Bytes message[] = {c.tbs_certificate()};
    FUZZ_CHECK(c.is_self_issued() && key.ok());
    FUZZ_CHECK(key->verify(**c.signature_method(kAllKeys), message, c.signature()).ok());
  }
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_der)
