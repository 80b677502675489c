// SPDX-License-Identifier: Apache-2.0
// Each thread's generator has its own page. The system zeroes the page in a forked child and leaves it out of
// core dumps. A thread_local pointer finds the page. It is made at the thread's first draw. A pthread key
// wipes it and gives it back when the thread ends: a thread_local object with a destructor would need the C++
// runtime.
#include <ashlar/crypto/random.hpp>

#include "random/fast_key_erasure.hpp"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>
#include <cerrno>

namespace ashlar::crypto {
namespace {

// getrandom waits until the kernel's generator is seeded, once after boot. Up to 256 bytes come in one piece,
// unless a signal interrupts the wait.
Result<void> from_system(MutBytes out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = getrandom(out.data() + done, out.size() - done, 0);
    if (got > 0) {
      done += static_cast<std::size_t>(got);
    } else if (got == 0 || errno != EINTR) {
      wipe(out);
      return ErrorCode::random_unavailable;
    }
  }
  return {};
}

struct ThreadState {
  FastKeyErasure generator;
  // If the page is not zeroed on fork: the process that seeded it. Else 0.
  pid_t owner;
};

constinit thread_local ThreadState* thread_state = nullptr;

pthread_once_t key_once = PTHREAD_ONCE_INIT;
pthread_key_t key;
bool key_made = false;

extern "C" {
static void ashlar_random_thread_exit(void* state) {
  wipe(state, sizeof(ThreadState));
  munmap(state, sizeof(ThreadState));
  // Destructors of other keys may still draw: they get a new state, and this runs again.
  thread_state = nullptr;
}
static void ashlar_random_make_key() {
  key_made = pthread_key_create(&key, ashlar_random_thread_exit) == 0;
}
}

// Whether the kernel will zero the page in forked children (since Linux 4.14). An emulator may accept any
// advice and do nothing. If it accepts one that does not exist, its answers do not count.
bool zeroed_on_fork(void* page) {
  constexpr int kNoAdvice = -1;
  return madvise(page, sizeof(ThreadState), kNoAdvice) != 0 &&
         madvise(page, sizeof(ThreadState), MADV_WIPEONFORK) == 0;
}

ThreadState* make_thread_state() {
  pthread_once(&key_once, ashlar_random_make_key);
  if (!key_made) {
    return nullptr;
  }
  void* const page =
      mmap(nullptr, sizeof(ThreadState), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) {
    return nullptr;
  }
  if (pthread_setspecific(key, page) != 0) {
    munmap(page, sizeof(ThreadState));
    return nullptr;
  }
  // Anonymous memory is zero: an unseeded generator.
  ThreadState* const state = static_cast<ThreadState*>(page);
  if (!zeroed_on_fork(page)) {
    state->owner = getpid();
  }
  madvise(page, sizeof(ThreadState), MADV_DONTDUMP);
  thread_state = state;
  return state;
}

template <bool kFresh>
Result<void> fill_from_thread(void*, MutBytes out) {
  ThreadState* state = thread_state;
  if (state == nullptr) {
    state = make_thread_state();
    if (state == nullptr) {
      wipe(out);
      return ErrorCode::random_unavailable;
    }
  }
  if (state->owner != 0 && state->owner != getpid()) {
    wipe(&state->generator, sizeof state->generator);
    state->owner = getpid();
  }
  return state->generator.fill(out, from_system, kFresh);
}

}  // namespace

Random system_random() {
  return {fill_from_thread<false>, nullptr};
}

Random fresh_random() {
  return {fill_from_thread<true>, nullptr};
}

}  // namespace ashlar::crypto
