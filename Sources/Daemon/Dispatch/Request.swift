import LineProtocol

/// A request as the methods see it.
struct Request {
  let head: RequestHead
  let caller: Caller
  let reply: Reply
}
