// SPDX-License-Identifier: Apache-2.0
#include "server/web_root.hpp"

#include "failure/failure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#if defined(__linux__) && __has_include(<linux/openat2.h>)
#include <linux/openat2.h>
#endif

namespace ashlar::cli {
namespace {

// Without O_NONBLOCK opening a named pipe would wait for its writer.
constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

bool is_hidden(std::string_view path) {
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (!segment.empty() && segment[0] == '.' && segment != ".well-known") {
      return true;
    }
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return false;
}

// Opens one folder after the other and follows no links: for kernels without openat2.
int open_without_links(int folder, std::string_view path) {
  int current = ::dup(folder);
  while (!path.empty() && current >= 0) {
    const std::size_t slash = path.find('/');
    const std::string segment(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    const int next =
        segment.empty() ? ::dup(current) : ::openat(current, segment.c_str(), kFlags | O_NOFOLLOW);
    ::close(current);
    current = next;
  }
  return current;
}

// Links are followed if they stay inside.
int open_beneath(int folder, const std::string& path) {
#if defined(SYS_openat2) && defined(RESOLVE_BENEATH)
  open_how how{};
  how.flags = static_cast<std::uint64_t>(kFlags);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const std::string name = path.empty() ? "." : path;
  const long opened = ::syscall(SYS_openat2, folder, name.c_str(), &how, sizeof how);
  if (opened >= 0 || (errno != ENOSYS && errno != EPERM)) {
    return static_cast<int>(opened);
  }
#endif
  return open_without_links(folder, path);
}

}  // namespace

WebRoot::WebRoot(const std::string& path)
    : folder_(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (folder_ < 0) {
    throw Failure(system_words(path, errno, "a folder to serve"));
  }
}

WebRoot::~WebRoot() {
  ::close(folder_);
}

std::optional<WebRoot::Entry> WebRoot::open(const std::string& path) const {
  if (is_hidden(path)) {
    return std::nullopt;
  }
  const int descriptor = open_beneath(folder_, path);
  if (descriptor < 0) {
    return std::nullopt;
  }
  struct stat info {};
  if (::fstat(descriptor, &info) != 0 || (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))) {
    ::close(descriptor);
    return std::nullopt;
  }
  return Entry(descriptor, S_ISDIR(info.st_mode), static_cast<std::uint64_t>(info.st_size),
               {info.st_mtim.tv_sec, info.st_mtim.tv_nsec});
}

WebRoot::Entry::~Entry() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

std::size_t WebRoot::Entry::read(std::uint64_t offset, MutBytes out) const {
  ssize_t count = 0;
  do {
    count = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
  } while (count < 0 && errno == EINTR);
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

std::vector<std::string> WebRoot::Entry::list() const {
  std::vector<std::string> names;
  const int copy = ::dup(descriptor_);
  DIR* const folder = copy < 0 ? nullptr : ::fdopendir(copy);
  if (folder == nullptr) {
    if (copy >= 0) {
      ::close(copy);
    }
    return names;
  }
  while (const dirent* const entry = ::readdir(folder)) {
    if (entry->d_name[0] == '.') {
      continue;
    }
    struct stat info {};
    const bool is_folder = ::fstatat(descriptor_, entry->d_name, &info, 0) == 0 && S_ISDIR(info.st_mode);
    names.push_back(std::string(entry->d_name) + (is_folder ? "/" : ""));
  }
  ::closedir(folder);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace ashlar::cli
