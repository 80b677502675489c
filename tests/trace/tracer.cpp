// SPDX-License-Identifier: Apache-2.0
// Two processes are forked before anything else happens, so that their memory is laid out alike. Each steps
// itself, one after the other, between two breakpoints: the CPU's trap flag brings it into a signal handler
// after every instruction. A debugger (ptrace) would see the same, but two processes would then take turns at
// each step, at three times the cost.
#include "trace/tracer.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <span>

namespace ashlar::trace {

namespace {

constexpr std::size_t kMaxSteps = 4000000;
constexpr greg_t kTrapFlag = 0x100;

// What a traced process leaves behind, in memory that it shares with its parent.
struct Trace {
  std::size_t count;
  bool whole;  // it came to the second breakpoint
  char error[60];
  Step steps[kMaxSteps];
};

struct Instruction {
  std::uint64_t at;
  Operand operand;
};

// Of this process. Each process has its own stack for the handler, so that none of the traced function's is
// touched.
Trace* own = nullptr;
Instruction known[1 << 14];
alignas(64) std::uint8_t handler_stack[1 << 16];

std::uint64_t value(const greg_t* r, int number) {
  static constexpr int kPlaces[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                      REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  return number < 0 ? 0 : static_cast<std::uint64_t>(r[kPlaces[number]]);
}

[[noreturn]] void end(const char* error) {
  std::snprintf(own->error, sizeof own->error, "%s", error);
  _exit(0);
}

Step observe(const greg_t* r, const Operand& operand) {
  const auto at = [r](int place) { return static_cast<std::uint64_t>(r[place]); };
  Step step;
  step.instruction = at(REG_RIP);
  step.stack = at(REG_RSP);
  if (operand.vector_index) {
    end("a gather or scatter, whose addresses come from a vector");
  }
  if (operand.memory) {
    step.touched = value(r, operand.base) + value(r, operand.index) * operand.scale;
  } else if (operand.source_string || operand.target_string) {
    step.touched = (operand.source_string ? 3 * at(REG_RSI) : 0) + (operand.target_string ? at(REG_RDI) : 0);
  } else if (operand.translate) {
    step.touched = at(REG_RBX) + (at(REG_RAX) & 0xff);
  }
  if (operand.divides) {
    std::uint64_t divisor = value(r, operand.divisor);
    if (operand.memory) {
      std::memcpy(&divisor, reinterpret_cast<const void*>(step.touched + operand.displacement), 8);
    }
    step.operands = at(REG_RAX) * 5 + at(REG_RDX) * 3 + divisor;
  }
  return step;
}

// Before the instruction at rip. What an instruction does is read once, since most run many times.
void stepped(int, siginfo_t*, void* context) {
  greg_t* const r = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const auto at = static_cast<std::uint64_t>(r[REG_RIP]);
  auto& instruction = known[at % std::size(known)];
  if (instruction.at != at) {
    std::uint8_t code[16];
    std::memcpy(code, reinterpret_cast<const void*>(at), sizeof code);
    if (code[0] == 0xcc) {
      own->whole = true;
      _exit(0);
    }
    instruction = {at, decode(code)};
  }
  if (own->count == kMaxSteps) {
    end("too long");
  }
  own->steps[own->count++] = observe(r, instruction.operand);
  r[REG_EFL] |= kTrapFlag;
}

[[noreturn]] void step_through(const Prepare& prepare, std::uint64_t seed) {
  const stack_t stack = {.ss_sp = handler_stack, .ss_flags = 0, .ss_size = sizeof handler_stack};
  struct sigaction action = {};
  action.sa_sigaction = stepped;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  // What the tests' main program does about crashes is not for this process: its parent tells of them.
  for (const int fatal : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV}) {
    std::signal(fatal, SIG_DFL);
  }
  if (sigaltstack(&stack, nullptr) != 0 || sigaction(SIGTRAP, &action, nullptr) != 0) {
    end("no signal handler");
  }
  const auto function = prepare(seed);
  __asm__ volatile("int3" ::: "memory");
  function();
  __asm__ volatile("int3" ::: "memory");
  _exit(0);
}

// How the process ended, if not at the second breakpoint.
std::string error_of(pid_t child, const Trace& trace) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) {
    return "it cannot be waited for";
  }
  if (WIFSIGNALED(status)) {
    return "signal " + std::to_string(WTERMSIG(status));
  }
  return trace.whole ? "" : trace.error[0] != 0 ? trace.error : "it ended early";
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
  // Zero, and there as far as it is written to.
  void* const memory = mmap(nullptr, 2 * sizeof(Trace), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    return "no memory";
  }
  Trace* const traces = static_cast<Trace*>(memory);
  std::string result;
  pid_t children[2];
  for (int i = 0; i < 2; ++i) {
    children[i] = fork();
    if (children[i] == 0) {
      own = &traces[i];
      step_through(prepare, static_cast<std::uint64_t>(i) + 1);
    }
  }
  for (int i = 0; i < 2; ++i) {
    const std::string error = children[i] < 0 ? "no process" : error_of(children[i], traces[i]);
    result = result.empty() ? error : result;
  }
  const std::span<const Step> first(traces[0].steps, traces[0].count);
  const std::span<const Step> second(traces[1].steps, traces[1].count);
  steps = first.size();
  for (std::size_t i = 0; i < first.size() && i < second.size() && result.empty(); ++i) {
    if (first[i] != second[i]) {
      result = describe(first[i], second[i], i);
    }
  }
  if (result.empty() && first.size() != second.size()) {
    result = "one runs longer";
  }
  munmap(memory, 2 * sizeof(Trace));
  return result;
}

}  // namespace ashlar::trace
