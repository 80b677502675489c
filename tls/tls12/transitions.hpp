// SPDX-License-Identifier: Apache-2.0
// What may happen when, in TLS 1.2: the two handshakes of RFC 5246 §7.3 (Figures 1 and 2), one row a line.
//
// A row says: in this state, this input is taken, and that state may follow. An input without a row is
// refused before any code looks at it. A state that the row does not name cannot follow (H01). The page
// docs/tls12-states.md is printed from this table.
#pragma once

#include "tls12/states.hpp"
#include "transition_table.hpp"

namespace ashlar::tls::tls12 {

// clang-format off
inline constexpr auto kTransitions = [] {
  using enum State;
  using enum HandshakeType;
  using enum InputKind::Other;
  return std::to_array<Transition<State>>({

    // Client
    //from                                input                to                                  when
    { client_expects_server_hello,        server_hello,        client_expects_certificate,         "full handshake"                     },
    { client_expects_server_hello,        server_hello,        client_expects_change_cipher_spec,  "session resumed"                    },
    { client_expects_server_hello,        server_hello,        client_expects_new_session_ticket,  "session resumed, new ticket"        },
    { client_expects_server_hello,        server_hello,        client_expects_server_key_exchange, "ECDHE_PSK"                          },
    { client_expects_server_hello,        server_hello,        client_expects_psk_hint,            "PSK"                                },
    { client_expects_certificate,         certificate,         client_expects_server_key_exchange, "ECDHE"                              },
    { client_expects_certificate,         certificate,         client_expects_certificate_request, "RSA"                                },
    { client_expects_certificate,         certificate,         client_expects_certificate_status,  "status announced"                   },
    { client_expects_certificate_status,  certificate_status,  client_expects_server_key_exchange, "ECDHE"                              },
    { client_expects_certificate_status,  certificate_status,  client_expects_certificate_request, "RSA"                                },
    { client_expects_certificate_status,  server_key_exchange, client_expects_certificate_request, "no status after all"                },
    { client_expects_server_key_exchange, server_key_exchange, client_expects_certificate_request                                       },
    { client_expects_server_key_exchange, server_key_exchange, client_expects_server_hello_done,   "ECDHE_PSK"                          },
    { client_expects_psk_hint,            server_key_exchange, client_expects_server_hello_done                                         },
    { client_expects_psk_hint,            server_hello_done,   client_expects_change_cipher_spec,  "no hint"                            },
    { client_expects_psk_hint,            server_hello_done,   client_expects_new_session_ticket,  "no hint, ticket announced"          },
    { client_expects_certificate_request, certificate_request, client_expects_server_hello_done                                         },
    { client_expects_certificate_request, certificate_request, client_chooses_credential,          "chosen outside"                     },
    { client_expects_certificate_request, server_hello_done,   client_expects_change_cipher_spec                                        },
    { client_expects_certificate_request, server_hello_done,   client_expects_new_session_ticket,  "ticket announced"                   },
    { client_chooses_credential,          credential,          client_expects_server_hello_done                                         },
    { client_expects_server_hello_done,   server_hello_done,   client_expects_change_cipher_spec,  "no certificate to show"             },
    { client_expects_server_hello_done,   server_hello_done,   client_expects_new_session_ticket,  "no certificate, ticket announced"   },
    { client_expects_server_hello_done,   server_hello_done,   client_signs_certificate_verify,    "a certificate shown"                },
    { client_signs_certificate_verify,    private_key_answer,  client_expects_change_cipher_spec                                        },
    { client_signs_certificate_verify,    private_key_answer,  client_expects_new_session_ticket,  "ticket announced"                   },
    { client_expects_new_session_ticket,  new_session_ticket,  client_expects_change_cipher_spec                                        },
    { client_expects_change_cipher_spec,  change_cipher_spec,  client_expects_finished                                                  },
    { client_expects_finished,            finished,            client_connected                                                         },

    // A HelloRequest is ignored while the handshake goes on (RFC 5246 §7.4.1.1).
    { client_expects_server_hello,        hello_request,       client_expects_server_hello                                              },
    { client_expects_certificate,         hello_request,       client_expects_certificate                                               },
    { client_expects_certificate_status,  hello_request,       client_expects_certificate_status                                        },
    { client_expects_server_key_exchange, hello_request,       client_expects_server_key_exchange                                       },
    { client_expects_psk_hint,            hello_request,       client_expects_psk_hint                                                  },
    { client_expects_certificate_request, hello_request,       client_expects_certificate_request                                       },
    { client_expects_server_hello_done,   hello_request,       client_expects_server_hello_done                                         },
    { client_expects_new_session_ticket,  hello_request,       client_expects_new_session_ticket                                        },

    // After the handshake, a HelloRequest is answered with a no_renegotiation alert (H07).
    { client_connected,                   application_data,    client_connected                                                         },
    { client_connected,                   hello_request,       client_connected                                                         },

    // Server
    //from                                input                to                                  when
    { server_expects_client_hello,        client_hello,        server_signs_server_key_exchange,   "ECDHE"                              },
    { server_expects_client_hello,        client_hello,        server_expects_certificate,         "RSA, client certificate asked for"  },
    { server_expects_client_hello,        client_hello,        server_expects_client_key_exchange, "RSA, PSK"                           },
    { server_expects_client_hello,        client_hello,        server_expects_change_cipher_spec,  "session resumed"                    },
    { server_expects_client_hello,        client_hello,        server_chooses_credential,          "chosen outside"                     },
    { server_chooses_credential,          credential,          server_signs_server_key_exchange,   "ECDHE"                              },
    { server_chooses_credential,          credential,          server_expects_certificate,         "RSA, client certificate asked for"  },
    { server_chooses_credential,          credential,          server_expects_client_key_exchange, "RSA"                                },
    { server_signs_server_key_exchange,   private_key_answer,  server_expects_certificate,         "client certificate asked for"       },
    { server_signs_server_key_exchange,   private_key_answer,  server_expects_client_key_exchange                                       },
    { server_expects_certificate,         certificate,         server_expects_client_key_exchange                                       },
    { server_expects_client_key_exchange, client_key_exchange, server_decrypts_premaster,          "RSA"                                },
    { server_expects_client_key_exchange, client_key_exchange, server_expects_certificate_verify,  "ECDHE, client showed a certificate" },
    { server_expects_client_key_exchange, client_key_exchange, server_expects_change_cipher_spec,  "ECDHE"                              },
    { server_decrypts_premaster,          private_key_answer,  server_expects_certificate_verify,  "client showed a certificate"        },
    { server_decrypts_premaster,          private_key_answer,  server_expects_change_cipher_spec                                        },
    { server_expects_certificate_verify,  certificate_verify,  server_expects_change_cipher_spec                                        },
    { server_expects_change_cipher_spec,  change_cipher_spec,  server_expects_finished                                                  },
    { server_expects_finished,            finished,            server_connected                                                         },

    // After the handshake, a ClientHello is answered with a no_renegotiation alert (H07).
    { server_connected,                   application_data,    server_connected                                                         },
    { server_connected,                   client_hello,        server_connected                                                         },
  });
}();
// clang-format on

inline constexpr auto kTable = make_table<kStates>(kTransitions);
static_assert(kTable.is_unambiguous());

constexpr bool allowed(State state, InputKind input) {
  return kTable.takes(state, input);
}
constexpr bool allowed(State from, InputKind input, State to) {
  return kTable.takes(from, input, to);
}

}  // namespace ashlar::tls::tls12
