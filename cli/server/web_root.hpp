// SPDX-License-Identifier: Apache-2.0
// The folder that a web server shows. Nothing outside of it can be reached, neither by ".." nor by a
// link.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ashlar::cli {

class WebRoot {
 public:
  // A Failure if it is not a folder.
  explicit WebRoot(const std::string& path);
  WebRoot(const WebRoot&) = delete;
  WebRoot& operator=(const WebRoot&) = delete;
  ~WebRoot();

  // An open file or subfolder of the folder.
  class Entry {
   public:
    // When it was last changed.
    struct Changed {
      std::int64_t seconds;  // since 1970
      std::int64_t nanoseconds;
    };
    Entry(int descriptor, bool folder, std::uint64_t size, Changed changed)
        : descriptor_(descriptor), folder_(folder), size_(size), changed_(changed) {}
    Entry(Entry&& other) noexcept
        : descriptor_(other.descriptor_),
          folder_(other.folder_),
          size_(other.size_),
          changed_(other.changed_) {
      other.descriptor_ = -1;
    }
    Entry& operator=(Entry&& other) noexcept {
      std::swap(descriptor_, other.descriptor_);
      std::swap(folder_, other.folder_);
      std::swap(size_, other.size_);
      std::swap(changed_, other.changed_);
      return *this;
    }
    ~Entry();
    bool is_folder() const { return folder_; }
    std::uint64_t size() const { return size_; }
    const Changed& changed() const { return changed_; }
    // Bytes from `offset` on, at most out.size(); 0 at the end of the file or if it cannot be read.
    std::size_t read(std::uint64_t offset, MutBytes out) const;
    // The names in a folder, sorted. Folders have a slash. Names that begin with a dot are left out.
    std::vector<std::string> list() const;

   private:
    int descriptor_;
    bool folder_;
    std::uint64_t size_;
    Changed changed_;
  };

  // path: as from decode_target. Nothing if it does not exist, is neither file nor folder, is hidden (a name
  // that begins with a dot, except .well-known), or leads out of the folder.
  std::optional<Entry> open(const std::string& path) const;

 private:
  int folder_;
};

}  // namespace ashlar::cli
