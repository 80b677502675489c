// SPDX-License-Identifier: Apache-2.0
// Runs the built tool and other programs for tests: with a time limit, output in strings, in a temporary
// folder.
#pragma once

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace ashlar::test {

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

using Arguments = std::vector<std::string>;

// A folder for one test case.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "ashlar-test.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw std::runtime_error("no temporary folder");
    }
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << content;
    return *this / name;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Finished {
  int status = -1;  // exit status; 1000 + signal
  std::string out;
  std::string err;
};

// A running program. It is killed when this object dies.
class Process {
 public:
  Process(const Folder& folder, const Arguments& arguments, const std::string& input = "") {
    static int number = 0;
    const std::string base = folder / ("process" + std::to_string(++number));
    out_ = base + ".out";
    err_ = base + ".err";
    std::ofstream(base + ".in", std::ios::binary) << input;
    std::vector<char*> raw;
    for (const std::string& argument : arguments) {
      raw.push_back(const_cast<char*>(argument.c_str()));
    }
    raw.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(open((base + ".in").c_str(), O_RDONLY), 0);
      dup2(open(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
      dup2(open(err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
      execvp(raw[0], raw.data());
      _exit(127);
    }
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }

  Finished wait(int seconds = 120) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    int status = 0;
    while (waitpid(pid_, &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > end) {
        throw std::runtime_error("a program did not end in time; it said: " + content_of(out_) +
                                 content_of(err_));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    pid_ = -1;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status), content_of(out_),
            content_of(err_)};
  }
  void signal(int number) { kill(pid_, number); }
  // Bytes of memory that it holds now.
  std::size_t resident() const {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
    std::size_t all = 0, pages = 0;
    file >> all >> pages;
    return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  }
  std::string out() const { return content_of(out_); }
  std::string err() const { return content_of(err_); }

  // The port of "listening on ADDRESS:PORT", once it is printed.
  std::string port(int seconds = 60) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (std::chrono::steady_clock::now() < end) {
      const std::string text = out();
      const std::size_t at = text.find("listening on ");
      const std::size_t line = text.find('\n', at);
      if (at != std::string::npos && line != std::string::npos) {
        const std::size_t colon = text.rfind(':', line);
        return text.substr(colon + 1, line - colon - 1);
      }
      int status = 0;
      if (waitpid(pid_, &status, WNOHANG) != 0) {
        pid_ = -1;
        throw std::runtime_error("the server did not start: " + err());
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    throw std::runtime_error("the server does not say where it listens: " + err());
  }

 private:
  pid_t pid_ = -1;
  std::string out_, err_;
};

inline Finished run(const Folder& folder, const Arguments& arguments, const std::string& input = "") {
  return Process(folder, arguments, input).wait();
}

// ashlar ARGUMENTS…
inline Arguments tool(Arguments arguments) {
  arguments.insert(arguments.begin(), ASHLAR_TOOL);
  return arguments;
}
inline Finished run_tool(const Folder& folder, const Arguments& arguments, const std::string& input = "") {
  return run(folder, tool(arguments), input);
}

inline bool have_program(const std::string& name) {
  for (const char* const folder : {"/usr/bin/", "/bin/", "/usr/local/bin/", "/usr/sbin/"}) {
    if (access((folder + name).c_str(), X_OK) == 0) {
      return true;
    }
  }
  return false;
}

// A CA, and certificates that it signed, all on P-256 except an RSA server. Made once.
struct Identities {
  Folder folder;
  std::string ca, ca_key, server, server_key, rsa_server, rsa_server_key, client, client_key, other_ca,
      other_ca_key;

  Identities() {
    const auto make = [this](const Arguments& arguments) {
      const Finished done = run_tool(folder, arguments);
      if (done.status != 0) {
        throw std::runtime_error("an identity could not be made: " + done.err);
      }
    };
    const auto path = [this](const char* name) { return folder / name; };
    for (const char* const name : {"ca", "server", "client", "other_ca"}) {
      make({"key", "new", "p256", "-o", path((std::string(name) + ".key").c_str())});
    }
    make({"key", "new", "rsa:2048", "-o", path("rsa_server.key")});
    make({"cert", "new", "--ca", "--name", "Test CA", "--key", path("ca.key"), "-o", path("ca.pem")});
    make({"cert", "new", "--ca", "--name", "Other CA", "--key", path("other_ca.key"), "-o",
          path("other_ca.pem")});
    const Arguments issuer = {"--issuer-cert", path("ca.pem"), "--issuer-key", path("ca.key")};
    const auto issue = [&](Arguments arguments) {
      arguments.insert(arguments.end(), issuer.begin(), issuer.end());
      make(arguments);
    };
    issue({"cert", "new", "--name", "localhost", "--name", "127.0.0.1", "--key", path("server.key"), "-o",
           path("server.pem")});
    issue({"cert", "new", "--name", "localhost", "--name", "127.0.0.1", "--key", path("rsa_server.key"), "-o",
           path("rsa_server.pem")});
    issue({"cert", "new", "--client", "--common-name", "A client", "--key", path("client.key"), "-o",
           path("client.pem")});
    ca = path("ca.pem");
    ca_key = path("ca.key");
    server = path("server.pem");
    server_key = path("server.key");
    rsa_server = path("rsa_server.pem");
    rsa_server_key = path("rsa_server.key");
    client = path("client.pem");
    client_key = path("client.key");
    other_ca = path("other_ca.pem");
    other_ca_key = path("other_ca.key");
  }
};
inline const Identities& identities() {
  static const Identities all;
  return all;
}

// A plain TCP connection to a port on loopback.
class RawConnection {
 public:
  explicit RawConnection(const std::string& port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect to port " + port);
    }
  }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;
  ~RawConnection() { close(socket_); }
  void send(const std::string& bytes) { (void)!::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  // The input until the end of the connection, and the errno of that end: 0 for an orderly end.
  std::pair<std::string, int> read_to_end() {
    std::string all;
    char piece[4096];
    ssize_t count = 0;
    while ((count = ::recv(socket_, piece, sizeof piece, 0)) > 0) {
      all.append(piece, static_cast<std::size_t>(count));
    }
    return {all, count == 0 ? 0 : errno};
  }

 private:
  int socket_;
};

}  // namespace ashlar::test
