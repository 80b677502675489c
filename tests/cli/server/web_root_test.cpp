// SPDX-License-Identifier: Apache-2.0
#include "server/web_root.hpp"

#include "catch.hpp"
#include "cli/tool.hpp"

#include <sys/stat.h>

using namespace ashlar;
using namespace ashlar::cli;
using ashlar::test::Folder;

TEST_CASE("web root: files and folders inside are opened", "[cli]") {
  const Folder folder;
  folder.write("www/index.html", "page");
  folder.write("www/sub/file.txt", "text");
  const WebRoot root(folder / "www");
  auto page = root.open("index.html");
  REQUIRE(page);
  CHECK(page->size() == 4);
  std::uint8_t bytes[10];
  CHECK(page->read(0, bytes) == 4);
  CHECK(page->read(3, bytes) == 1);
  CHECK(bytes[0] == 'e');
  CHECK(page->read(4, bytes) == 0);
  auto sub = root.open("sub");
  REQUIRE(sub);
  CHECK(sub->is_folder());
  CHECK(sub->list() == std::vector<std::string>{"file.txt"});
  auto top = root.open("");
  REQUIRE(top);
  CHECK(top->list() == std::vector<std::string>{"index.html", "sub/"});
  CHECK(!root.open("absent"));
  CHECK(!root.open("index.html/"));
}

TEST_CASE("web root: nothing outside is opened, by dots, links or absolute names", "[cli]") {
  const Folder folder;
  folder.write("secret.txt", "secret");
  folder.write("outside/secret.txt", "secret");
  folder.write("www/inside/file.txt", "text");
  std::filesystem::create_symlink(folder / "secret.txt", folder / "www/link");
  std::filesystem::create_symlink("../secret.txt", folder / "www/relative");
  std::filesystem::create_directory_symlink(folder / "outside", folder / "www/folder");
  std::filesystem::create_directory_symlink("/", folder / "www/root");
  const WebRoot root(folder / "www");
  for (const std::string& path :
       {std::string("../secret.txt"), std::string("inside/../../secret.txt"), std::string("link"),
        std::string("relative"), std::string("folder/secret.txt"), std::string("folder"),
        std::string("root/etc/passwd"), folder / "secret.txt", std::string("/etc/passwd")}) {
    INFO(path);
    CHECK(!root.open(path));
  }
}

TEST_CASE("web root: hidden names, pipes and devices are not served", "[cli]") {
  const Folder folder;
  folder.write("www/.git/config", "x");
  folder.write("www/.key", "x");
  folder.write("www/.well-known/token", "x");
  REQUIRE(mkfifo((folder / "www/pipe").c_str(), 0600) == 0);
  const WebRoot root(folder / "www");
  CHECK(!root.open(".git/config"));
  CHECK(!root.open(".key"));
  CHECK(!root.open("pipe"));
  CHECK(root.open(".well-known/token"));
  CHECK(root.open("")->list() == std::vector<std::string>{"pipe"});
}
