// SPDX-License-Identifier: Apache-2.0
// Two processes are forked before anything else happens, so that their memory is laid out alike. Then each is
// stepped, one after the other, between two breakpoints.
#include "trace/tracer.hpp"

#include <sched.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>

namespace ashlar::trace {

namespace {

constexpr std::size_t kMaxSteps = 4000000;

// The tracer and the traced process always wait for each other. On two CPUs each step would also wait for a
// CPU to wake.
void stay_on_this_cpu() {
  cpu_set_t here;
  CPU_ZERO(&here);
  CPU_SET(static_cast<unsigned>(sched_getcpu()), &here);
  (void)sched_setaffinity(0, sizeof here, &here);
}

pid_t start(const Prepare& prepare, std::uint64_t seed) {
  const pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    const auto function = prepare(seed);
    __asm__ volatile("int3" ::: "memory");
    function();
    __asm__ volatile("int3" ::: "memory");
    _exit(0);
  }
  return child;
}

std::uint64_t value(const user_regs_struct& r, int number) {
  const unsigned long long values[16] = {r.rax, r.rcx, r.rdx, r.rbx, r.rsp, r.rbp, r.rsi, r.rdi,
                                         r.r8,  r.r9,  r.r10, r.r11, r.r12, r.r13, r.r14, r.r15};
  return number < 0 ? 0 : values[number];
}

// Whether the process has stopped at a trap. Job control may stop it before it has taken its step. It then
// continues as `request` says, once this process continues.
bool stopped(pid_t child, __ptrace_request request, std::string& error) {
  int status = 0;
  while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
    if (WSTOPSIG(status) == SIGTRAP) {
      return true;
    }
    const int signal = WSTOPSIG(status);
    if (signal != SIGSTOP && signal != SIGTSTP && signal != SIGCONT) {
      break;
    }
    ptrace(request, child, nullptr, nullptr);
  }
  error = WIFSTOPPED(status) ? "signal " + std::to_string(WSTOPSIG(status)) : "it ended early";
  return false;
}

// Code is read a word at a time and kept, since most instructions run many times in both processes.
struct Code {
  std::uint8_t bytes[16];
};

Code read_code(pid_t child, std::uint64_t at) {
  Code code;
  for (unsigned i = 0; i < 2; ++i) {
    const long word = ptrace(PTRACE_PEEKTEXT, child, at + 8 * i, nullptr);
    std::memcpy(code.bytes + 8 * i, &word, 8);
  }
  return code;
}

Step observe(pid_t child, const user_regs_struct& r, const Operand& operand, std::string& error) {
  Step step;
  step.instruction = r.rip;
  step.stack = r.rsp;
  if (operand.vector_index) {
    error = "a gather or scatter, whose addresses come from a vector";
  }
  if (operand.memory) {
    step.touched = value(r, operand.base) + value(r, operand.index) * operand.scale;
  } else if (operand.source_string || operand.target_string) {
    step.touched = (operand.source_string ? 3 * r.rsi : 0) + (operand.target_string ? r.rdi : 0);
  } else if (operand.translate) {
    step.touched = r.rbx + (r.rax & 0xff);
  }
  if (operand.divides) {
    std::uint64_t divisor = value(r, operand.divisor);
    if (operand.memory) {
      divisor = static_cast<std::uint64_t>(
          ptrace(PTRACE_PEEKDATA, child, step.touched + operand.displacement, nullptr));
    }
    step.operands = r.rax * 5 + r.rdx * 3 + divisor;
  }
  return step;
}

std::vector<Step> trace(pid_t child, std::string& error) {
  std::vector<Step> steps;
  std::vector<std::pair<std::uint64_t, Operand>> known(1 << 14);
  if (!stopped(child, PTRACE_CONT, error)) {
    return {};
  }
  while (steps.size() < kMaxSteps) {
    user_regs_struct r;
    ptrace(PTRACE_GETREGS, child, nullptr, &r);
    auto& [at, operand] = known[r.rip % known.size()];
    if (at != r.rip) {
      const Code code = read_code(child, r.rip);
      if (code.bytes[0] == 0xcc) {
        return steps;
      }
      at = r.rip;
      operand = decode(code.bytes);
    }
    steps.push_back(observe(child, r, operand, error));
    ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr);
    if (!error.empty() || !stopped(child, PTRACE_SINGLESTEP, error)) {
      return {};
    }
  }
  error = "too long";
  return {};
}

std::string describe(const Step& a, const Step& b, std::size_t at) {
  const char* what = a.instruction != b.instruction ? "another instruction"
                     : a.operands != b.operands     ? "a division of other numbers"
                                                    : "other memory";
  char text[100];
  std::snprintf(text, sizeof text, "%s at step %zu, %#llx", what, at,
                static_cast<unsigned long long>(a.instruction));
  return text;
}

}  // namespace

std::string difference(const Prepare& prepare, std::size_t& steps) {
  stay_on_this_cpu();
  const pid_t children[2] = {start(prepare, 1), start(prepare, 2)};
  std::string errors[2];
  std::vector<Step> traces[2];
  for (int i = 0; i < 2; ++i) {
    traces[i] = trace(children[i], errors[i]);
    kill(children[i], SIGKILL);
    int status = 0;
    waitpid(children[i], &status, 0);
  }
  steps = traces[0].size();
  for (int i = 0; i < 2; ++i) {
    if (!errors[i].empty()) {
      return errors[i];
    }
  }
  for (std::size_t i = 0; i < traces[0].size() && i < traces[1].size(); ++i) {
    if (traces[0][i] != traces[1][i]) {
      return describe(traces[0][i], traces[1][i], i);
    }
  }
  return traces[0].size() == traces[1].size() ? "" : "one runs longer";
}

}  // namespace ashlar::trace
