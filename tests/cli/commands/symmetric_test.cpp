// SPDX-License-Identifier: Apache-2.0
// mac, enc, dec and speed from outside.
#include "catch.hpp"
#include "cli/tool.hpp"
#include "support/skip.hpp"

#include <sys/stat.h>
#include <nlohmann/json.hpp>

#include <set>

using namespace ashlar::test;

namespace {

std::string content(std::size_t size) {
  std::string out(size, ' ');
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = static_cast<char>(i * 7 + i / 251);
  }
  return out;
}

const char* const kCode = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

}  // namespace

TEST_CASE("tool: mac gives RFC 4231's code, of a key as bytes and in hex", "[cli]") {
  const Folder folder;
  const std::string key = folder.write("key", "Jefe");
  const std::string hex = folder.write("key.hex", "4A656665\n");
  const std::string message = "what do ya want for nothing?";
  const std::string file = folder.write("message", message);
  CHECK(run_tool(folder, {"mac", "hmac-sha256", "--key", key}, message).out == std::string(kCode) + "  -\n");
  CHECK(run_tool(folder, {"mac", "hmac-sha256", "--hex-key", "--key", hex, file}).out ==
        kCode + ("  " + file) + "\n");
}

TEST_CASE("tool: mac gives RFC 4493's codes with AES, and wants a key of its size", "[cli]") {
  const Folder folder;
  const std::string key = folder.write("key", "2b7e151628aed2a6abf7158809cf4f3c");
  CHECK(run_tool(folder, {"mac", "aes-128-cmac", "--hex-key", "--key", key}).out ==
        "bb1d6929e95937287fa37d129b756746  -\n");
  const Finished wrong = run_tool(folder, {"mac", "aes-256-cmac", "--hex-key", "--key", key});
  CHECK(wrong.status == 1);
  CHECK(has(wrong.err, "key"));
}

TEST_CASE("tool: mac verifies a code, and says what a wrong one is", "[cli]") {
  const Folder folder;
  const std::string key = folder.write("key", "Jefe");
  const Arguments verify = {"mac", "hmac-sha256", "--key", key, "--verify", kCode};
  const Finished good = run_tool(folder, verify, "what do ya want for nothing?");
  CHECK(good.status == 0);
  CHECK(has(good.err, "is right"));
  const Finished bad = run_tool(folder, verify, "what do ya want for nothing!");
  CHECK(bad.status == 1);
  CHECK(has(bad.err, "standard input: this key makes another code"));
  CHECK(run_tool(folder, {"mac", "hmac-sha256", "--key", key, "--verify", "5bdc"}, "x").status == 2);
  CHECK(run_tool(folder, {"mac", "hmac-sha256", "--key", key, "--verify", "5bdcx"}, "x").status != 0);
}

TEST_CASE("tool: mac refuses what is no key", "[cli]") {
  const Folder folder;
  CHECK(has(run_tool(folder, {"mac", "hmac-sha256", "--key", folder.write("empty", "")}, "x").err,
            "an empty file is no key"));
  CHECK(
      has(run_tool(folder, {"mac", "hmac-sha256", "--hex-key", "--key", folder.write("odd", "abc")}, "x").err,
          "an odd number"));
  CHECK(
      has(run_tool(folder, {"mac", "hmac-sha256", "--hex-key", "--key", folder.write("no", "4a6x")}, "x").err,
          "not all of it is hex digits"));
  CHECK(run_tool(folder, {"mac", "hmac-sha256", "--key", folder / "absent"}, "x").status == 1);
}

TEST_CASE("tool: mac agrees with openssl", "[cli]") {
  if (!have_program("openssl")) {
    SKIP_CASE("no openssl");
  }
  const Folder folder;
  const std::string file = folder.write("file", content(300'000));
  const std::string key = folder.write("key", "a key of some length, longer than none");
  for (const std::string name : {"sha1", "sha256", "sha384", "sha512-256", "sha3-256"}) {
    INFO(name);
    const std::string theirs =
        run(folder, {"openssl", "dgst", "-" + name, "-hmac", content_of(key), "-r", file}).out;
    const std::string ours = run_tool(folder, {"mac", "hmac-" + name, "--key", key, file}).out;
    CHECK(ours.substr(0, ours.find(' ')) == theirs.substr(0, theirs.find(' ')));
  }
}

TEST_CASE("tool: enc and dec give files and pipes back, by key and by passphrase", "[cli]") {
  const Folder folder;
  const std::string key = folder.write("key", content(32));
  const std::string hex =
      folder.write("hex", "000102030405060708090a0b0c0d0e0f000102030405060708090A0B0C0D0E0F\n");
  const std::string words = folder.write("words", "correct horse\nanother line\n");
  const std::string plain = folder.write("plain", content(200'000));
  const std::string sealed = folder / "sealed", opened = folder / "opened";
  for (const Arguments& how :
       {Arguments{"--key", key}, Arguments{"--key", hex}, Arguments{"--passphrase-file", words}}) {
    const auto with = [&](Arguments arguments) {
      arguments.insert(arguments.end(), how.begin(), how.end());
      return arguments;
    };
    const Finished sealing = run_tool(folder, with({"enc", plain, "-o", sealed, "--force"}));
    INFO(sealing.err);
    REQUIRE(sealing.status == 0);
    CHECK(!has(content_of(sealed), content_of(plain).substr(0, 16)));
    CHECK(run_tool(folder, with({"dec", sealed, "-o", opened, "--force"})).status == 0);
    CHECK(content_of(opened) == content_of(plain));
    struct stat info {};
    REQUIRE(stat(opened.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    const Finished piped = run_tool(folder, with({"enc", "--cipher", "chacha20-poly1305"}), "abc");
    CHECK(run_tool(folder, with({"dec"}), piped.out).out == "abc");
  }
}

TEST_CASE("tool: dec leaves no file behind where the input is not whole", "[cli]") {
  const Folder folder;
  const std::string key = folder.write("key", content(32));
  const std::string sealed = run_tool(folder, {"enc", "--key", key}, content(200'000)).out;
  REQUIRE(sealed.size() > 200'000);
  const std::string cut = folder.write("cut", sealed.substr(0, sealed.size() - 1000));
  const std::string out = folder / "out";
  const Finished done = run_tool(folder, {"dec", "--key", key, cut, "-o", out});
  CHECK(done.status == 1);
  CHECK(has(done.err, "cut: chunk 4 was changed, is not in its place, or is cut short"));
  CHECK(access(out.c_str(), F_OK) != 0);
  folder.write("out", "what was here");
  CHECK(run_tool(folder, {"dec", "--key", key, cut, "-o", out, "--force"}).status == 1);
  CHECK(content_of(out) == "what was here");
  CHECK(access((out + ".new").c_str(), F_OK) != 0);
}

TEST_CASE("tool: dec says what a file was sealed with and what is no such file", "[cli]") {
  const Folder folder;
  const std::string key = folder.write("key", content(32));
  const std::string other = folder.write("other", std::string(32, 'x'));
  const std::string words = folder.write("words", "correct horse");
  const std::string wrong = folder.write("wrong", "wrong horse");
  const std::string by_key = folder.write("by_key", run_tool(folder, {"enc", "--key", key}, "abc").out);
  const std::string by_words =
      folder.write("by_words", run_tool(folder, {"enc", "--passphrase-file", words}, "abc").out);
  const auto error = [&](const Arguments& how, const std::string& file) {
    Arguments arguments = {"dec", file};
    arguments.insert(arguments.end(), how.begin(), how.end());
    const Finished done = run_tool(folder, arguments);
    CHECK(done.status == 1);
    CHECK(done.out.empty());
    return done.err;
  };
  CHECK(has(error({"--passphrase-file", words}, by_key), "sealed with a key"));
  CHECK(has(error({"--key", key}, by_words), "sealed with a passphrase"));
  CHECK(has(error({"--key", other}, by_key), "not the right key"));
  CHECK(has(error({"--passphrase-file", wrong}, by_words), "not the right passphrase"));
  CHECK(has(error({"--key", key}, words), "68"));
  CHECK(has(error({"--key", key}, folder.write("text", content(100))), "not a file that ashlar enc made"));
  CHECK(has(error({"--key", words}, by_key), "a key of 32"));
  CHECK(has(error({"--passphrase-file", folder.write("blank", "\n")}, by_words), "is empty"));
}

TEST_CASE("tool: speed measures each implementation, size by size", "[cli]") {
  const Folder folder;
  const Finished text = run_tool(folder, {"speed", "sha256", "--seconds", "0.001", "--size", "64"});
  INFO(text.out << text.err);
  CHECK(text.status == 0);
  CHECK(has(text.out, "sha-256 digest"));
  CHECK(has(text.out, "portable"));
  CHECK(has(text.out, "GB/s"));
  const Finished json = run_tool(
      folder, {"speed", "aes-128-gcm", "--seconds", "0.001", "--size", "64", "--size", "1350", "--json"});
  REQUIRE(json.status == 0);
  const auto figures = nlohmann::json::parse(json.out);
  REQUIRE(figures.is_array());
  std::set<std::string> seen;
  for (const auto& figure : figures) {
    CHECK(figure.size() == 7);
    CHECK(figure["algorithm"] == "aes-128-gcm");
    const std::uint64_t bytes = figure["bytes"];
    CHECK((bytes == 64 || bytes == 1350));
    const double cycles = figure["cycles"];
    const double per_byte = figure["cycles_per_byte"];
    CHECK(cycles > 0);
    CHECK(std::abs(per_byte * static_cast<double>(bytes) - cycles) < 1e-6 * cycles);
    CHECK(figure["per_second"] > 0.0);
    const std::string implementation = figure["implementation"], operation = figure["operation"];
    seen.insert(operation + " " + implementation);
  }
  CHECK(seen.count("seal portable") == 1);
  CHECK(seen.count("open portable") == 1);
  CHECK(figures.size() == 2 * seen.size());
}

TEST_CASE("tool: speed --batch measures what is done side by side, one operation of it", "[cli]") {
  const Folder folder;
  const Finished json = run_tool(folder, {"speed", "p-256", "--batch", "--seconds", "0.001", "--json"});
  INFO(json.err);
  REQUIRE(json.status == 0);
  std::set<std::string> seen;
  for (const auto& figure : nlohmann::json::parse(json.out)) {
    seen.insert(figure["operation"]);
  }
  CHECK(seen == std::set<std::string>{"key, 8 side by side", "agree, 8 side by side", "sign, 8 side by side",
                                      "verify, 8 side by side"});
  const Finished none = run_tool(folder, {"speed", "scrypt", "--batch", "--seconds", "0.001"});
  CHECK(none.status == 2);
  CHECK(has(none.err, "nothing of that is done side by side"));
}

TEST_CASE("tool: speed says what there is when asked for what there is not", "[cli]") {
  const Folder folder;
  const Finished name = run_tool(folder, {"speed", "md5"});
  CHECK(name.status == 2);
  CHECK(has(name.err, "no algorithm is named md5"));
  CHECK(run_tool(folder, {"speed", "--size", "17"}).status == 2);
  const Finished row = run_tool(folder, {"speed", "sha256", "--implementation", "none-such"});
  CHECK(row.status == 2);
  CHECK(has(row.err, "none-such"));
}
