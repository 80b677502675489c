// SPDX-License-Identifier: Apache-2.0
// Wycheproof's JSON files as tests. One TEST_CASE per file, named wycheproof-<file stem>, in a source file
// per algorithm under tests/wycheproof/<library>/, with a line in that folder's meson.build:
//
//   #include "support/wycheproof.hpp"
//   using namespace ashlar::test::wycheproof;
//
//   TEST_CASE("wycheproof-aes_gcm_test") {
//     WYCHEPROOF_FILE(file, "aes_gcm_test");          // skips the case where there are no vectors
//     file.run(
//         [](const Json& group) -> std::string {      // why a group is not ours; "" when it is
//           return group["keySize"] == 192 ? "AES-192 is no TLS cipher" : "";
//         },
//         [](const Json& group, const Json& test) {   // what we made of one vector
//           auto key = crypto::AesGcmKey::create(bytes(test, "key"));
//           if (!key) { return Outcome::refused; }
//           ...
//           return same(plaintext, bytes(test, "msg"));
//         });
//   }
//
// The verdicts: a valid vector must be `accepted`, an invalid one `refused`, an acceptable one either.
// `wrong` (we accepted the input but computed something else) is never right. The outcome of acceptable
// vectors can be pinned by flag or comment:
//   file.acceptable("MissingNull", Outcome::refused);
// run() prints how many vectors ran, and which groups are not ours and why.
#pragma once

#include "catch.hpp"
#include "support/bytes.hpp"
#include "support/skip.hpp"
#include "support/vectors.hpp"

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace ashlar::test::wycheproof {

using Json = nlohmann::json;

enum class Outcome { accepted, refused, wrong };

inline const char* name(Outcome outcome) {
  return outcome == Outcome::accepted ? "accepted" : outcome == Outcome::refused ? "refused" : "wrong result";
}

// accepted if we computed the file's result, else wrong.
inline Outcome same(Bytes ours, Bytes expected) {
  return equal_public(ours, expected) ? Outcome::accepted : Outcome::wrong;
}

// A hex field of a test or a group.
Buffer bytes(const Json& object, const char* field);

class File {
 public:
  File(const std::string& stem, const std::filesystem::path& path);

  // Pins the outcome of the "acceptable" vectors with this flag or comment.
  void acceptable(const std::string& flag_or_comment, Outcome outcome) { pinned_[flag_or_comment] = outcome; }

  // Why a group is not ours, or "" if it is; and the outcome of a vector. An exception fails the
  // vector.
  using NotOurs = std::function<std::string(const Json& group)>;
  using Check = std::function<Outcome(const Json& group, const Json& test)>;
  void run(const NotOurs& not_ours, const Check& check);
  // For files whose groups are all ours.
  void run(const Check& check);

 private:
  std::string pin(const Json& test) const;

  std::string stem_;
  Json json_;
  std::map<std::string, Outcome> pinned_;
};

}  // namespace ashlar::test::wycheproof

#define WYCHEPROOF_FILE(file, stem)                                                 \
  const auto file##_path = ::ashlar::test::vector_file("wycheproof/" stem ".json"); \
  if (!file##_path) {                                                               \
    SKIP_CASE(::ashlar::test::why_no_vectors());                                    \
  }                                                                                 \
  ::ashlar::test::wycheproof::File file(stem, *file##_path)
