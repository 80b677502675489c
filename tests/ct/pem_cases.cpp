// SPDX-License-Identifier: Apache-2.0
// PEM: the encoded bytes are secret (A14, C06). It is public which lines are boundaries.
#include <ashlar/asn1/pem.hpp>

#include "cases.hpp"

using namespace ashlar;
using namespace ashlar::ct_cases;

CT_CASE("pem: base64 of a key, both ways") {
  for (const std::size_t size : {120u, 121u, 122u}) {
    const auto der = secret(size, 1);
    std::string text(asn1::pem_encoded_size("KEY", size), '?');
    const auto written = asn1::write_pem("KEY", der, text);
    expect(written.ok());
    const std::size_t begin = 20, end = 18;  // the boundary lines
    const asn1::PemText block{"KEY", std::string_view(text).substr(begin, text.size() - begin - end), begin};
    test::Buffer out(size);
    const auto decoded = block.decode(out);
    expect(decoded && decoded->size() == size);
    open(out);
    open(der);
    expect(out == der);
  }
}
