// SPDX-License-Identifier: Apache-2.0
// The scheduler of aes_cbc_encrypt_many: it decides which stream is in which lane of a kernel.
//
// Streams share lanes if their keys have the same number of rounds and the same layout. These groups take
// turns. A kernel runs for as many blocks as the shortest stream in its lanes has left. A lane whose stream
// ends takes the next one. Lanes without a stream repeat the work of another lane. When too few streams are
// left for the kernel to pay, they are encrypted one after the other.
#include "aes/aes_kernels.hpp"
#include "aes/cbc_many_kernels.hpp"
#include "cpu/choose.hpp"
#include "cpu/x86.hpp"

namespace ashlar::crypto {
namespace {

constexpr AesCbcManyKernel kTable[] = {
#if ASHLAR_X86_KERNELS
    {"vaes-avx512-x16",
     cpu::Features(cpu::Feature::prefers_zmm, cpu::Feature::avx512f, cpu::Feature::vaes,
                   cpu::Feature::aes_ni),
     16, 2, aes::seat_cbc_avx512_16, aes::encrypt_cbc_avx512_16},
    {"aes-ni-x8", cpu::Features(cpu::Feature::aes_ni, cpu::Feature::ssse3, cpu::Feature::sse41), 8, 2,
     aes::seat_cbc_aesni_8, aes::encrypt_cbc_aesni_8},
#endif
    {"portable-x4", cpu::Features(), 4, 2, aes::seat_cbc_portable_4, aes::encrypt_cbc_portable_4},
};

// How a row of either table keeps round keys. It follows from the features that the row requires.
enum class Layout { standard, sliced, with_constant };
constexpr Layout kLayouts[] = {Layout::standard, Layout::sliced, Layout::with_constant};

Layout layout_of(cpu::Features required) {
  if (required.bits == 0) {
    return Layout::sliced;
  }
  // aes_x86_ssse3.cpp; no row for several streams has it.
  return required.has(cpu::Feature::aes_ni) ? Layout::standard : Layout::with_constant;
}

}  // namespace

std::span<const AesCbcManyKernel> aes_cbc_many_kernels() {
  return kTable;
}

class AesCbcScheduler {
 public:
  explicit AesCbcScheduler(std::span<const AesCbcStream> streams) : streams_(streams) {}
  AesCbcScheduler(const AesCbcScheduler&) = delete;
  AesCbcScheduler& operator=(const AesCbcScheduler&) = delete;
  ~AesCbcScheduler() { wipe(lanes_.round_keys, used_keys_); }

  // All streams of one group; `kernel` may be null.
  void run(const AesCbcManyKernel* kernel, Layout layout, std::uint32_t rounds) {
    next_ = 0;
    layout_ = layout;
    lanes_.rounds = rounds;
    seated_count_ = 0;
    const std::size_t lanes = kernel != nullptr ? kernel->lanes : 1;
    const std::size_t keys = kernel != nullptr ? kAesBlockSize * lanes * (rounds + 1) : 0;
    used_keys_ = used_keys_ < keys ? keys : used_keys_;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      seat_next(kernel, lane);
    }
    while (kernel != nullptr && seated_count_ >= kernel->from) {
      const std::size_t blocks = shortest(*kernel);
      kernel->encrypt(lanes_, blocks);
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        move_on(*kernel, lane, blocks);
      }
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      while (seated_[lane] != nullptr) {
        encrypt_alone(lane);
        seat_next(kernel, lane);
      }
    }
  }

  // Whether any stream belongs to this group.
  bool has(Layout layout, std::uint32_t rounds) const {
    for (const AesCbcStream& stream : streams_) {
      if (is_of(stream, layout, rounds)) {
        return true;
      }
    }
    return false;
  }

 private:
  static bool is_of(const AesCbcStream& stream, Layout layout, std::uint32_t rounds) {
    return !stream.in.empty() && stream.key->key_.schedule().rounds == rounds &&
           layout_of(stream.key->key_.kernel().required) == layout;
  }

  void seat_next(const AesCbcManyKernel* kernel, std::size_t lane) {
    if (seated_[lane] != nullptr) {
      --seated_count_;
    }
    seated_[lane] = nullptr;
    while (next_ < streams_.size() && !is_of(streams_[next_], layout_, lanes_.rounds)) {
      ++next_;
    }
    if (next_ == streams_.size()) {
      return;
    }
    const AesCbcStream& stream = streams_[next_++];
    seated_[lane] = &stream;
    ++seated_count_;
    lanes_.in[lane] = stream.in.data();
    lanes_.out[lane] = stream.out.data();
    left_[lane] = stream.in.size() / kAesBlockSize;
    std::memcpy(chain_of(lane), stream.iv.data(), kAesBlockSize);
    if (kernel != nullptr) {
      kernel->seat(lanes_, lane, stream.key->key_.schedule());
    }
  }

  // The number of blocks that every used lane has. Gives the other lanes the work of one of these.
  std::size_t shortest(const AesCbcManyKernel& kernel) {
    std::size_t some = 0;
    std::size_t blocks = ~std::size_t{0};
    for (std::size_t lane = 0; lane < kernel.lanes; ++lane) {
      if (seated_[lane] != nullptr) {
        some = lane;
        blocks = left_[lane] < blocks ? left_[lane] : blocks;
      }
    }
    for (std::size_t lane = 0; lane < kernel.lanes && seated_count_ != kernel.lanes; ++lane) {
      if (seated_[lane] == nullptr) {
        lanes_.in[lane] = lanes_.in[some];
        lanes_.out[lane] = lanes_.out[some];
        std::memcpy(chain_of(lane), chain_of(some), kAesBlockSize);
        kernel.seat(lanes_, lane, seated_[some]->key->key_.schedule());
      }
    }
    return blocks;
  }

  // After `blocks` more blocks of the lane's stream.
  void move_on(const AesCbcManyKernel& kernel, std::size_t lane, std::size_t blocks) {
    if (seated_[lane] == nullptr) {
      return;
    }
    lanes_.in[lane] += blocks * kAesBlockSize;
    lanes_.out[lane] += blocks * kAesBlockSize;
    left_[lane] -= blocks;
    if (left_[lane] == 0) {
      std::memcpy(seated_[lane]->iv.data(), chain_of(lane), kAesBlockSize);
      seat_next(&kernel, lane);
    }
  }

  void encrypt_alone(std::size_t lane) {
    const AesCbcStream& stream = *seated_[lane];
    std::memcpy(stream.iv.data(), chain_of(lane), kAesBlockSize);
    stream.key->key_.kernel().cbc_encrypt(stream.key->key_.schedule(), stream.iv.data(), lanes_.in[lane],
                                          lanes_.out[lane], left_[lane]);
  }

  std::uint8_t* chain_of(std::size_t lane) { return lanes_.chains + kAesBlockSize * lane; }

  const std::span<const AesCbcStream> streams_;
  std::size_t next_ = 0;
  Layout layout_ = Layout::standard;
  std::size_t seated_count_ = 0;
  std::size_t used_keys_ = 0;  // bytes to wipe
  const AesCbcStream* seated_[kMaxAesCbcLanes] = {};
  std::size_t left_[kMaxAesCbcLanes];  // blocks
  AesCbcLanes lanes_;
};

Result<void> aes_cbc_encrypt_many(std::span<const AesCbcStream> streams, const AesCbcManyKernel* kernel) {
  for (const AesCbcStream& stream : streams) {
    ASHLAR_CHECK(aes::check_blocks(stream.in, stream.out));
  }
  if (kernel != nullptr) {
    ASHLAR_TRY(kernel, cpu::choose(aes_cbc_many_kernels(), kernel));
  }
  AesCbcScheduler scheduler(streams);
  const std::span<const AesCbcManyKernel> rows = kernel != nullptr ? std::span(kernel, 1) : std::span(kTable);
  for (const Layout layout : kLayouts) {
    const AesCbcManyKernel* row = nullptr;
    for (const AesCbcManyKernel& one : rows) {
      if (row == nullptr && layout_of(one.required) == layout && cpu::features().contains(one.required)) {
        row = &one;
      }
    }
    for (const std::uint32_t rounds : {10u, 12u, 14u}) {
      if (scheduler.has(layout, rounds)) {
        scheduler.run(row, layout, rounds);
      }
    }
  }
  return {};
}

}  // namespace ashlar::crypto
