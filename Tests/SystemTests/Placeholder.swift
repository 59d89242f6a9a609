import FaultKit
import Testing
import Foundation

@Suite(.ownThreads) struct Probe {
  @Test(arguments: [1, 2]) func `probe`(n: Int) throws {
    #expect(Thread.current.name != "x")
    let r = try ChildProcess.run("/bin/sh", ["-c", "cat; echo $PWD; echo e >&2; exit 3"], input: "hi\n", folder: "/tmp")
    #expect(r.output == "hi\n/tmp\n" && r.errors == "e\n" && r.status == .exited(3))
    #expect(JSON(parsing: #"{"a":[1,2.5,"x\u00e9\ud83d\ude00\n",null,true]}"#)?.line == "{\"a\":[1,2.5,\"xé😀\\n\",null,true]}")
    #expect(JSON(parsing: #"{"a":1,"a":2}"#) == nil)
    print(Thread.current.stackSize)
  }
}
