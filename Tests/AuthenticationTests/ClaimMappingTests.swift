import Testing
import Vocabulary

@testable import Authentication

@Suite struct ClaimMappingTests {
    private let claims: JSON = [
        "sub": "u-1", "email": "alice@example.com", "email_verified": true,
        "realm_access": ["roles": ["dev", "ops, night"]], "https://example.com/groups": "one", "team": ["a", "b"],
    ]

    private func identity(_ change: (inout ClaimMapping) -> Void) throws -> Identity {
        var mapping = ClaimMapping()
        mapping.groups = nil
        change(&mapping)
        return try mapping.identity(claims, issuer: "https://issuer.example")
    }

    @Test func findsClaimsByNamePathAndPointer() throws {
        #expect(try identity { $0.groups = ClaimPath("realm_access.roles") }.groups == ["dev", "ops, night"])
        #expect(try identity { $0.groups = ClaimPath("/realm_access/roles") }.groups == ["dev", "ops, night"])
        #expect(try identity { $0.groups = ClaimPath("https://example.com/groups") }.groups == ["one"])
        #expect(try identity { $0.groups = ClaimPath("absent.claim") }.groups == [])
    }

    @Test func putsPrefixesBeforeNamesAndKeepsExtras() throws {
        let alice = try identity {
            $0.username = ClaimPath("email")
            $0.usernamePrefix = "corp:"
            $0.groups = ClaimPath("team")
            $0.groupsPrefix = "oidc:"
            $0.extra = ["example.com/team": ClaimPath("team"), "example.com/none": ClaimPath("none")]
        }
        #expect(alice.username == "corp:alice@example.com")
        #expect(alice.uid == "u-1")
        #expect(alice.groups == ["oidc:a", "oidc:b"])
        #expect(alice.extra == ["example.com/team": ["a", "b"]])
    }

    @Test func requiresWhatTheOperatorRequires() throws {
        _ = try identity { $0.required = [(ClaimPath("email_verified"), true)] }
        #expect(throws: AuthenticationFault.requiredClaim("email_verified")) {
            try identity { $0.required = [(ClaimPath("email_verified"), "true")] }
        }
        #expect(throws: AuthenticationFault.requiredClaim("mfa")) {
            try identity { $0.required = [(ClaimPath("mfa"), true)] }
        }
    }

    @Test func anAddressThatNobodyVerifiedNamesNobody() throws {
        var mapping = ClaimMapping()
        mapping.username = ClaimPath("email")
        _ = try mapping.identity(["email": "a@b.example"], issuer: "i")
        _ = try mapping.identity(["email": "a@b.example", "email_verified": true], issuer: "i")
        for verified: JSON in [false, "true", .null, 1] {
            #expect(throws: AuthenticationFault.emailNotVerified) {
                try mapping.identity(["email": "a@b.example", "email_verified": verified], issuer: "i")
            }
        }
    }

    @Test func aServiceAccountIsWhoTheClusterSaysItIs() throws {
        var mapping = ClaimMapping()
        mapping.reservedNames = .serviceAccounts
        let token: JSON = ["sub": "system:serviceaccount:agents:runner"]
        let identity = try mapping.identity(token, issuer: "https://kubernetes.default.svc")
        #expect(identity.username == "system:serviceaccount:agents:runner")
        #expect(identity.groups == ["system:serviceaccounts", "system:serviceaccounts:agents"])
        for (sub, fault) in [
            ("system:admin", "system:admin"), ("alice", "alice"),
            ("system:serviceaccount::x", "system:serviceaccount::x"),
        ] {
            #expect(throws: AuthenticationFault.reservedName(fault)) {
                try mapping.identity(["sub": .string(sub)], issuer: "i")
            }
        }
        #expect(throws: AuthenticationFault.reservedName("system:masters")) {
            try mapping.identity(
                ["sub": "system:serviceaccount:agents:runner", "groups": ["system:masters"]], issuer: "i")
        }
    }
}
