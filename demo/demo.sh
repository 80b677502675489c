#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# TLS 1.3 and 1.2 made of nothing but this project's code, against a program that the world trusts, and two attacks
# on it. Every step checks that it did what it shows.
#
#   ASHLAR=path/to/ashlar demo/demo.sh
set -u -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
ashlar=${ASHLAR:?set ASHLAR to the built tool}
work=$(mktemp -d "${TMPDIR:-/tmp}/ashlar-demo.XXXXXX")
started=()
steps=0

clean_up() {
  for process in "${started[@]+"${started[@]}"}"; do
    kill "$process" 2>/dev/null && wait "$process" 2>/dev/null
  done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then bold=$'\e[1m' plain=$'\e[0m'; fi

fail() {
  printf '\ndemo: FAILED: %s\n' "$*" >&2
  exit 1
}
screen() {  # screen TITLE EXPLANATION
  steps=$((steps + 1))
  printf '\n%s== %d. %s%s\n' "$bold" "$steps" "$1" "$plain"
  printf '%s\n\n' "${2//$'\n'/ }" | fold -s -w 110
}
# The command as a person would type it, with quotes where a shell needs them.
quoted() {
  local word
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9_./:=,@%+-]+$ ]]; then printf '%s ' "$word"; else printf '%s ' "${word@Q}"; fi
  done
}
show() {
  printf '$ %s\n' "$(quoted "$@" | sed -e "s|$ashlar|ashlar|g" -e "s|$work/||g" -e "s|$here/|demo/|g" -e 's| $||')"
}
run() {  # shows a command and runs it; its whole output also goes to $work/output
  show "$@"
  "$@" 2>&1 | sed -u -e "s|$work/||g" | tee "$work/output"
  return "${PIPESTATUS[0]}"
}
must_run() { run "$@" || fail "that should have succeeded (exit status $?)"; }
must_refuse() {  # must_refuse EXIT-STATUS COMMAND…
  local wanted=$1 got
  shift
  run "$@"
  got=$?
  [ $got -eq "$wanted" ] || fail "that should have been refused with exit status $wanted, not $got"
}
must_say() { grep -q -e "$1" "$work/output" || fail "the output should say: $1"; }

serve() {  # serve NAME COMMAND…: starts it in the background and waits for its port, which goes to $port
  local log=$work/$1.log
  : >"$log"
  shift
  show "$@"
  "$@" >"$log" 2>&1 </dev/null &
  started+=($!)
  for _ in $(seq 100); do
    port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$log")
    [ -z "$port" ] || { sed 's/^/  /' "$log" | head -1; return; }
    kill -0 "${started[-1]}" 2>/dev/null || { cat "$log"; fail "it did not start"; }
    sleep 0.1
  done
  fail "it did not say where it listens"
}

mkdir "$work/www"
echo 'Cut so exactly that it stands without mortar.' >"$work/www/index.html"

screen 'A certification authority and a certificate' \
  'Two keys from our own generator, one RSA, one on P-256. The CA signs itself; then it signs the server'"'"'s certificate.'
must_run "$ashlar" key new p256 -o "$work/ca.key"
must_run "$ashlar" cert new --ca --name 'Demo CA' --key "$work/ca.key" -o "$work/ca.pem"
must_run "$ashlar" key new rsa:2048 -o "$work/server.key"
must_run "$ashlar" cert new --name localhost --name 127.0.0.1 --key "$work/server.key" --issuer-cert "$work/ca.pem" \
  --issuer-key "$work/ca.key" -o "$work/server.pem"
must_run "$ashlar" cert show "$work/server.pem"
must_say 'Subject .*CN=localhost'

screen 'Served by Ashlar, fetched by curl' \
  'curl brings a TLS of its own (OpenSSL). It trusts our CA, speaks TLS 1.3 with our server and gets the page.'
serve server "$ashlar" server --port 0 --policy compat --cert "$work/server.pem" --key "$work/server.key" --www "$work/www"
server_port=$port
must_run curl --silent --show-error --cacert "$work/ca.pem" --verbose --output "$work/page" \
  "https://localhost:$server_port/" >"$work/curl.log"
grep -E '^(\$|\* (SSL connection|Server certificate|  ?(subject|issuer|subjectAltName)|  ?SSL certificate))' "$work/curl.log"
cat "$work/page"
cmp -s "$work/page" "$work/www/index.html" || fail 'curl did not get the page'
must_say 'SSL connection using TLSv1.3'
must_say 'SSL certificate verify ok'

screen 'The same page by Ashlar: TLS 1.3' \
  'Each side makes a key for this connection alone, and sends its share in the first message. The shares are of X25519 and of
ML-KEM-768 together: a quantum computer of later years will not read what is recorded today. From the second message on
everything is encrypted, the certificate too.'
must_run "$ashlar" get --trust "$work/ca.pem" --trace "https://localhost:$server_port/"
must_say 'chooses TLS 1.3'
must_say 'X25519MLKEM768, full'
must_say 'Cut so exactly'

screen 'The same page by TLS 1.2: ephemeral keys (ECDHE)' \
  'The handshake that most books describe, in four phases and one round trip more. The server signs its ephemeral key with the
key of the certificate. Who records the traffic and later steals that key can still read nothing.'
must_run "$ashlar" get --trust "$work/ca.pem" --tls 1.2 --trace "https://localhost:$server_port/"
must_say 'TLS_ECDHE_RSA'
must_say 'ServerHelloDone'
must_say 'Cut so exactly'

screen 'The same page by RSA key transport' \
  'The older way of TLS 1.2: no ServerKeyExchange; the client makes up the premaster secret and encrypts it to the key of the certificate.
Who steals that key later can read recordings. It is in the compat policy only, for peers that have nothing else.'
must_run "$ashlar" get --trust "$work/ca.pem" --policy compat --suites TLS_RSA_WITH_AES_128_GCM_SHA256 --trace \
  "https://localhost:$server_port/"
must_say 'TLS_RSA_WITH_AES_128_GCM_SHA256'
grep -q 'ServerKeyExchange' "$work/output" && fail 'RSA key transport has no ServerKeyExchange'

screen 'Resumed' \
  'Fetched twice; shown is the second time. Its ClientHello shows the ticket of the first as a pre-shared key, so the server
sends no certificate and signs nothing. Fresh keys are exchanged all the same.'
must_run "$ashlar" get --trust "$work/ca.pem" --resume --trace "https://localhost:$server_port/" >"$work/resumed"
sed -e '2,/fetched once by a full handshake/{/fetched once/!d}' "$work/resumed"
must_say 'the second fetch resumed the session'
must_say 'the pre-shared key is taken'

screen 'Attack: a substituted certificate' \
  'An attacker answers in the server'"'"'s place, with a certificate for the same name from a CA of his own. He cannot have ours
sign it, so the client sends an alert and gives up before a single byte of the request has left.'
{
  "$ashlar" key new p256 -o "$work/mallory.key" &&
    "$ashlar" cert new --ca --name 'Demo CA' --key "$work/mallory.key" -o "$work/mallory-ca.pem" &&
    "$ashlar" cert new --name localhost --key "$work/mallory.key" --issuer-cert "$work/mallory-ca.pem" \
      --issuer-key "$work/mallory.key" -o "$work/mallory.pem"
} >"$work/output" 2>&1 || { cat "$work/output"; fail 'the attacker could not make his certificate'; }
serve mallory "$ashlar" server --port 0 --cert "$work/mallory.pem" --key "$work/mallory.key" --www "$work/www"
must_refuse 4 "$ashlar" get --trust "$work/ca.pem" --trace "https://localhost:$port/"
grep -q 'Cut so exactly' "$work/output" && fail 'the page came through'
must_say 'Alert .* fatal'

screen 'Attack: one flipped bit' \
  'An attacker in the middle passes everything on and changes one bit of the encrypted page (in TLS 1.2, where he can tell its
records from those of the handshake). Its authentication tag no longer fits: bad_record_mac, and nothing of it is handed out.'
serve attacker python3 "$here/flip_bit.py" "$server_port"
must_refuse 4 "$ashlar" get --trust "$work/ca.pem" --tls 1.2 "https://localhost:$port/"
grep -h '^attacker' "$work/attacker.log" || fail 'the attacker had nothing to flip'
grep -q 'Cut so exactly' "$work/output" && fail 'the page came through'
must_say 'bad_record_mac'

printf '\n%sdemo: all %d steps did what they show.%s\n' "$bold" "$steps" "$plain"
