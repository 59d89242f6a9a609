#!/usr/bin/env python3
"""A client for ops/check-package, which runs it on the machine under test.

  client.py ask METHOD PARAMS                   prints the result; fails on an error
  client.py expect VALUE METHOD PARAMS [KEY]    fails unless the result, or its KEY, is VALUE
  client.py metrics NAME                        fails unless /metrics has it
  client.py tls METHOD                          fails unless it is answered on port 9470
  client.py load SECONDS                        many short connections; fails when one is lost
"""

import json
import socket
import ssl
import sys
import threading
import time

PATH = "/run/ipledger/ipledger.sock"


def connect():
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(120)
    connection.connect(PATH)
    return connection


def ask(method, params):
    with connect() as connection:
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        connection.sendall(json.dumps(request).encode() + b"\n")
        line = connection.makefile("rb").readline()
    if not line:
        raise ConnectionError(f"{method}: no answer")
    answer = json.loads(line)
    if "result" not in answer:
        raise ValueError(line.decode())
    return answer["result"]


def load(seconds):
    """Each worker connects, reserves a pod and closes, as a CNI plugin does."""
    end = time.monotonic() + seconds
    losses, held, longest = [], set(), [0.0]

    def work(number):
        count = 0
        while time.monotonic() < end:
            name = f"l{number}-{int(time.time())}-{count}"
            count += 1
            begun = time.monotonic()
            try:
                ask("pod.reserve", {"node": "worker-1", "namespace": "load", "name": name})
                held.add(name)
                ask("pod.release", {"namespace": "load", "name": name})
                held.discard(name)
            except (OSError, ValueError) as error:
                losses.append(f"{name}: {error!r}")
            longest[0] = max(longest[0], time.monotonic() - begun)
            done[number] = count

    done = {}
    workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(f"{sum(done.values())} pods, {len(losses)} lost, longest {longest[0]:.2f} s")
    for loss in losses[:10]:
        print(loss)
    return 1 if losses or held else 0


def metrics(name):
    connection = socket.create_connection(("127.0.0.1", 9469), timeout=10)
    connection.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
    text = connection.makefile("rb").read().decode()
    return 0 if f"\n{name} " in text or f"\n{name}{{" in text else 1


def tls(method):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection(("127.0.0.1", 9470), timeout=10)
    with context.wrap_socket(plain) as connection:
        connection.sendall(json.dumps({"id": 1, "method": method}).encode() + b"\n")
        answer = json.loads(connection.makefile("rb").readline())
    return 0 if "result" in answer else 1


def main(arguments):
    command, *rest = arguments
    if command == "load":
        return load(float(rest[0]))
    if command == "tls":
        return tls(rest[0])
    if command == "metrics":
        return metrics(rest[0])
    if command == "ask":
        print(json.dumps(ask(rest[0], json.loads(rest[1]))))
        return 0
    value, method, params, *key = rest
    result = ask(method, json.loads(params))
    found = result[key[0]] if key else result
    if found != value:
        print(f"{method}: {found!r} instead of {value!r}", file=sys.stderr)
        return 1
    return 0


sys.exit(main(sys.argv[1:]))
