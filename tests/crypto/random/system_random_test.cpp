// SPDX-License-Identifier: Apache-2.0
// Each thread's generator and the system: forks, threads that end, system calls. Tests that must not affect
// this process run in a forked child, under the kernel's system call filters.
#include <ashlar/crypto/random.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"
#include "support/sanitiser.hpp"
#include "support/skip.hpp"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;

namespace system_random_test {
namespace {

constexpr std::size_t kDraw = 32;

// One draw, zeros if it failed.
Buffer draw(std::size_t size = kDraw) {
  Buffer out(size);
  if (!system_random().fill(out)) {
    std::memset(out.data(), 0, out.size());
  }
  return out;
}

void append(Buffer& to, const Buffer& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// Two draws by this thread and two by a second one.
Buffer draws_of_two_threads() {
  Buffer out = draw();
  append(out, draw());
  Buffer others;
  std::thread([&others] {
    others = draw();
    append(others, draw());
  }).join();
  append(out, others);
  return out;
}

// The exit status of a child, and what it wrote.
struct Ended {
  int status = 0;
  Buffer out;
};

// Runs `work` in a forked child; what it returns is written back.
template <class Work>
Ended fork_to(Work work) {
  int ends[2];
  if (pipe(ends) != 0) {
    return {-1, {}};
  }
  const pid_t pid = fork();
  if (pid == 0) {
    close(ends[0]);
    const Buffer out = work();
    const bool written = write(ends[1], out.data(), out.size()) == static_cast<ssize_t>(out.size());
    // Not _exit: the strictest filter allows this one only.
    syscall(SYS_exit, written ? 0 : 1);
  }
  close(ends[1]);
  Ended ended;
  std::uint8_t chunk[512];
  for (ssize_t got; (got = read(ends[0], chunk, sizeof chunk)) > 0;) {
    ended.out.insert(ended.out.end(), chunk, chunk + got);
  }
  close(ends[0]);
  waitpid(pid, &ended.status, 0);
  return ended;
}

// The same for work that must succeed.
template <class Work>
Buffer in_child(Work work) {
  const Ended ended = fork_to(work);
  REQUIRE(WIFEXITED(ended.status));
  REQUIRE(WEXITSTATUS(ended.status) == 0);
  return ended.out;
}

bool all_different(const Buffer& draws) {
  std::set<Buffer> seen{Buffer(kDraw)};
  for (auto at = draws.begin(); at != draws.end(); at += kDraw) {
    if (!seen.insert(Buffer(at, at + kDraw)).second) {
      return false;
    }
  }
  return true;
}

// The pages of this process that the kernel wipes on fork and leaves out of core dumps.
std::set<std::uintptr_t> generator_pages() {
  std::set<std::uintptr_t> out;
  std::ifstream maps("/proc/self/smaps");
  std::uintptr_t from = 0;
  std::uintptr_t to = 0;
  for (std::string line; std::getline(maps, line);) {
    char dash = 0;
    std::istringstream words(line);
    if (line.find('-') < line.find(' ') && words >> std::hex >> from >> dash >> to) {
      continue;
    }
    if (line.compare(0, 8, "VmFlags:") == 0 && line.find(" wf") != std::string::npos &&
        line.find(" dd") != std::string::npos) {
      for (; from < to; from += static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE))) {
        out.insert(from);
      }
    }
  }
  return out;
}

std::size_t zeros_in(std::uintptr_t page) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(page);
  std::size_t zeros = 0;
  for (std::size_t i = 0; i < 1024; ++i) {
    zeros += bytes[i] == 0 ? 1u : 0u;
  }
  return zeros;
}

// Sets the action for system call `number` in this thread from now on. With an argument, only for that
// value.
bool filter(long number, std::uint32_t action, int argument = -1, std::uint32_t value = 0) {
  constexpr std::uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
  constexpr std::uint16_t kEqual = BPF_JMP | BPF_JEQ | BPF_K;
  constexpr std::uint16_t kReturn = BPF_RET | BPF_K;
  const bool any = argument < 0;
  const std::uint32_t at =
      any ? 0
          : static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 8 * static_cast<unsigned>(argument));
  sock_filter rules[] = {
      {kLoad, 0, 0, offsetof(seccomp_data, nr)},
      {kEqual, 0, 3, static_cast<std::uint32_t>(number)},
      {kLoad, 0, 0, at},
      {kEqual, 0, 1, value},
      {kReturn, 0, 0, action},
      {kReturn, 0, 0, SECCOMP_RET_ALLOW},
  };
  if (any) {
    rules[3] = {kEqual, 0, 0, 0};
  }
  const sock_fprog program{6, rules};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

constexpr char kNoFilters[] = "no system call filters here";
// ThreadSanitizer's own thread survives the thread that ends in a forked child.
#define NEEDS_FORK()                                  \
  if (test::kThreadSanitised) {                       \
    SKIP_CASE("ThreadSanitizer and forked children"); \
  }

const Buffer kSkip = test::buffer_of(std::string_view("skip"));

}  // namespace

TEST_CASE("random: S11 parent, child and grandchild, each with two threads, draw different bytes",
          "[random]") {
  NEEDS_FORK();
  Buffer all = draws_of_two_threads();
  append(all, in_child([] {
           Buffer out = draws_of_two_threads();
           append(out, in_child([] { return draws_of_two_threads(); }));
           append(out, in_child([] { return draws_of_two_threads(); }));
           return out;
         }));
  append(all, draws_of_two_threads());
  CHECK(all.size() == 20 * kDraw);
  CHECK(all_different(all));
}

TEST_CASE("random: S11 a thread that forks and its child draw different bytes, the other threads' included",
          "[random]") {
  NEEDS_FORK();
  Buffer all = draw();
  Buffer others;
  std::thread([&others] {
    others = draw();
    const Ended child = fork_to([] {
      Buffer out = draws_of_two_threads();
      append(out, fork_to([] { return draws_of_two_threads(); }).out);
      return out;
    });
    append(others, child.out);
    append(others, draw());
  }).join();
  append(all, others);
  append(all, draw());
  CHECK(all.size() == 12 * kDraw);
  CHECK(all_different(all));
}

TEST_CASE("random: S11 a fork in the middle of a pool gives the child none of the parent's bytes",
          "[random]") {
  NEEDS_FORK();
  draw(1);
  const Buffer child = in_child([] { return draw(900); });
  const Buffer parent = draw(900);
  std::size_t equal = 0;
  for (std::size_t i = 0; i < 900; ++i) {
    equal += child[i] == parent[i] ? 1u : 0u;
  }
  CHECK(equal < 30);
}

TEST_CASE("random: S11 S12 a forked child finds the parent's generator wiped", "[random]") {
  NEEDS_FORK();
  // A pool that is nearly full.
  draw(992);
  draw(1);
  const auto pages = generator_pages();
  if (pages.empty()) {
    SKIP_CASE("no /proc/self/smaps that names pages wiped on fork");
  }
  std::size_t held = 0;
  for (const std::uintptr_t page : pages) {
    held += zeros_in(page) < 200 ? 1u : 0u;
  }
  CHECK(held >= 1);
  const Buffer wiped = in_child([&pages] {
    for (const std::uintptr_t page : pages) {
      if (zeros_in(page) != 1024) {
        return Buffer{0};
      }
    }
    return Buffer{1};
  });
  CHECK_BYTES(wiped, "01");
}

TEST_CASE("random: S11 where the kernel cannot wipe on fork, a child still draws other bytes", "[random]") {
  NEEDS_FORK();
  // Old kernels refuse the advice. Emulators accept any advice and do nothing.
  const auto refuse = [] { return filter(SYS_madvise, SECCOMP_RET_ERRNO | EINVAL, 2, MADV_WIPEONFORK); };
  const auto ignore = [] { return filter(SYS_madvise, SECCOMP_RET_ERRNO); };
  const bool lies = GENERATE(false, true);
  const Buffer out = in_child([&] {
    if (lies ? !ignore() : !refuse()) {
      return kSkip;
    }
    Buffer all;
    // A new thread, whose generator is made under the filter.
    std::thread([&all] {
      const auto before = generator_pages();
      all = draw();
      if (generator_pages() != before) {
        all.assign(2 * kDraw, 0);
        return;
      }
      append(all, fork_to([] {
                    Buffer below = draw();
                    append(below, fork_to([] { return draw(); }).out);
                    return below;
                  }).out);
      append(all, draw());
    }).join();
    return all;
  });
  if (out == kSkip) {
    SKIP_CASE(kNoFilters);
  }
  CHECK(out.size() == 4 * kDraw);
  CHECK(all_different(out));
}

TEST_CASE("random: S11 after its first, a draw makes no system call", "[random]") {
  NEEDS_FORK();
  const auto under_filter = [](bool call) {
    return fork_to([call] {
      static std::uint8_t out[4096];
      const Random random = system_random();
      Buffer verdict{1};
      if (!random.fill(MutBytes(out, 1))) {
        return Buffer{0};
      }
      // From here on every call except read, write and exit ends the process.
      if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) {
        return kSkip;
      }
      if (call) {
        syscall(SYS_getppid);
      }
      for (const std::size_t size : {32u, 1u, 16u, 991u, 992u, 993u, 4096u}) {
        for (int i = 0; i < 100; ++i) {
          if (!random.fill(MutBytes(out, size))) {
            verdict[0] = 0;
          }
        }
      }
      return verdict;
    });
  };
  const Ended drawn = under_filter(false);
  if (drawn.out == kSkip) {
    SKIP_CASE(kNoFilters);
  }
  CHECK(WIFEXITED(drawn.status));
  CHECK_BYTES(drawn.out, "01");
  // The filter sees system calls.
  const Ended called = under_filter(true);
  CHECK(WIFSIGNALED(called.status));
  CHECK(called.out.empty());
}

TEST_CASE("random: S11 a system source that fails is an error to who draws", "[random]") {
  NEEDS_FORK();
  const Buffer out = in_child([] {
    std::uint8_t byte = 0;
    // If the C library has its own generator besides the system call, it cannot be made to fail.
    if (!filter(SYS_getrandom, SECCOMP_RET_ERRNO | ENOSYS) || getrandom(&byte, 1, 0) == 1) {
      return kSkip;
    }
    Buffer verdict;
    const auto check = [&verdict](const Random& random) {
      Buffer drawn(40, 0xaa);
      const auto result = random.fill(drawn);
      verdict.push_back(
          !result && result.error() == ErrorCode::random_unavailable && drawn == Buffer(40) ? 1 : 0);
    };
    // The fork left this thread without a seed; a new thread never had one.
    check(system_random());
    check(fresh_random());
    std::thread([&check] { check(system_random()); }).join();
    return verdict;
  });
  if (out == kSkip) {
    SKIP_CASE(kNoFilters);
  }
  CHECK_BYTES(out, "010101");
}

#if defined(__x86_64__)
TEST_CASE("random: S12 a thread that ends leaves its generator wiped", "[random]") {
  NEEDS_FORK();
  const Buffer out = in_child([] {
    // Mappings stay: munmap returns at once, so that the page can be looked at afterwards.
    struct sigaction action {};
    action.sa_flags = SA_SIGINFO;
    action.sa_sigaction = [](int, siginfo_t*, void* context) {
      static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RAX] = 0;
    };
    if (sigaction(SIGSYS, &action, nullptr) != 0 || !filter(SYS_munmap, SECCOMP_RET_TRAP)) {
      return kSkip;
    }
    const auto before = generator_pages();
    std::set<std::uintptr_t> made;
    std::size_t zeros = 1024;
    std::thread([&] {
      draw();
      for (const std::uintptr_t page : generator_pages()) {
        if (before.count(page) == 0) {
          made.insert(page);
          zeros = zeros_in(page);
        }
      }
    }).join();
    if (made.empty()) {
      return kSkip;
    }
    return Buffer{static_cast<std::uint8_t>(made.size()), static_cast<std::uint8_t>(zeros < 200 ? 1 : 0),
                  static_cast<std::uint8_t>(zeros_in(*made.begin()) == 1024 ? 1 : 0)};
  });
  if (out == kSkip) {
    SKIP_CASE(kNoFilters);
  }
  CHECK_BYTES(out, "010101");
}
#endif

TEST_CASE("random: threads come and go without losing pages, also those that draw while they end",
          "[random]") {
  static pthread_key_t key;
  static int drawn = 0;
  REQUIRE(pthread_key_create(&key, [](void*) { drawn += draw() != Buffer(kDraw) ? 1 : 0; }) == 0);
  const auto mappings = [] {
    std::ifstream maps("/proc/self/maps");
    std::size_t lines = 0;
    for (std::string line; std::getline(maps, line);) {
      ++lines;
    }
    return lines;
  };
  const auto burst = [] {
    for (int i = 0; i < 100; ++i) {
      std::thread([] {
        pthread_setspecific(key, &key);
        draw();
      }).join();
    }
  };
  burst();
  const std::size_t before = mappings();
  const std::size_t pages = generator_pages().size();
  burst();
  CHECK(drawn == 200);
  CHECK(mappings() < before + 20);
  CHECK(generator_pages().size() <= pages);
  pthread_key_delete(key);
}

}  // namespace system_random_test
