#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An attacker in the middle: passes one connection on, and flips one bit of the server's first record of application
data.

flip_bit.py PORT-OF-THE-SERVER
"""
import socket
import sys
import threading

APPLICATION_DATA = 23


def receive(source, count):
    """Exactly count bytes, or fewer at the end."""
    data = b""
    while len(data) < count:
        piece = source.recv(count - len(data))
        if not piece:
            break
        data += piece
    return data


def pass_on(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def pass_on_with_a_flip(source, target):
    flipped = False
    try:
        while header := receive(source, 5):
            body = bytearray(receive(source, int.from_bytes(header[3:5], "big")))
            if header[0] == APPLICATION_DATA and not flipped:
                at = len(body) // 2
                body[at] ^= 1
                flipped = True
                print(f"attacker: flipped the lowest bit of byte {at} of a record of {len(body)} bytes", flush=True)
            target.sendall(header + body)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(f"listening on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
        client, _ = listener.accept()
    with client, socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
        outward = threading.Thread(target=pass_on, args=(client, server), daemon=True)
        outward.start()
        pass_on_with_a_flip(server, client)
        outward.join(5)


main()
