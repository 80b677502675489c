// SPDX-License-Identifier: Apache-2.0
// AES-CBC, one message and several side by side: every kernel as the portable one, and decryption undoes it
//
// Input: where the texts lie in a cache line (1 byte) and how many there are (1 byte). For each text: its
// key, the row that expands it and where its output goes (1 byte, see parse), and its blocks (1 byte). For
// each: the key, unless it shares the one before, and the initialisation vector. Then the texts, until the
// input ends.
#include <ashlar/base/reader.hpp>
#include <ashlar/crypto/aes_cbc_many.hpp>

#include "support/check.hpp"

#include <deque>
#include <optional>
#include <vector>

using namespace ashlar;
using namespace ashlar::crypto;

namespace {

constexpr std::size_t kMaxInput = 6144;
constexpr std::size_t kMaxMessages = 40;
constexpr std::size_t kKeySizes[] = {16, 24, 32};

using Buffer = std::vector<std::uint8_t>;

// A text and its output in one piece of memory.
struct Message {
  std::size_t key = 0;  // of Case::keys
  BytesOf<16> iv;
  Bytes text = {};
  std::size_t in_at = 0;
  std::size_t out_at = 0;
  std::size_t out_size = 0;
  // For one call: the memory and the chaining value before it, and after it on the portable row.
  Buffer before = {};
  Buffer after = {};
  Buffer chain = {};
  std::optional<ErrorCode> refused = {};

  Bytes in(Buffer& memory) const { return Bytes(memory).subspan(in_at, text.size()); }
  MutBytes out(Buffer& memory) const { return MutBytes(memory).subspan(out_at, out_size); }
};

struct Key {
  Bytes bytes;
  const AesKernel* row;
};

struct Case {
  std::vector<Key> keys;
  std::vector<Message> messages;
};

std::vector<const AesKernel*> usable_rows() {
  std::vector<const AesKernel*> rows;
  for (const AesKernel& row : aes_kernels()) {
    if (cpu::features().contains(row.required)) {
      rows.push_back(&row);
    }
  }
  return rows;
}

// The parts of a choice, from its low bits up. The key's size, or the same key as before (2 bits). The row
// that expands it (2 bits). The output: in place, apart, apart and a block too short, or a block behind the
// text (2 bits). Whether the text is one byte longer than its blocks (both bits).
Result<Case> parse(Bytes input) {
  Reader reader(input);
  Case out;
  ASHLAR_TRY(const std::uint8_t shift, reader.u8());
  ASHLAR_TRY(const std::uint8_t count, reader.u8());
  ASHLAR_TRY(const Bytes choices, reader.take(2 * (count % (kMaxMessages + 1))));
  const auto rows = usable_rows();
  for (std::size_t i = 0; i < choices.size(); i += 2) {
    const std::size_t key = choices[i] & 3u;
    if (key < 3 || out.keys.empty()) {
      ASHLAR_TRY(const Bytes bytes, reader.take(kKeySizes[key % 3]));
      out.keys.push_back({bytes, rows[(choices[i] >> 2 & 3u) % rows.size()]});
    }
    ASHLAR_TRY(const BytesOf<16> iv, reader.take<16>());
    out.messages.push_back({.key = out.keys.size() - 1, .iv = iv, .in_at = shift % 64u});
  }
  for (std::size_t i = 0; i < out.messages.size(); ++i) {
    Message& message = out.messages[i];
    const std::uint8_t choice = choices[2 * i];
    const std::size_t left = reader.remaining() / 16;
    const std::size_t blocks = choices[2 * i + 1] < left ? choices[2 * i + 1] : left;
    const bool odd = (choice >> 6) == 3 && 16 * blocks < reader.remaining();
    ASHLAR_TRY(message.text, reader.take(16 * blocks + odd));
    const std::size_t size = message.text.size();
    const std::size_t place = choice >> 4 & 3u;
    message.out_at = message.in_at + (place == 0 ? 0 : place == 3 ? 16 : size + 16);
    message.out_size = place == 2 && size >= 16 ? size - 16 : size;
    message.before.resize(message.in_at + 2 * size + 48);
    copy_bytes(MutBytes(message.before).subspan(message.in_at), message.text);
  }
  return out;
}

bool as_expected(Result<void> result, std::optional<ErrorCode> error) {
  return error ? !result.ok() && result.error() == *error : result.ok();
}

// Computes the result of one message on the portable row, or the error that refuses it.
void expect(const Key& key, Message& message) {
  message.after = message.before;
  message.chain.assign(message.iv.begin(), message.iv.end());
  const std::size_t size = message.text.size();
  if (size % 16 != 0) {
    message.refused = ErrorCode::not_block_multiple;
  } else if (message.out_size != size) {
    message.refused = ErrorCode::invalid_argument;
  } else if (message.out_at == message.in_at + 16 && size > 16) {
    message.refused = ErrorCode::partial_overlap;
  } else {
    const auto portable = AesCbcEncryptor::create(key.bytes, &aes_kernels().back());
    FUZZ_CHECK(portable.ok());
    FUZZ_CHECK(
        portable->encrypt(MutBytes(message.chain).first<16>(), message.text, message.out(message.after))
            .ok());
  }
}

void check_one(const Key& key, const AesKernel& row, const Message& message) {
  const auto encryptor = AesCbcEncryptor::create(key.bytes, &row);
  const auto decryptor = AesCbcDecryptor::create(key.bytes, &row);
  FUZZ_CHECK(encryptor.ok() && decryptor.ok());
  Buffer memory = message.before;
  Buffer chain(message.iv.begin(), message.iv.end());
  const MutBytesOf<16> iv(chain.data(), 16);
  FUZZ_CHECK(as_expected(encryptor->encrypt(iv, message.in(memory), message.out(memory)), message.refused));
  FUZZ_CHECK(memory == message.after && chain == message.chain);
  if (message.refused) {
    FUZZ_CHECK(as_expected(decryptor->decrypt(iv, message.in(memory), message.out(memory)), message.refused));
    FUZZ_CHECK(memory == message.after && chain == message.chain);
    return;
  }

  // In two pieces, and back, whole and in place.
  const MutBytes out = message.out(memory);
  const std::size_t size = message.text.size();
  const std::size_t first = 16 * (message.iv[0] % (size / 16 + 1));
  copy_bytes(out, message.text);
  copy_bytes(chain, message.iv);
  FUZZ_CHECK(encryptor->encrypt(iv, out.first(first), out.first(first)).ok());
  FUZZ_CHECK(encryptor->encrypt(iv, out.subspan(first), out.subspan(first)).ok());
  FUZZ_CHECK(chain == message.chain);
  Buffer after = message.after;
  FUZZ_CHECK(equal_public(out, message.out(after)));
  Buffer text(size);
  copy_bytes(chain, message.iv);
  FUZZ_CHECK(decryptor->decrypt(iv, out, text).ok());
  FUZZ_CHECK(chain == message.chain);
  FUZZ_CHECK(equal_public(text, message.text));
  copy_bytes(chain, message.iv);
  FUZZ_CHECK(decryptor->decrypt(iv, out, out).ok());
  FUZZ_CHECK(chain == message.chain);
  FUZZ_CHECK(equal_public(out, message.text));
}

// All messages in one call. If one of them is refused, all are, and nothing is written.
void check_many(const Case& test, const AesCbcManyKernel* row) {
  std::deque<AesCbcEncryptor> encryptors;
  for (const Key& key : test.keys) {
    auto made = AesCbcEncryptor::create(key.bytes, key.row);
    FUZZ_CHECK(made.ok());
    encryptors.push_back(std::move(*made));
  }
  std::deque<Buffer> memories;
  std::deque<Buffer> chains;
  std::vector<AesCbcStream> streams;
  std::optional<ErrorCode> refused;
  for (const Message& message : test.messages) {
    memories.push_back(message.before);
    chains.emplace_back(message.iv.begin(), message.iv.end());
    streams.push_back({&encryptors[message.key], MutBytes(chains.back()).first<16>(),
                       message.in(memories.back()), message.out(memories.back())});
    refused = refused ? refused : message.refused;
  }
  FUZZ_CHECK(as_expected(aes_cbc_encrypt_many(streams, row), refused));
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const Message& message = test.messages[i];
    FUZZ_CHECK(memories[i] == (refused ? message.before : message.after));
    FUZZ_CHECK(equal_public(chains[i], refused ? Bytes(message.iv) : Bytes(message.chain)));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMaxInput) {
    return -1;
  }
  Result<Case> parsed = parse({data, size});
  if (!parsed) {
    return -1;
  }
  Case& test = *parsed;
  for (Message& message : test.messages) {
    expect(test.keys[message.key], message);
    for (const AesKernel* row : usable_rows()) {
      check_one(test.keys[message.key], *row, message);
    }
  }
  // With the messages that are refused, and without them.
  for (const bool all : {true, false}) {
    if (!all) {
      std::erase_if(test.messages, [](const Message& message) { return message.refused.has_value(); });
    }
    for (const AesCbcManyKernel& row : aes_cbc_many_kernels()) {
      if (cpu::features().contains(row.required)) {
        check_many(test, &row);
      }
    }
    check_many(test, nullptr);
  }
  return 0;
}
