#!/usr/bin/env python3
"""A pod's life in the line protocol, with retry. Usage: client.py SOCKET"""
import json, socket, sys, time

def call(method, params, patience=10):
    """Repeats until there is an answer: each of these requests is idempotent."""
    end, pause = time.monotonic() + patience, 0.05
    while True:
        try:
            with socket.socket(socket.AF_UNIX) as s, s.makefile("rw", encoding="utf-8") as lines:
                s.settimeout(max(end - time.monotonic(), 0.05))
                s.connect(sys.argv[1])
                print(json.dumps({"id": 1, "method": method, "params": params}), file=lines, flush=True)
                answer = json.loads(lines.readline() or "null")
            if answer and "result" in answer: return answer["result"]
            why = answer["error"]["message"] if answer else "the connection was closed"
            if answer and not answer["error"]["data"]["retryable"]: sys.exit(why)
        except OSError as error:
            why = error
        if time.monotonic() + pause > end: sys.exit(f"{method}: {why}")
        time.sleep(pause)
        pause *= 2

pod = {"node": "worker-1", "namespace": "default", "name": "web-0", "containerID": "3f9c"}
print(call("node.register", {"name": "worker-1"})["podCIDRs"])
addresses = call("pod.reserve", pod)["podIPs"]
print(addresses, call("pod.reserve", pod)["existing"])
print([call("ip.get", {"ip": ip})["owner"]["name"] for ip in addresses])
print(call("pod.release", {name: pod[name] for name in ("namespace", "name", "containerID")})["released"])
