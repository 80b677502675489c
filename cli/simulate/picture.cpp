// SPDX-License-Identifier: Apache-2.0
#include "simulate/picture.hpp"

#include "trace/messages.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

namespace ashlar::cli {
namespace {

constexpr std::size_t kTime = 6, kArrow = 30, kWidth = kTime + 2 + kArrow + 2 + kTime;
constexpr const char* kBetween = "   |   ";

std::string right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}
std::string left(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text.size()), ' ');
}

// "    56  1 ClientHello -------------->      84".
std::string row(const SimulatedMessage& message) {
  const std::string phase = message.phase && *message.phase != tls::Phase::data
                                ? std::to_string(static_cast<int>(*message.phase))
                                : " ";
  const std::string name = phase + " " + message.name;
  const std::string line(kArrow - std::min(kArrow, name.size() + 2), '-');
  const std::string leaves = milliseconds(message.leaves), arrives = milliseconds(message.arrives);
  return message.from_client ? right(leaves, kTime) + "  " + name + " " + line + ">  " + left(arrives, kTime)
                             : right(arrives, kTime) + "  <" + line + " " + name + "  " + left(leaves, kTime);
}

std::string heading(const SimulatedRun& run) {
  return left(right("ms", kTime) + "  " + (run.resumed ? "abbreviated handshake" : "full handshake"),
              kWidth - kTime) +
         left("ms", kTime);
}
std::string ends() {
  return left(right("client", kTime), kWidth - kTime) + "server";
}

std::vector<std::string> rows_of(const SimulatedRun& run, SimulatedTime leaves) {
  std::vector<std::string> rows;
  for (const SimulatedMessage& message : run.messages) {
    if (message.leaves == leaves) {
      rows.push_back(row(message));
    }
  }
  return rows;
}

std::string summary(const SimulatedRun& run) {
  const auto find = [&run](const char* name) {
    return std::find_if(run.messages.begin(), run.messages.end(),
                        [name](const SimulatedMessage& message) { return message.name == name; });
  };
  const auto request = find("request"), response = find("response");
  std::string text = run.resumed ? "Abbreviated: " : "Full: ";
  text += run.agreed + "; the server is done at " + milliseconds(run.server_done) + " ms, the client at " +
          milliseconds(run.client_done) + " ms";
  if (request != run.messages.end() && response != run.messages.end()) {
    text += "; the first request leaves at " + milliseconds(request->leaves) +
            " ms, its response is there at " + milliseconds(response->arrives) + " ms";
  }
  return text + "\n";
}

}  // namespace

std::string milliseconds(SimulatedTime time) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", static_cast<double>(time.count()) / 1e6);
  return text;
}

std::string picture(const std::vector<SimulatedRun>& runs, bool tls13) {
  std::string text;
  const auto join = [&](const std::vector<std::string>& parts) {
    std::string line;
    for (const std::string& part : parts) {
      line += (line.empty() ? "" : kBetween) + left(part, kWidth);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  std::vector<std::string> above, below;
  std::set<SimulatedTime> times;
  std::set<tls::Phase> phases;
  for (const SimulatedRun& run : runs) {
    above.push_back(heading(run));
    below.push_back(ends());
    for (const SimulatedMessage& message : run.messages) {
      times.insert(message.leaves);
      if (message.phase && *message.phase != tls::Phase::data) {
        phases.insert(*message.phase);
      }
    }
  }
  join(above);
  join(below);
  for (const SimulatedTime time : times) {
    std::vector<std::vector<std::string>> columns;
    std::size_t most = 0;
    for (const SimulatedRun& run : runs) {
      columns.push_back(rows_of(run, time));
      most = std::max(most, columns.back().size());
    }
    for (std::size_t i = 0; i < most; ++i) {
      std::vector<std::string> parts;
      for (const auto& column : columns) {
        parts.push_back(i < column.size() ? column[i] : "");
      }
      join(parts);
    }
  }
  text += "\n";
  for (const tls::Phase phase : phases) {
    text += std::string(phase_title(phase, tls13)) + "\n";
  }
  text += "\n";
  for (const SimulatedRun& run : runs) {
    text += summary(run);
  }
  return text;
}

}  // namespace ashlar::cli
