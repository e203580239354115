// swift-tools-version: 6.2
import PackageDescription

/// Set by Tests/Fuzz/fuzz.sh, which builds into a folder of its own: no other build knows of the fuzz targets.
let isFuzzed = Context.environment["BYLINE_FUZZ"] != nil

/// What every Swift target of the house is compiled with. The package is in Swift 6 mode by its tools version; that a
/// target imports only what it names is checked by `--explicit-target-dependency-import-check error` (see the Makefile).
let houseRules: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (isFuzzed ? [.unsafeFlags(["-O", "-sanitize=fuzzer,address"])] : [])

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let certificates: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let jwtKit: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTP2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")

/// A target of the house under Sources.
func house(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: houseRules)
}

/// The tests of a target, under Tests/NAMETests.
func tests(
    of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude,
        resources: resources, swiftSettings: houseRules)
}

// The order is the order of the data's way: vocabulary, the client's side, the gateway's side, the programs.
let package = Package(
    name: "byline",
    products: [
        .executable(name: "byline", targets: ["byline"]),
        .executable(name: "byline-credential", targets: ["byline-credential"]),
        .executable(name: "byline-gateway", targets: ["byline-gateway"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CKernelKeyring"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "CByteMarks"),
        .target(name: "CCRC32C"),

        house("Vocabulary"),
        house("YAMLReading", ["CLibYAML", "Vocabulary"]),
        house("KubernetesWire", ["CZlib", "Vocabulary", "YAMLReading"]),
        house("Tagging", ["Vocabulary"]),
        house("ManifestEditing", ["CLibYAML"]),
        house("LocalState", ["Vocabulary"]),
        house("ContextReading", ["LocalState", "Tagging", "Vocabulary"]),
        house("CredentialCache", ["ContextReading", "LocalState", "Tagging", "Vocabulary"]),
        house("LoopbackTLS", ["LocalState", certificates, asn1, crypto, nioSSL]),

        house("CurlTransport", ["CLibCurl", "Vocabulary"]),
        house(
            "Client",
            [
                "CKernelKeyring", "ContextReading", "CredentialCache", "CurlTransport", "KubernetesWire", "LocalState",
                "LoopbackTLS", "ManifestEditing", "Tagging", "Vocabulary", "YAMLReading", crypto, nioCore,
                nioHTTP1, nioPosix, nioSSL,
            ]),

        house("Authentication", ["LocalState", "Tagging", "Vocabulary", crypto, cryptoExtras, jwtKit]),
        house("Authorization", ["Authentication", "KubernetesWire", "Vocabulary"]),
        house("Masking", ["CByteMarks", "KubernetesWire", "Vocabulary", "YAMLReading", crypto, nioCore]),
        house(
            "Recording",
            [
                "Authentication", "Authorization", "CCRC32C", "CZstd", "KubernetesWire", "LocalState", "Masking",
                "Vocabulary", crypto, nioCore,
            ]),
        house("RecordIndex", ["LocalState", "Recording", "Vocabulary", grdb]),
        house(
            "Forwarding",
            [
                "Authentication", "Authorization", "KubernetesWire", "LocalState", "Recording", "Vocabulary", nioCore,
                nioHTTP1, nioPosix, nioSSL, nioTLS,
            ]),
        house("Replay", ["KubernetesWire", "Vocabulary", crypto]),
        house(
            "Gateway",
            [
                "Authentication", "Authorization", "Forwarding", "KubernetesWire", "LocalState", "LoopbackTLS",
                "Masking", "RecordIndex", "Recording", "Tagging", "Vocabulary", "YAMLReading", "CurlTransport", crypto,
                jwtKit,
                logging, nioCore, nioHTTP1, nioHTTP2,
                nioPosix, nioSSL, nioTLS,
            ]),

        .executableTarget(
            name: "byline",
            dependencies: [
                "Client", "ContextReading", "CurlTransport", "LocalState", "Masking", "Replay", "Tagging", "Vocabulary",
                argumentParser,
            ],
            swiftSettings: houseRules),
        // Static, without Foundation and libcurl: loading libraries is what a short program's time goes into.
        .executableTarget(
            name: "byline-credential", dependencies: ["CredentialCache", "LocalState", "Vocabulary"],
            // The check that main runs on the main thread would bring the whole of the concurrency runtime along.
            swiftSettings: houseRules + [.unsafeFlags(["-Xfrontend", "-disable-dynamic-actor-isolation"])],
            linkerSettings: [.unsafeFlags(["-static-executable"], .when(platforms: [.linux]))]),
        .executableTarget(
            name: "byline-gateway",
            dependencies: [
                "Authentication", "Gateway", "LocalState", "Masking", "RecordIndex", "Recording", "Vocabulary",
                argumentParser,
            ],
            swiftSettings: houseRules),

        house("TestSupport", ["Authentication", "LocalState", "LoopbackTLS", "Vocabulary", crypto]),
        tests(of: "Vocabulary"),
        tests(of: "YAMLReading"),
        tests(of: "KubernetesWire", ["Vocabulary", "YAMLReading"], exclude: ["Streams/Captures"]),
        tests(of: "Tagging", ["Vocabulary"]),
        tests(of: "ManifestEditing", resources: [.copy("Cases")]),
        .executableTarget(
            name: "manifest-editing-runner", dependencies: ["ManifestEditing"],
            path: "Tests/ManifestEditingRunner", swiftSettings: houseRules),
        .executableTarget(
            name: "masking-runner", dependencies: ["KubernetesWire", "Masking", nioCore],
            path: "Tests/MaskingRunner", swiftSettings: houseRules),
        tests(of: "LocalState", ["TestSupport"]),
        tests(of: "ContextReading", ["LocalState", "Tagging", "TestSupport", "Vocabulary"]),
        tests(of: "CredentialCache", ["LocalState", "TestSupport", "Vocabulary"]),
        tests(of: "LoopbackTLS", ["LocalState", "TestSupport"]),
        tests(of: "CurlTransport", ["LoopbackTLS", nioCore, nioHTTP1, nioPosix, nioSSL]),
        tests(
            of: "Client",
            ["ContextReading", "LocalState", "Tagging", "TestSupport", "Vocabulary", nioHTTP1]),
        tests(of: "Authentication", ["LocalState", "Vocabulary", crypto]),
        tests(of: "Authorization", ["Authentication", "KubernetesWire", "Vocabulary"]),
        tests(of: "Masking", ["KubernetesWire", "Vocabulary", nioCore], resources: [.copy("Examples")]),
        tests(
            of: "Recording",
            [
                "Authentication", "Authorization", "KubernetesWire", "LocalState", "Masking", "TestSupport",
                "Vocabulary",
                crypto, nioCore, nioPosix,
            ], resources: [.copy("Journals")]),
        .executableTarget(
            name: "recorder-bench",
            dependencies: [
                "Authentication", "Authorization", "KubernetesWire", "LocalState", "Masking", "Recording", "Vocabulary",
                crypto, nioCore, nioPosix,
            ], path: "Tests/RecorderBench", swiftSettings: houseRules),
        tests(of: "RecordIndex", ["LocalState", "Recording", "TestSupport", "Vocabulary"]),
        .executableTarget(
            name: "index-bench", dependencies: ["CCRC32C", "RecordIndex", "Vocabulary"], path: "Tests/IndexBench",
            swiftSettings: houseRules),
        tests(of: "Forwarding", ["KubernetesWire", nioHTTP1]),
        tests(of: "Replay", ["Vocabulary"]),
        tests(
            of: "Gateway",
            [
                "Authentication", "Authorization", "Forwarding", "KubernetesWire", "LocalState", "Masking", "Recording",
                "TestSupport", "Vocabulary", nioCore, nioHTTP1, nioPosix,
            ]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Authentication", "LocalState", "TestSupport", "Vocabulary", crypto],
            exclude: ["HookSamples"], swiftSettings: houseRules),
    ]
)

/// A libFuzzer target under Tests/Fuzz.
func fuzzTarget(_ name: String, of target: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: "fuzz-\(name)", dependencies: [.byName(name: target), "FuzzSupport"] + dependencies,
        path: "Tests/Fuzz/\(name)", swiftSettings: houseRules,
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])])
}

if isFuzzed {
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
        .target(
            name: "FuzzSupport", dependencies: ["CFuzzer"], path: "Tests/Fuzz/FuzzSupport", swiftSettings: houseRules),
        fuzzTarget("path", of: "KubernetesWire"),
        fuzzTarget("token", of: "Authentication", ["Vocabulary"]),
        fuzzTarget("baggage", of: "Tagging"),
        fuzzTarget("json", of: "Vocabulary"),
        fuzzTarget("yaml", of: "YAMLReading"),
        fuzzTarget("manifest", of: "ManifestEditing", ["YAMLReading"]),
        fuzzTarget("websocket", of: "KubernetesWire"),
        fuzzTarget("streams", of: "KubernetesWire"),
        fuzzTarget("mask", of: "Masking", ["KubernetesWire", "Vocabulary", nioCore]),
        fuzzTarget(
            "output", of: "Gateway",
            ["KubernetesWire", "Masking", "Recording", "Vocabulary", nioCore, nioEmbedded]),
        fuzzTarget("encodings", of: "Replay", ["KubernetesWire"]),
    ]
}
