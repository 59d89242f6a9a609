// A pod's life in the line protocol, with retry. Usage: go run client.go SOCKET
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"time"
)

type object = map[string]any

// call repeats until there is an answer: each of these requests is idempotent.
func call(method string, params object) object {
	for pause := 50 * time.Millisecond; pause < 10*time.Second; pause *= 2 {
		var answer struct{ Result, Error object }
		if connection, err := net.Dial("unix", os.Args[1]); err == nil {
			connection.SetDeadline(time.Now().Add(5 * time.Second))
			json.NewEncoder(connection).Encode(object{"id": 1, "method": method, "params": params})
			json.NewDecoder(connection).Decode(&answer)
			connection.Close()
		}
		if answer.Result != nil {
			return answer.Result
		}
		if answer.Error != nil && answer.Error["data"].(object)["retryable"] == false {
			panic(answer.Error["message"])
		}
		time.Sleep(pause)
	}
	panic("no answer to " + method)
}

func main() {
	pod := object{"node": "worker-1", "namespace": "default", "name": "web-0", "containerID": "3f9c"}
	fmt.Println(call("node.register", object{"name": "worker-1"})["podCIDRs"])
	fmt.Println(call("pod.reserve", pod)["podIPs"], call("pod.reserve", pod)["existing"])
	fmt.Println(call("ip.get", object{"ip": "fd00:10:244::2"})["owner"])
	delete(pod, "node")
	fmt.Println(call("pod.release", pod)["released"])
}
