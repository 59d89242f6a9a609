#!/bin/sh
# A pod's life in the line protocol, with retry. Usage: client.sh SOCKET; needs socat.
set -eu
socket=$1

# Repeats until there is an answer: each of these requests is idempotent.
call() {
  for pause in 0.1 0.2 0.4 0.8 1.6 3.2 0; do
    answer=$(printf '{"id":1,"method":"%s","params":%s}\n' "$1" "$2" |
      socat -t 5 - "UNIX-CONNECT:$socket" 2>/dev/null) || answer=
    case $answer in
      '' | *'"retryable":true'*) sleep "$pause" ;;
      *'"error":'*) printf '%s\n' "$answer" >&2; exit 1 ;;
      *) printf '%s\n' "$answer"; return ;;
    esac
  done
  printf '%s: no answer; the last one: %s\n' "$1" "$answer" >&2
  exit 1
}

owner='"namespace":"default","name":"web-0","containerID":"3f9c"'
call node.register '{"name":"worker-1"}'
call pod.reserve "{\"node\":\"worker-1\",$owner}"
call pod.reserve "{\"node\":\"worker-1\",$owner}"
call ip.get '{"ip":"fd00:10:244::2"}'
call pod.release "{$owner}"
