public import Vocabulary

/// Where in a token's claims a value stands: a claim's name, a path with dots (`realm_access.roles`), or a JSON pointer
/// (`/realm_access/roles`, RFC 6901).
public struct ClaimPath: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ path: String) { description = path }

    /// A claim of that very name wins over a path: names that are URLs hold dots.
    func value(in claims: JSON) -> JSON? {
        if let value = claims[description] { return value }
        let parts =
            description.hasPrefix("/")
            ? description.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(Self.unescaped)
            : description.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        return parts.reduce(Optional(claims)) { $0?[$1] }
    }

    private static func unescaped(_ part: Substring) -> String {
        part.split(separator: "~1", omittingEmptySubsequences: false)
            .map { $0.split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~") }
            .joined(separator: "/")
    }
}

/// How an issuer's claims become an Identity.
public struct ClaimMapping: Sendable {
    /// What becomes of names that Kubernetes keeps for itself: those that begin with `system:`.
    public enum ReservedNames: String, CaseIterable, Sendable {
        case deny
        case allow
        /// Those that a ServiceAccount has, and no others.
        case serviceAccounts
    }

    public var username = ClaimPath("sub")
    public var usernamePrefix = ""
    public var uid = ClaimPath("sub")
    public var groups: ClaimPath? = ClaimPath("groups")
    public var groupsPrefix = ""
    /// Claims that become extra attributes, by their domain-prefixed key.
    public var extra: [String: ClaimPath] = [:]
    /// Claims that must be there with this value.
    public var required: [(claim: ClaimPath, value: JSON)] = []
    public var reservedNames = ReservedNames.deny

    public init() {}

    /// The longest name that is taken, in bytes, and the largest number of groups.
    private static let maximumLength = 1_024
    private static let maximumGroups = 1_000

    /// Reads who verified claims name.
    func identity(_ claims: JSON, issuer: String) throws(AuthenticationFault) -> Identity {
        for (claim, value) in required where claim.value(in: claims) != value {
            throw .requiredClaim(claim.description)
        }
        guard let name = username.value(in: claims)?.string, !name.isEmpty else {
            throw .missingClaim(username.description)
        }
        // An address that nobody verified names nobody; kube-apiserver has the same rule.
        if username.description == "email", let verified = claims["email_verified"], verified != .bool(true) {
            throw .emailNotVerified
        }
        var groups = try self.groups.map { path throws(AuthenticationFault) in try names(path, claims) } ?? []
        groups = groups.map { groupsPrefix + $0 }
        let person = usernamePrefix + name
        if reservedNames == .serviceAccounts { groups += try Self.serviceAccountGroups(of: person) }
        var extra: [String: [String]] = [:]
        for (key, path) in self.extra {
            let values = try names(path, claims)
            if !values.isEmpty { extra[key] = values }
        }
        let uid = uid.value(in: claims)?.string
        for value in [person, uid ?? ""] + groups + extra.values.flatMap({ $0 }) { try Self.check(value) }
        try checkReserved(person, groups)
        return Identity(
            issuer: issuer, username: person, uid: uid, groups: groups, extra: extra)
    }

    /// One name or several; a name is never split.
    private func names(_ path: ClaimPath, _ claims: JSON) throws(AuthenticationFault) -> [String] {
        guard let value = path.value(in: claims), value != .null else { return [] }
        guard let names = value.string.map({ [$0] }) ?? value.strings, names.count <= Self.maximumGroups else {
            throw .invalidClaim(path.description)
        }
        return names.filter { !$0.isEmpty }
    }

    /// Names travel in headers to the API server. What could end a line there is refused here, and so is a space at
    /// either end: a header's reader cuts it off, and " system:masters" would become another name than was judged.
    private static func check(_ value: String) throws(AuthenticationFault) {
        let isClean =
            value.utf8.count <= maximumLength && value.utf8.first != 0x20 && value.utf8.last != 0x20
            && !value.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0xFFFD }
        guard isClean else { throw .invalidClaim("a name in it") }
    }

    private func checkReserved(_ username: String, _ groups: [String]) throws(AuthenticationFault) {
        guard reservedNames != .allow else { return }
        let own = reservedNames == .serviceAccounts ? Set(try Self.serviceAccountGroups(of: username)) : []
        if reservedNames == .deny, username.hasPrefix("system:") { throw .reservedName(username) }
        if let group = groups.first(where: { $0.hasPrefix("system:") && !own.contains($0) }) {
            throw .reservedName(group)
        }
    }

    /// The groups that Kubernetes gives a ServiceAccount (`system:serviceaccount:NAMESPACE:NAME`).
    private static func serviceAccountGroups(of username: String) throws(AuthenticationFault) -> [String] {
        let parts = username.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount", !parts[2].isEmpty, !parts[3].isEmpty
        else { throw .reservedName(username) }
        return ["system:serviceaccounts", "system:serviceaccounts:\(parts[2])"]
    }
}
