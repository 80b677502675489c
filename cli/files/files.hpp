// SPDX-License-Identifier: Apache-2.0
// Files and pipes, read whole or in pieces, and written so that nothing is lost or exposed.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ashlar::cli {

// Bytes in memory that are wiped when they die: files may hold keys.
class FileBytes {
 public:
  FileBytes() = default;
  explicit FileBytes(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {}
  FileBytes(FileBytes&&) noexcept = default;
  FileBytes& operator=(FileBytes&& other) noexcept {
    bytes_.swap(other.bytes_);  // the other object wipes the old content
    return *this;
  }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  ~FileBytes() { wipe(bytes_.data(), bytes_.size()); }

  Bytes bytes() const { return bytes_; }
  MutBytes room() { return bytes_; }
  std::string_view text() const { return text_of(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

// The name of the input in messages: the path, or "standard input" for "-" and "".
std::string input_name(const std::string& path);

// Calls `use` with the content of a file, pipe or device, piece by piece. "-" is standard input. Failures
// name the file and the reason.
void read_pieces(const std::string& path, const std::function<void(Bytes)>& use);
// The same, with progress shown.
void read_shown(const std::string& path, const std::function<void(Bytes)>& use);
// Reads all of it. More than `limit` bytes are a Failure.
FileBytes read_whole(const std::string& path, std::size_t limit = 64U << 20);

// The size of a regular file; nothing for pipes, devices and missing files.
std::optional<std::uint64_t> file_size(const std::string& path);

// Writes a whole file. "-" or "" is standard output.
struct WriteOptions {
  bool secret = false;   // mode 0600 whatever the umask
  bool replace = false;  // else an existing file is a Failure
};
void write_whole(const std::string& path, Bytes content, WriteOptions options);

// A file being written; "-" or "" is standard output. Written data stays if the program fails.
class Output {
 public:
  explicit Output(const std::string& path);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output();

  void write(Bytes data);
  void write(std::string_view text) { write(bytes_of(text)); }
  // Reports failures of the last write too.
  void close();

 private:
  std::string path_;
  int descriptor_;
};

// A file that appears only when it is complete; "-" or "" is standard output, which keeps what it got.
class WholeFile {
 public:
  WholeFile(const std::string& path, WriteOptions options);
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  // Without keep() nothing is left, and a file that existed before is unchanged.
  ~WholeFile();

  void write(Bytes data);
  void keep();

 private:
  std::string path_;     // its name in messages
  std::string written_;  // where the bytes go until keep(); empty for standard output
  int descriptor_;
};

}  // namespace ashlar::cli
