// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is built with: no warning survives.
let common: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

/// For the product: unsafe code says so.
let strict: [SwiftSetting] = common + [.strictMemorySafety()]

/// For tests, where an unsafe call is a tool and not a risk to users.
let strictTests: [SwiftSetting] = common

let nio = "swift-nio"

let package = Package(
  name: "ipledger",
  products: [
    .executable(name: "ipledgerd", targets: ["ipledgerd"]),
    .executable(name: "ipledger", targets: ["ipledger"]),
    .library(name: "IPLedgerClient", targets: ["IPLedgerClient"]),
    .executable(name: "ipledger-cni", targets: ["ipledger-cni"]),
    .library(name: "IPLedgerAsyncClient", targets: ["IPLedgerAsyncClient"]),
    .executable(name: "ipledger-load", targets: ["ipledger-load"]),
    .executable(name: "ipledger-cost", targets: ["ipledger-cost"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Floor 6: what people start.
    .executableTarget(
      name: "ipledgerd",
      dependencies: [
        "Daemon",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // One file for /opt/cni/bin, which needs nothing of the machine that it is copied to.
    // No test may depend on it: they start the program.
    .executableTarget(
      name: "ipledger-cni", dependencies: ["CNIPlugin"], swiftSettings: strict,
      linkerSettings: [.unsafeFlags(["-static-executable"])]),
    .executableTarget(name: "ipledger", dependencies: ["ClientCommands"], swiftSettings: strict),

    .executableTarget(
      name: "ipledger-load",
      dependencies: [
        "IPLedgerClient", "Addressing", "CEpoll",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Histogram", package: "hdrhistogram-swift"),
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOEmbedded", package: nio),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Yams", package: "Yams"),
      ],
      path: "loadtest/Sources/ipledger-load", swiftSettings: strict),
    .target(name: "CEpoll", path: "loadtest/Sources/CEpoll"),
    .executableTarget(
      name: "ipledger-cost",
      dependencies: [
        "Daemon", "SQLiteLedger", "Allocation", "LineProtocol", "AddressBitmap", "Addressing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "loadtest/Sources/ipledger-cost", swiftSettings: strict),

    // Floor 5: the only target that knows all of those below.
    .target(
      name: "Daemon",
      dependencies: [
        "Transport", "SQLiteLedger", "Allocation", "LineProtocol", "Policy", "AddressBitmap",
        "Addressing", "CLinux",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOHTTP1", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),

    // What the CNI plugin does, apart from being a program.
    .target(
      name: "CNIPlugin", dependencies: ["IPLedgerClient", "Addressing"], swiftSettings: strict),
    // Floor 5 too: the client that people type. Of the daemon it knows the ledger's file alone.
    .target(
      name: "ClientCommands",
      dependencies: [
        "IPLedgerClient", "IPLedgerAsyncClient", "ClientShell", "SQLiteLedger", "Addressing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),
    .target(
      name: "IPLedgerAsyncClient",
      dependencies: [
        "IPLedgerClient",
        .product(name: "NIOConcurrencyHelpers", package: nio),
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: nio),
      ],
      swiftSettings: strict),

    .target(name: "ClientShell", dependencies: ["IPLedgerClient"], swiftSettings: strict),

    // Floor 4: sockets and disk.
    .target(
      name: "Transport",
      dependencies: [
        "LineProtocol", "CSystemd", "CLinux",
        .product(name: "NIOConcurrencyHelpers", package: nio),
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: nio),
      ],
      swiftSettings: strict),
    .target(
      name: "IPLedgerClient", dependencies: ["LineProtocol", "Addressing"], swiftSettings: strict),
    .target(
      name: "SQLiteLedger",
      dependencies: ["Allocation", "AddressBitmap", "Addressing", "CSQLite", "CLinux"],
      swiftSettings: strict),

    // Floor 3: the engine.
    .target(
      name: "Allocation",
      dependencies: ["Policy", "AddressBitmap", "Addressing"],
      swiftSettings: strict),

    // Floor 2: bytes, rules and bits.
    .target(name: "LineProtocol", dependencies: ["Addressing"], swiftSettings: strict),
    .target(name: "Policy", dependencies: ["Addressing"], swiftSettings: strict),
    .target(name: "AddressBitmap", dependencies: ["Addressing"], swiftSettings: strict),

    // Floor 1: values.
    .target(name: "Addressing", swiftSettings: strict),

    // What Swift's Glibc lacks, and the two system libraries.
    .target(name: "CLinux"),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),

    // Tests.
    .testTarget(name: "AddressingTests", dependencies: ["Addressing"], swiftSettings: strictTests),
    .testTarget(
      name: "AddressBitmapTests", dependencies: ["AddressBitmap", "Addressing"],
      swiftSettings: strictTests),
    .testTarget(
      name: "PolicyTests", dependencies: ["Policy", "Addressing"], swiftSettings: strictTests),
    .testTarget(
      name: "LineProtocolTests", dependencies: ["LineProtocol", "Addressing"],
      swiftSettings: strictTests),
    .testTarget(
      name: "AllocationTests",
      dependencies: ["Allocation", "AddressBitmap", "Policy", "Addressing", "FaultKit"],
      swiftSettings: strictTests),
    .testTarget(
      name: "SQLiteLedgerTests",
      dependencies: [
        "SQLiteLedger", "Allocation", "AddressBitmap", "Addressing", "CSQLite", "FaultKit",
      ],
      swiftSettings: strictTests),
    .testTarget(
      name: "TransportTests",
      dependencies: [
        "Transport", "LineProtocol",
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOPosix", package: nio),
      ],
      swiftSettings: strictTests),
    .testTarget(
      name: "DaemonTests",
      dependencies: [
        "Daemon", "Transport", "Allocation", "LineProtocol", "Addressing",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strictTests),
    .testTarget(
      name: "IPLedgerClientTests",
      dependencies: ["IPLedgerClient", "FaultKit", "ipledgerd"], swiftSettings: strictTests),
    .testTarget(
      name: "CNIPluginTests", dependencies: ["CNIPlugin", "IPLedgerClient", "Addressing"],
      swiftSettings: strictTests),
    .testTarget(
      name: "ClientCommandsTests",
      dependencies: [
        "ClientCommands", "IPLedgerClient", "Addressing", "FaultKit", "ipledgerd", "ipledger",
      ],
      swiftSettings: strictTests),
    .testTarget(
      name: "ClientShellTests",
      dependencies: ["ClientShell", "IPLedgerClient", "FaultKit", "ipledgerd"],
      swiftSettings: strictTests),
    .testTarget(
      name: "IPLedgerAsyncClientTests",
      dependencies: ["IPLedgerAsyncClient", "IPLedgerClient", "FaultKit", "ipledgerd"],
      swiftSettings: strictTests),
    .testTarget(name: "TidyTests", swiftSettings: strictTests),
    .testTarget(
      name: "SystemTests", dependencies: ["FaultKit", "ipledgerd"], swiftSettings: strictTests),
    .testTarget(
      name: "PowerCutTests",
      dependencies: ["FaultKit", "SQLiteLedger", "Allocation", "Addressing", "ipledgerd"],
      path: "Tests/PowerCut", exclude: ["Recorder.c"], swiftSettings: strictTests),
    .testTarget(
      name: "LoadTests",
      dependencies: [
        "ipledger-load", "IPLedgerClient", "Addressing", "FaultKit", "ipledgerd",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      path: "loadtest/Tests/LoadTests", swiftSettings: strictTests),
    .testTarget(
      name: "PeersTests", dependencies: ["FaultKit", "ipledgerd", "ipledger-load"],
      path: "loadtest/Tests/PeersTests", swiftSettings: strictTests),
    .target(name: "FaultKit", path: "Tests/FaultKit", swiftSettings: strictTests),
  ]
)
