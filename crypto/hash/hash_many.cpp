// SPDX-License-Identifier: Apache-2.0
// The scheduler of hash_many: it decides which message is in which lane of a kernel.
//
// A message that has begun is a job: its chaining state and its next piece. The first piece is the whole
// blocks in the caller's memory, the second is the padded tail. A kernel runs for as many blocks as the
// shortest piece in its lanes has. A lane whose piece is finished goes on to the tail, or writes the digest
// and takes another job. When so few messages are left that the kernel does not pay, all jobs leave their
// lanes. The next row of the table takes as many as it has lanes, and the others wait.
#include <ashlar/crypto/hash_many.hpp>

#include "hash/blocks.hpp"
#include "hash/finish.hpp"

namespace ashlar::crypto {
namespace {

struct Job {
  alignas(64) std::uint8_t state[Hash::kStateCapacity];  // while it is in no lane
  std::uint8_t tail[kMaxHashTailSize];
  std::size_t message;
  const std::uint8_t* at;  // the piece to absorb next
  std::size_t blocks;      // and its size
  std::size_t held;        // bytes after the last whole block
  bool in_tail;
};

// Moves words of one lane between interleaved states and a separate state.
template <class Word, bool Gather>
void move_words(std::uint8_t* lane, std::size_t lanes, std::uint8_t* alone, std::size_t size) {
  for (std::size_t at = 0; at < size; at += sizeof(Word), lane += lanes * sizeof(Word)) {
    std::memcpy(Gather ? alone + at : lane, Gather ? lane : alone + at, sizeof(Word));
  }
}

class Scheduler {
 public:
  Scheduler(const HashAlgorithm& algorithm, std::span<const Bytes> messages, MutBytes digests)
      : algorithm_(algorithm), messages_(messages), digests_(digests), unfinished_(messages.size()) {}
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;
  ~Scheduler() {
    for (std::size_t i = 0; i < jobs_used_; ++i) {
      wipe(jobs_[i].state, algorithm_.state_size);
      // Behind the first block a tail holds only padding.
      wipe(jobs_[i].tail, algorithm_.block_size);
    }
    wipe(states_, widest_ * algorithm_.state_size);
  }

  std::size_t unfinished() const { return unfinished_; }

  // Works with this kernel until at most `stop` messages are unfinished; none is in a lane then.
  void run(const HashManyKernel& kernel, std::size_t stop) {
    lanes_ = kernel.lanes;
    widest_ = widest_ < lanes_ ? lanes_ : widest_;
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      seat_next(lane);
    }
    while (unfinished_ > stop) {
      const std::size_t blocks = shortest_piece();
      kernel.compress(states_, at_, blocks);
      for (std::size_t lane = 0; lane < lanes_; ++lane) {
        if (seated_[lane] != nullptr) {
          move_on(lane, blocks);
        }
      }
    }
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      if (seated_[lane] != nullptr) {
        waiting_[waiting_count_++] = leave(lane);
      }
    }
  }

  // The remaining messages, one after the other.
  void run_alone() {
    const HashKernel& kernel = cpu::best(algorithm_.kernels());
    for (; waiting_count_ != 0; --waiting_count_) {
      Job& job = *waiting_[waiting_count_ - 1];
      if (job.in_tail) {
        kernel.compress(job.state, job.at, job.blocks);
        algorithm_.output(job.state, digest_of(job.message));
      } else {
        const Bytes rest(job.at, job.blocks * algorithm_.block_size + job.held);
        finish_message(algorithm_, kernel, job.state, rest, messages_[job.message].size(),
                       digest_of(job.message));
      }
    }
    alignas(64) std::uint8_t initial[Hash::kStateCapacity];
    algorithm_.init(initial);
    for (; next_message_ < messages_.size(); ++next_message_) {
      const Bytes message = messages_[next_message_];
      finish_message(algorithm_, kernel, initial, message, message.size(), digest_of(next_message_));
    }
    unfinished_ = 0;
  }

 private:
  std::uint8_t* digest_of(std::size_t message) const {
    return digests_.data() + message * algorithm_.digest_size;
  }

  // The number of blocks that every used lane has. Lanes without a job get the data of another lane.
  std::size_t shortest_piece() {
    const std::uint8_t* some = nullptr;
    std::size_t blocks = ~std::size_t{0};
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      if (seated_[lane] != nullptr) {
        some = at_[lane];
        blocks = seated_[lane]->blocks < blocks ? seated_[lane]->blocks : blocks;
      }
    }
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      at_[lane] = seated_[lane] != nullptr ? at_[lane] : some;
    }
    return blocks;
  }

  // After `blocks` more blocks of the lane's piece.
  void move_on(std::size_t lane, std::size_t blocks) {
    Job& job = *seated_[lane];
    at_[lane] += blocks * algorithm_.block_size;
    job.blocks -= blocks;
    if (job.blocks != 0) {
      return;
    }
    if (!job.in_tail) {
      go_to_tail(job);
      at_[lane] = job.at;
      return;
    }
    leave(lane);
    algorithm_.output(job.state, digest_of(job.message));
    free_[free_count_++] = &job;
    --unfinished_;
    seat_next(lane);
  }

  void seat_next(std::size_t lane) {
    seated_[lane] = nullptr;
    Job* job;
    if (waiting_count_ != 0) {
      job = waiting_[--waiting_count_];
    } else if (next_message_ < messages_.size()) {
      job = free_count_ != 0 ? free_[--free_count_] : &jobs_[jobs_used_++];
      begin(*job);
    } else {
      return;
    }
    move<false>(lane, *job);
    seated_[lane] = job;
    at_[lane] = job->at;
  }

  Job* leave(std::size_t lane) {
    Job* const job = seated_[lane];
    move<true>(lane, *job);
    job->at = at_[lane];
    seated_[lane] = nullptr;
    return job;
  }

  void begin(Job& job) {
    const Bytes message = messages_[next_message_];
    algorithm_.init(job.state);
    job.message = next_message_++;
    job.at = message.data();
    job.blocks = whole_blocks(message.size(), algorithm_.block_size);
    job.held = message.size() - job.blocks * algorithm_.block_size;
    job.in_tail = false;
    if (job.blocks == 0) {
      go_to_tail(job);
    }
  }

  void go_to_tail(Job& job) {
    const Bytes message = messages_[job.message];
    copy_bytes(job.tail, message.last(job.held));
    job.at = job.tail;
    job.blocks = algorithm_.pad(job.tail, message.size());
    job.in_tail = true;
  }

  template <bool Gather>
  void move(std::size_t lane, Job& job) {
    if (algorithm_.word_size == 4) {
      move_words<std::uint32_t, Gather>(states_ + 4 * lane, lanes_, job.state, algorithm_.state_size);
    } else {
      move_words<std::uint64_t, Gather>(states_ + 8 * lane, lanes_, job.state, algorithm_.state_size);
    }
  }

  const HashAlgorithm& algorithm_;
  const std::span<const Bytes> messages_;
  const MutBytes digests_;
  std::size_t unfinished_;
  std::size_t next_message_ = 0;
  std::size_t jobs_used_ = 0;
  std::size_t waiting_count_ = 0;
  std::size_t free_count_ = 0;
  std::size_t lanes_ = 0;
  std::size_t widest_ = 0;
  const std::uint8_t* at_[kMaxHashLanes];
  Job* seated_[kMaxHashLanes];
  Job* waiting_[kMaxHashLanes];
  Job* free_[kMaxHashLanes];
  alignas(64) std::uint8_t states_[kMaxHashLanes * Hash::kStateCapacity];
  Job jobs_[kMaxHashLanes];
};

}  // namespace

void hash_many(const HashMany& many, std::span<const Bytes> messages, MutBytes digests,
               const HashManyKernel* kernel) {
  const HashAlgorithm& algorithm = *many.hash;
  if (digests.size() / algorithm.digest_size < messages.size()) {
    __builtin_trap();
  }
  Scheduler scheduler(algorithm, messages, digests);
  if (kernel != nullptr && kernel->compress != nullptr) {
    scheduler.run(*kernel, 0);
    return;
  }
  if (kernel == nullptr) {
    std::uint64_t total = 0;
    for (const Bytes message : messages) {
      total += message.size();
    }
    const cpu::Features have = cpu::features();
    for (const HashManyKernel& row : many.kernels) {
      if (!have.contains(row.required) || scheduler.unfinished() < row.from) {
        continue;
      }
      if (row.compress == nullptr || total < row.from_size * messages.size()) {
        break;
      }
      scheduler.run(row, row.from - 1);
    }
  }
  scheduler.run_alone();
}

}  // namespace ashlar::crypto
