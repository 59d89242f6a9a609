import ArgumentParser
import IPLedgerClient

/// `ipledger service …`.
struct ServiceCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "service", abstract: "Cluster IPs of Services.",
    subcommands: [
      Reserve.self, Update.self, Adopt.self, Release.self, Get.self, List.self,
    ],
    aliases: ["services", "svc"])
}

extension ServiceCommands {
  /// As the API server on CREATE.
  struct Reserve: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "reserve", "Reserves what a new Service needs, by Kubernetes' rules.",
      example: "ipledger service reserve my-service --policy PreferDualStack\n"
        + "ipledger service reserve dns -n kube-system --cluster-ip 10.96.0.10 --dry-run")

    @OptionGroup var key: ServiceKeyOptions
    @OptionGroup var spec: ServiceSpecOptions
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      session.show(try session.call("service.reserve", key.members.merging(spec.members)))
    }
  }

  /// As the API server on PUT.
  struct Update: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "update", "Puts a new spec in place of the old one, by Kubernetes' rules.",
      example: "ipledger service update my-service --policy RequireDualStack")

    @OptionGroup var key: ServiceKeyOptions
    @OptionGroup var spec: ServiceSpecOptions
    @Option(help: "This generation only.") var ifRevision: Int64?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      let params = key.members.merging(spec.members)
        .with("ifRevision", .optional(ifRevision))
      session.show(try session.call("service.update", params))
    }
  }

  /// Takes over what a cluster has.
  struct Adopt: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "adopt", "Takes over a Service that exists already in a cluster, with its addresses.",
      example: "ipledger service adopt old --cluster-ip 10.96.0.17")

    @OptionGroup var key: ServiceKeyOptions
    @OptionGroup var spec: ServiceSpecOptions
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func validate() throws {
      guard !spec.dryRun else { throw ValidationError("adopt has no --dry-run: leave it out") }
    }

    func work(_ session: Session) throws {
      session.show(try session.call("service.adopt", key.members.merging(spec.members)))
    }
  }

  /// Gives cluster IPs back.
  struct Release: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "release", "Releases what a Service holds; nothing held is no error.",
      example: "ipledger service release my-service")

    @OptionGroup var key: ServiceKeyOptions
    @Option(help: "This generation only.") var ifRevision: Int64?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      let params = key.members.with("ifRevision", .optional(ifRevision))
      session.show(try session.call("service.release", params))
    }
  }

  /// One Service.
  struct Get: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "get", "Shows one Service.", example: "ipledger service get my-service -o yaml")

    @OptionGroup var key: ServiceKeyOptions
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      session.show(try session.call("service.get", key.members))
    }
  }

  /// Many Services.
  struct List: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "list", "Lists Services.", example: "ipledger service list -n kube-system")

    @Option(name: .shortAndLong, help: "Of this namespace only.") var namespace: String?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      let params = JSON.members(["namespace": .optional(namespace)])
      session.show(
        list: try session.list("service.list", params), Column.services,
        empty: "No Services hold addresses there.")
    }
  }
}
