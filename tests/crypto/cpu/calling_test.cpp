// SPDX-License-Identifier: Apache-2.0
// What a function must leave as it was (System V x86-64 ABI §3.2.1): rbx, rbp, r12 to r15, rsp and the
// direction flag. Kernels with assembly inside could break that, and only some callers would notice. So each
// kernel is called from assembly that fills these registers with known values and looks at them afterwards.
#include <ashlar/crypto/aes.hpp>
#include <ashlar/crypto/bignum.hpp>
#include <ashlar/crypto/cbc_hmac.hpp>
#include <ashlar/crypto/ccm.hpp>
#include <ashlar/crypto/chacha20poly1305.hpp>
#include <ashlar/crypto/cmac.hpp>
#include <ashlar/crypto/gcm.hpp>
#include <ashlar/crypto/scrypt.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "catch.hpp"

#include <bit>
#include <cstring>
#include <string>
#include <vector>

#if defined(__x86_64__)

using namespace ashlar;
using namespace ashlar::crypto;

extern "C" {
// Calls `function` with ten words as arguments. Returns a bit for everything that it changed: 1 rbx, 2 rbp, 4
// r12, 8 r13, 16 r14, 32 r15, 64 rsp, 128 the direction flag.
std::uint64_t ashlar_test_call(const void* function, const std::uint64_t* arguments);
}

__asm__(R"(
  .text
  .globl ashlar_test_call
  .type ashlar_test_call, @function
ashlar_test_call:
  pushq %rbx
  pushq %rbp
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $8, %rsp
  movq %rsp, ashlar_test_stack(%rip)
  movq %rdi, %rax
  movq %rsi, %r10
  pushq 72(%r10)
  pushq 64(%r10)
  pushq 56(%r10)
  pushq 48(%r10)
  movq 0(%r10), %rdi
  movq 8(%r10), %rsi
  movq 16(%r10), %rdx
  movq 24(%r10), %rcx
  movq 32(%r10), %r8
  movq 40(%r10), %r9
  movabsq $0x1122334455667701, %rbx
  movabsq $0x1122334455667702, %rbp
  movabsq $0x1122334455667703, %r12
  movabsq $0x1122334455667704, %r13
  movabsq $0x1122334455667705, %r14
  movabsq $0x1122334455667706, %r15
  callq *%rax
  xorl %eax, %eax
  movabsq $0x1122334455667701, %rcx
  cmpq %rcx, %rbx
  je 1f
  orl $1, %eax
1: incq %rcx
  cmpq %rcx, %rbp
  je 1f
  orl $2, %eax
1: incq %rcx
  cmpq %rcx, %r12
  je 1f
  orl $4, %eax
1: incq %rcx
  cmpq %rcx, %r13
  je 1f
  orl $8, %eax
1: incq %rcx
  cmpq %rcx, %r14
  je 1f
  orl $16, %eax
1: incq %rcx
  cmpq %rcx, %r15
  je 1f
  orl $32, %eax
1: leaq 32(%rsp), %rcx
  cmpq ashlar_test_stack(%rip), %rcx
  je 1f
  orl $64, %eax
1: movq ashlar_test_stack(%rip), %rsp
  pushfq
  popq %rcx
  testl $0x400, %ecx
  je 1f
  orl $128, %eax
1: cld
  addq $8, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbp
  popq %rbx
  ret
  .size ashlar_test_call, .-ashlar_test_call
  .local ashlar_test_stack
  .comm ashlar_test_stack, 8, 8
)");

namespace {

// The words in which arguments are passed. A reference is a pointer; Bytes are two words.
struct Words {
  std::uint64_t words[10] = {};
  std::size_t count = 0;

  void add(std::uint64_t word) {
    REQUIRE(count < std::size(words));
    words[count++] = word;
  }
  template <class T>
  void add(T* p) {
    add(std::uint64_t{reinterpret_cast<std::uintptr_t>(p)});
  }
  void add(Bytes bytes) {
    add(bytes.data());
    add(std::uint64_t{bytes.size()});
  }
};

template <class Function, class... Arguments>
std::uint64_t changed_by(Function* function, Arguments... arguments) {
  Words words;
  (words.add(arguments), ...);
  return ashlar_test_call(reinterpret_cast<const void*>(function), words.words);
}

using Word = std::uint64_t;

template <class Table, class Each>
void on_rows(const Table& table, Each each) {
  for (const auto& row : table) {
    if (cpu::features().contains(row.required)) {
      INFO(std::string(row.name));
      each(row);
    }
  }
}

// Clobbers a register that it should keep, as a kernel with a wrong list would.
__attribute__((naked)) void clobbers_r12() {
  __asm__("movl $0, %r12d\n\tret");
}
__attribute__((naked)) void leaves_direction() {
  __asm__("std\n\tret");
}

struct Buffers {
  alignas(64) std::uint8_t in[2048] = {};
  alignas(64) std::uint8_t out[2048] = {};
  alignas(64) std::uint8_t state[512] = {};
  std::uint8_t key[32] = {1, 2, 3};
};

}  // namespace

TEST_CASE("cpu: calls that change a register or a flag that they must keep are noticed", "[cpu]") {
  CHECK(changed_by(clobbers_r12) == 4);
  CHECK(changed_by(leaves_direction) == 128);
}

TEST_CASE("cpu: the kernels of hash functions keep the caller's registers", "[cpu]") {
  Buffers b;
  for (const HashAlgorithm* hash : {&kSha1, &kSha256, &kSha512, &kSha3_256}) {
    INFO(std::string(hash->name));
    on_rows(hash->kernels(), [&](const HashKernel& row) {
      for (const Word blocks : {1u, 2u, 3u, 8u}) {
        hash->init(b.state);
        CHECK(changed_by(row.compress, b.state, b.in, blocks) == 0);
      }
      if (row.finish != nullptr) {
        CHECK(changed_by(row.finish, b.state, b.in, Word{100}, Word{100}, b.out) == 0);
      }
    });
  }
  on_rows(keccak_kernels(), [&](const KeccakKernel& row) { CHECK(changed_by(row.permute, b.state) == 0); });
  on_rows(scrypt_kernels(), [&](const ScryptKernel& row) {
    CHECK(changed_by(row.block_mix, b.in, static_cast<std::uint8_t*>(nullptr), b.out, Word{8}) == 0);
  });
}

TEST_CASE("cpu: the kernels of AES keep the caller's registers", "[cpu]") {
  Buffers b;
  const Bytes key(b.key);
  on_rows(aes_kernels(), [&](const AesKernel& row) {
    AesSchedule schedule;
    CHECK(changed_by(row.expand_encrypt, &schedule, key) == 0);
    for (const Word blocks : {1u, 3u, 9u, 40u}) {
      CHECK(changed_by(row.encrypt_blocks, &schedule, b.in, b.out, blocks) == 0);
      CHECK(changed_by(row.cbc_encrypt, &schedule, b.state, b.in, b.out, blocks) == 0);
      CHECK(changed_by(row.ctr, &schedule, b.state, b.in, b.out, blocks) == 0);
    }
    CHECK(changed_by(row.expand_decrypt, &schedule, key) == 0);
    for (const Word blocks : {1u, 3u, 9u, 40u}) {
      CHECK(changed_by(row.decrypt_blocks, &schedule, b.in, b.out, blocks) == 0);
      CHECK(changed_by(row.cbc_decrypt, &schedule, b.state, b.in, b.out, blocks) == 0);
    }
  });
  on_rows(cmac_kernels(), [&](const CmacKernel& row) {
    AesSchedule schedule;
    CHECK(changed_by(row.expand, &schedule, key) == 0);
    CHECK(changed_by(row.update, &schedule, b.state, b.in, Word{5}) == 0);
  });
  on_rows(ccm_kernels(), [&](const CcmKernel& row) {
    AesSchedule schedule;
    CHECK(changed_by(row.expand, &schedule, key) == 0);
    CHECK(changed_by(row.mac, &schedule, b.state, b.in, Word{5}) == 0);
  });
  on_rows(gcm_kernels(), [&](const GcmKernel& row) {
    GcmKeyRoom room;
    room.data().kernel = &row;
    CHECK(changed_by(row.init, &room.data(), key) == 0);
    for (const std::size_t size : {0u, 16u, 100u, 700u, 2000u}) {
      GcmCall call{};
      call.counter = b.key;
      call.counter_is_nonce = true;
      call.hash = nullptr;
      call.aad = b.key;
      call.aad_size = call.aad_total = 13;
      call.in = b.in;
      call.out = b.out;
      call.size = size;
      CHECK(changed_by(row.seal, &room.data(), &call, b.state) == 0);
      CHECK(changed_by(row.open, &room.data(), &call, b.state) == 0);
    }
    CHECK(changed_by(row.ghash, &room.data(), b.state, b.in, Word{11}) == 0);
  });
}

TEST_CASE("cpu: the kernels of ChaCha20-Poly1305 and CBC with HMAC keep the caller's registers", "[cpu]") {
  Buffers b;
  const auto* const key = reinterpret_cast<const std::uint32_t*>(b.in);
  on_rows(chacha_kernels(), [&](const ChaChaKernel& row) {
    Poly1305State poly = {{1, 2, 3}, {0x0ffffffc0fffffff, 0x0ffffffc0ffffffc}};
    for (const Word size : {1u, 64u, 200u, 1000u, 2000u}) {
      CHECK(changed_by(row.start, key, b.key, b.in, b.out, size, b.state) == 0);
      CHECK(changed_by(row.xor_stream, key, b.key, Word{1}, b.in, b.out, size) == 0);
      // A kernel may rely on getting what start left of a message.
      const std::size_t done = row.start(key, b.key, b.in, b.out, size, b.state);
      for (const Word sealing : {0u, 1u}) {
        if (done < size) {
          CHECK(changed_by(row.crypt, key, b.key, Word{1 + done / 64}, b.in + done, b.out + done, size - done,
                           sealing, &poly, Word{done / 16}) == 0);
        }
      }
    }
    CHECK(changed_by(row.poly1305_blocks, &poly, b.in, Word{40}) == 0);
  });
  for (const HashAlgorithm* hash : {&kSha1, &kSha256}) {
    on_rows(cbc_hmac_kernels(*hash), [&](const CbcHmacKernel& row) {
      if (row.pass != nullptr) {
        AesKey aes;
        REQUIRE(aes.expand_encrypt(Bytes(b.key), nullptr));
        hash->init(b.state);
        CHECK(changed_by(row.pass, b.state, b.in, &aes.schedule(), b.key, b.in, b.out, Word{5}) == 0);
      }
    });
  }
}

#endif
