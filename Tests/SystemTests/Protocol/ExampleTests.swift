import FaultKit
import Testing

/// The published protocol against the daemon: example exchanges, the OpenRPC document, and a client
/// that knows nothing but JSON-RPC.
@Suite(.ownThreads) struct ExampleTests {
  private static let setup = DaemonSetup().with {
    $0.yaml = """
      serviceClusterIPRange: 10.96.0.0/16,fd00:10:96::/108
      clusterCIDR: 10.244.0.0/16,fd00:10:244::/56
      nodeCIDRMaskSizeIPv4: 24
      nodeCIDRMaskSizeIPv6: 64
      """
  }

  @Test func `every example exchange happens as written`() throws {
    let folder = "proto-spec/examples"
    let names = try Repository.names(in: folder).filter { $0.hasSuffix(".jsonl") }
    #expect(!names.isEmpty)
    for name in names {
      let script = ExchangeScript(try Repository.text("\(folder)/\(name)"))
      #expect(!script.steps.isEmpty, "\(name)")
      let daemon = try DaemonProcess.start(Self.setup)
      let problems = try script.replay(on: try daemon.client())
      #expect(problems.isEmpty, "\(name): \(problems.joined(separator: "\n"))")
    }
  }

  @Test func `the daemon describes itself as the published document does`() throws {
    let client = try DaemonProcess.start().client()
    let published = try #require(JSON(parsing: try Repository.text("proto-spec/openrpc.json")))
    let answer = try client.request("rpc.discover")
    #expect(answer.result == published)
  }

  /// JSON-RPC over lines as any library does it, with Python's own json and socket.
  private static let stockClient = """
    import itertools, json, socket, sys
    class Client:
        def __init__(self, path):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(20)
            self.socket.connect(path)
            self.file = self.socket.makefile("rw", encoding="utf-8", newline="\\n")
            self.ids = itertools.count(1)
        def call(self, method, **params):
            id = next(self.ids)
            message = {"jsonrpc": "2.0", "id": id, "method": method, "params": params}
            self.file.write(json.dumps(message) + "\\n")
            self.file.flush()
            answer = json.loads(self.file.readline())
            assert answer["jsonrpc"] == "2.0" and answer["id"] == id, answer
            if "error" in answer:
                raise RuntimeError(answer["error"]["data"]["reason"])
            return answer["result"]
    client = Client(sys.argv[1])
    methods = {m["name"] for m in client.call("rpc.discover")["methods"]}
    assert {"pod.reserve", "service.reserve", "node.register"} <= methods, methods
    client.call("node.register", name="knoten-ü")
    pod = client.call("pod.reserve", node="knoten-ü", namespace="d", name="p")
    assert len(pod["podIPs"]) == 2, pod
    try:
        client.call("pod.get", namespace="d", name="nobody")
    except RuntimeError as error:
        assert str(error) == "NotFound", error
    else:
        raise AssertionError("found nobody")
    print(json.dumps(client.call("pod.release", ip=pod["podIP"])["released"]))
    """

  @Test func `a stock JSON-RPC client works`() throws {
    let daemon = try DaemonProcess.start()
    let script = try daemon.folder.write(Self.stockClient, to: "client.py")
    let run = try ChildProcess.run("/usr/bin/python3", [script, daemon.socketPath])
    #expect(run.status == .exited(0), "\(run.errors)")
    #expect(run.output == "[\"10.244.0.2\", \"fd00:10:244::2\"]\n")
  }
}
