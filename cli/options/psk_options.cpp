// SPDX-License-Identifier: Apache-2.0
#include "options/psk_options.hpp"

#include "failure/failure.hpp"
#include "files/symmetric_key.hpp"
#include "output/terminal.hpp"

namespace ashlar::cli {

CLI::Option* add_psk(CLI::App& command, PskOptions& options) {
  CLI::Option* const identity =
      command
          .add_option("--psk-identity", options.identities,
                      "Name of a pre-shared key; it is sent in the clear. Again for more, each with its key")
          ->allow_extra_args(false)
          ->type_name("ID");
  CLI::Option* const key =
      command
          .add_option("--psk-key", options.keys,
                      "The key, in hex digits, or @FILE with them. Others on this machine see the command "
                      "line: take a file")
          ->allow_extra_args(false)
          ->type_name("HEX|@FILE");
  identity->needs(key);
  key->needs(identity);
  command
      .add_flag("--psk-as-is", options.as_is,
                "In TLS 1.3 use the key itself, for peers without the importer of RFC 9258, such as openssl")
      ->needs(key);
  return key;
}

std::vector<tls::PreSharedKey> load_psks(const PskOptions& options, PolicyOptions& policy) {
  if (options.identities.size() != options.keys.size()) {
    throw Failure(Words{.cause = "each pre-shared key needs a name",
                        .found = counted(options.identities.size(), "--psk-identity") + " and " +
                                 counted(options.keys.size(), "--psk-key"),
                        .wanted = "as many of the one as of the other",
                        .next = "give them in pairs"},
                  ExitCode::usage);
  }
  if (options.keys.empty() && policy.name == "psk") {
    throw Failure(Words{.cause = "the policy psk needs a pre-shared key",
                        .found = "--policy psk without --psk-key",
                        .wanted = "both, or another policy",
                        .next = "give --psk-identity NAME --psk-key @FILE, or leave --policy out"},
                  ExitCode::usage);
  }
  if (!options.keys.empty() && !policy.given) {
    policy.name = "psk";
  }
  std::vector<tls::PreSharedKey> keys;
  for (std::size_t i = 0; i < options.keys.size(); ++i) {
    const std::string& text = options.keys[i];
    const bool in_file = !text.empty() && text[0] == '@';
    const std::string about = in_file ? text.substr(1) : "--psk-key";
    const FileBytes key = in_file ? unhex_key(read_whole(about, 4096).text(), about) : unhex_key(text, about);
    tls::PskParts parts{bytes_of(options.identities[i]), key.bytes()};
    parts.use = options.as_is ? tls::PskUse::as_is : tls::PskUse::imported;
    keys.push_back(value_of(tls::PreSharedKey::create(parts), about));
  }
  return keys;
}

std::string identity_text(Bytes identity) {
  constexpr std::size_t kShown = 64;
  const std::string shown = escape(identity.first(std::min(identity.size(), kShown)));
  return "\"" + shown + "\"" +
         (identity.size() > kShown ? "… (" + counted(identity.size(), "byte") + ")" : std::string());
}

}  // namespace ashlar::cli
