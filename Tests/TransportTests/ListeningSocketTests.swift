import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import Transport

@Suite struct ListeningSocketTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
  }

  @Test func `a stale socket file is replaced`() throws {
    let path = folder.file("s")
    Glibc.close(try ListeningSocket.open(.unix(path: path)).descriptor)
    #expect(throws: Client.Failure.self) { try Client("unix:" + path) }
    let socket = try ListeningSocket.open(.unix(path: path))
    defer { socket.close() }
    _ = try Client("unix:" + path)
  }

  @Test func `a socket that is served is not touched`() throws {
    let path = folder.file("s")
    let first = try ListeningSocket.open(.unix(path: path))
    defer { first.close() }
    let error = #expect(throws: ListenError.self) { try ListeningSocket.open(.unix(path: path)) }
    #expect(error == .taken(.unix(path: path)))
    #expect(error?.description == "cannot listen on unix:\(path): another process serves it")
    _ = try Client("unix:" + path)
  }

  @Test func `a file that is no socket is not touched`() throws {
    let path = folder.file("s")
    Glibc.close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
    #expect(throws: ListenError.notASocket(path: path)) {
      try ListeningSocket.open(.unix(path: path))
    }
    #expect(access(path, F_OK) == 0)
  }

  @Test func `the folder is made and everybody may connect`() throws {
    let path = folder.file("run/s")
    let socket = try ListeningSocket.open(.unix(path: path))
    #expect(mode(path) == 0o666)
    #expect(mode(folder.file("run")).map { $0 & 0o700 } == 0o700)
    socket.close()
    #expect(access(path, F_OK) != 0)
  }

  @Test func `a folder whose own folder is missing is an error`() throws {
    let error = #expect(throws: ListenError.self) {
      try ListeningSocket.open(.unix(path: folder.file("a/b/s")))
    }
    #expect(error?.description.hasSuffix("mkdir: No such file or directory") == true)
  }

  @Test func `only its own file is removed`() throws {
    let path = folder.file("s")
    let first = try ListeningSocket.open(.unix(path: path))
    unlink(path)
    let second = try ListeningSocket.open(.unix(path: path))
    first.close()
    #expect(access(path, F_OK) == 0)
    second.close()
    #expect(access(path, F_OK) != 0)
  }

  @Test(arguments: ["127.0.0.1", "::1"])
  func `a port that is served is taken`(host: String) throws {
    let first = try ListeningSocket.open(.tcp(host: host, port: 0))
    defer { first.close() }
    let endpoint = try Endpoint(parsing: first.name)
    #expect(throws: ListenError.taken(endpoint)) { try ListeningSocket.open(endpoint) }
  }

  @Test func `a long queue of clients waits for the server`() throws {
    let path = folder.file("s")
    let socket = try ListeningSocket.open(.unix(path: path))
    defer { socket.close() }
    let clients = try (0..<300).map { _ in try Client("unix:" + path) }
    #expect(clients.count == 300)
  }

  @Test func `an inherited socket is served and keeps its file and its queue`() async throws {
    let path = folder.file("s")
    let original = try ListeningSocket.open(.unix(path: path))
    defer { original.close() }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let log = EchoLines.Log()
    // Whoever passes a socket on keeps a copy of its own.
    let socket = try ListeningSocket.adopt(copy(original.descriptor), called: "local")
    #expect(socket.isInherited)
    #expect(socket.name == "unix:" + path)
    let server = try await Server.start(on: group, sockets: [socket]) { _ in EchoLines(log: log) }
    let served = try Client("unix:" + path)
    try served.send("x\n")
    #expect(try served.line() == "\"x\"")
    await server.stopAccepting()
    // More than the channel's own backlog: it was set back after the channel had listened.
    let queued = try (0..<300).map { _ in try Client("unix:" + path) }
    await server.drain()

    let next = try ListeningSocket.adopt(copy(original.descriptor), called: "local")
    let second = try await Server.start(on: group, sockets: [next]) { _ in EchoLines(log: log) }
    for client in queued { try client.send("y\n") }
    for client in queued { #expect(try client.line() == "\"y\"") }
    await second.stopAccepting()
    await second.drain()
    try await group.shutdownGracefully()
  }

  @Test func `an inherited descriptor of another kind is refused by name`() throws {
    let datagram = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let silent = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { for descriptor in [datagram, silent, file] { Glibc.close(descriptor) } }
    let found = [
      (datagram, "no stream socket"), (silent, "a socket that does not listen"),
      (file, "no socket"),
    ]
    for (descriptor, what) in found {
      #expect(throws: ListenError.wrongKind(descriptor: descriptor, name: "n", found: what)) {
        try ListeningSocket.adopt(descriptor, called: "n")
      }
    }
  }

  /// A copy that no program inherits which another test starts meanwhile.
  private func copy(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }

  private func mode(_ path: String) -> mode_t? {
    var found = stat()
    return stat(path, &found) == 0 ? found.st_mode & 0o777 : nil
  }
}
