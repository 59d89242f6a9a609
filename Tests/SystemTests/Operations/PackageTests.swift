import FaultKit
import Foundation
import Testing

/// The Debian package, made of the programs under test.
///
/// `ops/check-package` installs one on a machine with a real systemd.
@Suite(.ownThreads) struct PackageTests {
  /// The unpacked package, and what `dpkg-deb` says about it.
  private struct Unpacked {
    let folder: TemporaryFolder
    let listing: [String]

    init() throws {
      folder = try TemporaryFolder()
      let programs = URL(fileURLWithPath: Environment.daemonPath).deletingLastPathComponent().path
      // Programs of a debug build are large.
      let making = try ChildProcess(
        Repository.path("ops/package"),
        ["--binaries", programs, "--output", folder.path, "--version", "1.2.3"])
      guard try making.waitForExit(within: Deadline(seconds: 180)) == .exited(0),
        let file = making.outputText.split(separator: "\n").last
      else { throw HarnessFailure.ended("ops/package: \(making.errorText)") }
      let listed = try ChildProcess.run("/usr/bin/dpkg-deb", ["--contents", String(file)])
      listing = listed.output.split(separator: "\n").map(String.init)
      let unpacked = try ChildProcess.run(
        "/usr/bin/dpkg-deb", ["--raw-extract", String(file), folder.file("package")])
      guard unpacked.status == .exited(0) else {
        throw HarnessFailure.ended("dpkg-deb: \(unpacked.errors)")
      }
    }

    func text(_ path: String) throws -> String {
      try String(contentsOfFile: folder.file("package/" + path), encoding: .utf8)
    }
  }

  @Test func `the package has what a machine needs, and everything is root's`() throws {
    let package = try Unpacked()
    let wanted = [
      "usr/sbin/ipledgerd", "lib/systemd/system/ipledgerd.service",
      "lib/systemd/system/ipledgerd.socket", "lib/systemd/system/ipledgerd-tcp.socket",
      "lib/systemd/system/ipledgerd-metrics.socket", "usr/lib/sysusers.d/ipledger.conf",
      "usr/lib/tmpfiles.d/ipledger.conf", "etc/ipledger/ipledgerd.yaml", "etc/ipledger/tls/",
      "usr/share/bash-completion/completions/ipledgerd", "usr/share/man/man8/ipledgerd.8.gz",
      "usr/share/man/man5/ipledgerd.yaml.5.gz", "usr/share/doc/ipledger/copyright",
      "usr/share/doc/ipledger/changelog.gz", "usr/share/doc/ipledger/RUNBOOK.md.gz",
      "usr/share/doc/ipledger/prometheus/ipledger.rules.yaml",
    ]
    for path in wanted {
      #expect(package.listing.contains { $0.hasSuffix(" ./" + path) }, "\(path)")
    }
    #expect(package.listing.allSatisfy { $0.contains(" root/root ") })
    #expect(!package.listing.contains { $0.prefix(10).contains("s") }, "nothing is setuid")

    let control = try package.text("DEBIAN/control")
    #expect(control.contains("\nVersion: 1.2.3\n"))
    #expect(control.contains("libsqlite3-0") && control.contains("libsystemd0"))
    #expect(try package.text("DEBIAN/conffiles") == "/etc/ipledger/ipledgerd.yaml\n")
    for script in ["postinst", "prerm", "postrm"] {
      let path = package.folder.file("package/DEBIAN/" + script)
      #expect(FileManager.default.isExecutableFile(atPath: path))
      let parsed = try ChildProcess.run("/bin/sh", ["-n", path])
      #expect(parsed.status == .exited(0), "\(script): \(parsed.errors)")
    }
  }

  @Test func `the configuration of the package is good`() throws {
    let folder = try TemporaryFolder()
    // The group comes with the package.
    let text = try Repository.text("ops/systemd/ipledgerd.yaml")
      .replacing("gid: ipledger", with: "gid: root")
      .replacing("\n#serviceCluster", with: "\nserviceCluster")
      .replacing("\n#clusterCIDR", with: "\nclusterCIDR")
    let path = try folder.write(text, to: "ipledgerd.yaml")
    let checked = try ChildProcess.run(
      Environment.daemonPath,
      ["--check-config", "--listen", "unix:/run/ipledger/ipledger.sock", "--config", path])
    #expect(checked.status == .exited(0), "\(checked.errors)")
    #expect(checked.output.contains("10.96.0.0/16") && checked.output.contains("10.244.0.0/16"))
  }

  @Test func `the example for Kubernetes says the same ranges on both sides`() throws {
    let daemon = try Repository.text("ops/kubernetes/ipledgerd.yaml")
    let cluster = try Repository.text("ops/kubernetes/kubeadm.yaml")
    func value(_ key: String, _ text: String) -> Substring? {
      text.split(separator: "\n").first { $0.contains(key + ": ") }?.split(separator: " ").last
    }
    #expect(value("serviceClusterIPRange", daemon) == value("serviceSubnet", cluster))
    #expect(value("clusterCIDR", daemon) == value("podSubnet", cluster))
    #expect(value("clusterCIDR", daemon) != nil)
  }
}
