// SPDX-License-Identifier: Apache-2.0
// Hashes and HMAC: any split, any kernel and any company of other messages gives the same digest
//
// The input: the algorithm, the number of cuts, two bytes for each cut, the length of the HMAC key, then the
// message. The pieces between the cuts are also the messages that are hashed side by side.
#include <ashlar/base/reader.hpp>
#include <ashlar/crypto/hash_many.hpp>
#include <ashlar/crypto/hmac.hpp>

#include "support/check.hpp"

#include <algorithm>
#include <vector>

using namespace ashlar;
using namespace ashlar::crypto;

namespace {

const HashMany* const kAlgorithms[] = {&kSha1Many,     &kSha224Many,     &kSha256Many,     &kSha384Many,
                                       &kSha512Many,   &kSha512_224Many, &kSha512_256Many, &kSha3_224Many,
                                       &kSha3_256Many, &kSha3_384Many,   &kSha3_512Many};

struct Case {
  const HashMany* many = nullptr;
  Bytes key;
  Bytes message;
  std::vector<Bytes> pieces;
};

Result<Case> parse(Bytes input) {
  Reader reader(input);
  Case out;
  ASHLAR_TRY(const std::uint8_t which, reader.u8());
  out.many = kAlgorithms[which % std::size(kAlgorithms)];
  ASHLAR_TRY(const std::uint8_t count, reader.u8());
  std::vector<std::size_t> cuts;
  for (unsigned i = 0; i < count % 64u; ++i) {
    ASHLAR_TRY(const std::uint16_t cut, reader.u16());
    cuts.push_back(cut);
  }
  ASHLAR_TRY(const std::uint8_t key_size, reader.u8());
  ASHLAR_TRY(out.key, reader.take(key_size % (reader.remaining() + 1)));
  out.message = reader.take_rest();
  for (std::size_t& cut : cuts) {
    cut %= out.message.size() + 1;
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.push_back(out.message.size());
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    out.pieces.push_back(out.message.subspan(at, cut - at));
    at = cut;
  }
  return out;
}

template <class Row>
std::vector<const Row*> usable(std::span<const Row> table) {
  std::vector<const Row*> rows;
  for (const Row& row : table) {
    if (cpu::features().contains(row.required)) {
      rows.push_back(&row);
    }
  }
  return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<Case> parsed = parse({data, size});
  if (!parsed) {
    return -1;
  }
  const Case& test = *parsed;
  const HashAlgorithm& algorithm = *test.many->hash;
  const HashKernel& portable = algorithm.kernels().back();
  const Digest expected = digest(algorithm, test.message, &portable);
  std::uint8_t expected_mac[kMaxDigestSize];
  const Bytes mac = HmacKey(algorithm, test.key, &portable).mac(test.message, expected_mac);

  for (const HashKernel* row : usable(algorithm.kernels())) {
    FUZZ_CHECK(equal_public(digest(algorithm, test.message, row).bytes(), expected.bytes()));
    Hash hash(algorithm, row);
    for (const Bytes piece : test.pieces) {
      hash.update(piece);
      const Hash copy = hash;
      hash = copy;
    }
    std::uint8_t out[kMaxDigestSize];
    FUZZ_CHECK(equal_public(hash.finish(out), expected.bytes()));
    const HmacKey key(algorithm, test.key, row);
    FUZZ_CHECK(equal_public(key.mac(test.message, out), mac));
    FUZZ_CHECK(equal_public(key.mac(test.pieces, out), mac));
  }

  std::vector<std::uint8_t> one_by_one;
  for (const Bytes piece : test.pieces) {
    const Digest one = digest(algorithm, piece, &portable);
    one_by_one.insert(one_by_one.end(), one.storage, one.storage + one.size);
  }
  auto rows = usable(test.many->kernels);
  rows.push_back(nullptr);
  for (const HashManyKernel* row : rows) {
    std::vector<std::uint8_t> together(one_by_one.size());
    hash_many(*test.many, test.pieces, together, row);
    FUZZ_CHECK(together == one_by_one);
  }
  return 0;
}
