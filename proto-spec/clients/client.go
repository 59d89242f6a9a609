// A pod's life in the line protocol, with retry. Usage: go run client.go SOCKET
package main

import "encoding/json"
import "fmt"
import "net"
import "os"
import "time"

// call repeats until there is an answer: each of these requests is idempotent.
func call(method string, params any) (answer struct{ Result, Error map[string]any }) {
	for pause := time.Millisecond; answer.Result == nil; pause *= 2 {
		if data, ok := answer.Error["data"].(map[string]any); pause > 10*time.Second || ok && data["retryable"] == false {
			panic(fmt.Sprint(method, ": ", answer.Error))
		} else if line, err := net.Dial("unix", os.Args[1]); err == nil {
			line.SetDeadline(time.Now().Add(5 * time.Second))
			json.NewEncoder(line).Encode(map[string]any{"id": 1, "method": method, "params": params})
			json.NewDecoder(line).Decode(&answer)
			line.Close()
		}
		time.Sleep(pause)
	}
	return
}
func main() {
	pod := map[string]string{"node": "worker-1", "namespace": "default", "name": "web-0", "containerID": "3f9c"}
	fmt.Println(call("node.register", map[string]string{"name": "worker-1"}).Result["podCIDRs"], call("pod.reserve", pod).Result["podIPs"])
	fmt.Println(call("pod.reserve", pod).Result["existing"], call("ip.get", map[string]string{"ip": "10.244.0.2"}).Result["owner"], call("pod.release", map[string]string{"node": "worker-1", "containerID": "3f9c"}).Result["released"])
}
