// SPDX-License-Identifier: Apache-2.0
#include "files/files.hpp"

#include "failure/failure.hpp"
#include "output/terminal.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ashlar::cli {
namespace {

bool is_standard(const std::string& path) {
  return path.empty() || path == "-";
}

std::string output_name(const std::string& path) {
  return is_standard(path) ? "standard output" : path;
}

bool is_folder(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

[[noreturn]] void fail(const std::string& path) {
  throw Failure(system_words(path, errno, "a place that can be written to"));
}
[[noreturn]] void fail_to_read(const std::string& name) {
  throw Failure(system_words(name, errno, "a file that can be read"));
}

void write_all(int descriptor, Bytes data, const std::string& path) {
  while (!data.empty()) {
    const ssize_t count = ::write(descriptor, data.data(), data.size());
    if (count < 0) {
      if (errno == EINTR) {
        continue;
      }
      fail(path);
    }
    data = data.subspan(static_cast<std::size_t>(count));
  }
}

// Closes itself on every exit.
struct Descriptor {
  int number;
  ~Descriptor() {
    if (number > STDERR_FILENO) {
      ::close(number);
    }
  }
};

}  // namespace

std::string input_name(const std::string& path) {
  return is_standard(path) ? "standard input" : path;
}

void read_pieces(const std::string& path, const std::function<void(Bytes)>& use) {
  const std::string name = input_name(path);
  const Descriptor file{is_standard(path) ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0) {
    fail_to_read(name);
  }
  FileBytes piece(std::vector<std::uint8_t>(64 * 1024));
  for (;;) {
    const ssize_t count = ::read(file.number, piece.room().data(), piece.room().size());
    if (count == 0) {
      return;
    }
    if (count > 0) {
      use(piece.bytes().first(static_cast<std::size_t>(count)));
    } else if (errno != EINTR) {
      fail_to_read(name);
    }
  }
}

void read_shown(const std::string& path, const std::function<void(Bytes)>& use) {
  ByteProgress progress(input_name(path), file_size(path));
  read_pieces(path, [&](Bytes piece) {
    use(piece);
    progress.advance(piece.size());
  });
}

std::optional<std::uint64_t> file_size(const std::string& path) {
  struct stat found {};
  const bool standard = path.empty() || path == "-";
  if ((standard ? ::fstat(STDIN_FILENO, &found) : ::stat(path.c_str(), &found)) != 0 ||
      !S_ISREG(found.st_mode)) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(found.st_size);
}

FileBytes read_whole(const std::string& path, std::size_t limit) {
  std::vector<std::uint8_t> all;
  read_pieces(path, [&](Bytes piece) {
    if (piece.size() > limit - all.size()) {
      throw Failure(Words{.cause = input_name(path) + ": the file is too large to be what is wanted",
                          .found = "more than " + std::to_string(limit) + " bytes",
                          .wanted = "at most that many",
                          .next = "check that it is the right file"});
    }
    if (all.capacity() - all.size() < piece.size()) {
      // Grown by hand, so that the old copy is wiped.
      std::vector<std::uint8_t> larger;
      larger.reserve(2 * (all.size() + piece.size()));
      larger.assign(all.begin(), all.end());
      all.swap(larger);
      wipe(larger.data(), larger.size());
    }
    all.insert(all.end(), piece.begin(), piece.end());
  });
  return FileBytes(std::move(all));
}

void write_whole(const std::string& path, Bytes content, WriteOptions options) {
  WholeFile file(path, options);
  file.write(content);
  file.keep();
}

// A new file is written in its place, so that nobody else can take the name. A replacement is written beside
// the old file, so that an error leaves the old file intact.
WholeFile::WholeFile(const std::string& path, WriteOptions options)
    : path_(output_name(path)), descriptor_(STDOUT_FILENO) {
  if (path_ != path) {
    return;
  }
  if (is_folder(path)) {
    errno = EISDIR;
    fail(path);
  }
  const std::string written = options.replace ? path + ".new" : path;
  if (options.replace) {
    ::unlink(written.c_str());
  }
  const mode_t mode = options.secret ? 0600 : 0666;
  descriptor_ = ::open(written.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (descriptor_ < 0) {
    if (errno == EEXIST && !options.replace) {
      throw Failure(Words{.cause = path + ": there is such a file already",
                          .found = "a file of that name",
                          .wanted = "a new name, so that nothing is lost",
                          .next = "give another name, or --force to replace it"});
    }
    fail(written);
  }
  written_ = written;
}

WholeFile::~WholeFile() {
  if (!written_.empty()) {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
    ::unlink(written_.c_str());
  }
}

void WholeFile::write(Bytes data) {
  write_all(descriptor_, data, path_);
}

void WholeFile::keep() {
  if (written_.empty()) {
    return;
  }
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0 || (written_ != path_ && ::rename(written_.c_str(), path_.c_str()) != 0)) {
    fail(path_);
  }
  written_.clear();
}

Output::Output(const std::string& path)
    : path_(output_name(path)),
      descriptor_(path_ == path ? ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)
                                : STDOUT_FILENO) {
  if (descriptor_ < 0) {
    fail(path_);
  }
}

Output::~Output() {
  if (descriptor_ > STDERR_FILENO) {
    ::close(descriptor_);
  }
}

void Output::write(Bytes data) {
  write_all(descriptor_, data, path_);
}

void Output::close() {
  if (descriptor_ > STDERR_FILENO && ::close(descriptor_) != 0) {
    descriptor_ = -1;
    fail(path_);
  }
  descriptor_ = -1;
}

}  // namespace ashlar::cli
