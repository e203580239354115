import Testing

@testable import Masking

/// What API servers 1.20 to 1.34 say of what they refuse, with `Kiesel-88` as what must not be seen.
@Suite struct QuotedObjectTests {
    private static func status(_ message: String, _ path: String) throws -> String {
        let plan = try Support.plan(path)
        let body =
            #"{"kind":"Status","status":"Failure","message":\#(json(message)),"details":{"causes":[{"message":\#(json(message))}]},"code":422}"#
        let masker = try plan.responseMasker(contentType: "application/json", contentEncoding: nil, status: 422)
        return try Support.mask(body, masker).delivered
    }

    private static func json(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" ? "\\\"" : $0 == "\\" ? "\\\\" : $0 == "\n" ? "\\n" : String($0) }.joined() + "\""
    }

    private static let secret = "/api/v1/namespaces/n/secrets/db"
    private static let deployment = "/apis/apps/v1/namespaces/n/deployments/web"

    @Test(arguments: [
        (
            secret,
            ##" "" is invalid: patch: Invalid value: "{\"data\":{\"zz\":5,\"pin\":\"Kiesel-88\"}}": illegal base64 data"##
        ),
        (
            secret,
            ##"patch: Invalid value: "{\"m\":\"{\\\"data\\\":{\\\"pin\\\":\\\"Kiesel-88\\\"}}\"}": json: cannot unmarshal"##
        ),
        (
            secret,
            ##"Secret in version "v1" cannot be handled: error found in #10 byte of ...|":"Kiesel-88|..., bigger context ...|{"data":{"pin":"Kiesel-88|..."##
        ),
        (secret, ##"patch: Invalid value: map[string]interface {}{"pin":"Kiesel-88"}: unknown"##),
        (secret, ##"unrecognized: map[data:map[pin:Kiesel-88] kind:Secret]"##),
        (secret, ##"cannot restore slice from map: [75 105 101 115 101 108]"##),
        (
            deployment,
            ##"patch: Invalid value: "{\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"Kiesel-88\"}]}": wrong"##
        ),
        (deployment, ##"spec: Forbidden: core.PodSpec{Env: {Name: "DB_PASSWORD", Value: "Kiesel-88"}}"##),
        (deployment, ##"patch: Invalid value: {"image":"x","env":[{"name":"DB_PASSWORD","value":"Kiesel-88"}"##),
    ])
    func masksWhatAnErrorQuotes(_ path: String, _ message: String) throws {
        let seen = try Self.status(message, path)
        #expect(!seen.contains("Kiesel-88") && !seen.contains("105 101 115"), "\(seen)")
        #expect(seen.contains(Mask.prefix))
    }

    @Test(arguments: [
        (secret, ##"secrets "db" not found"##),
        (
            secret,
            ##"Operation cannot be fulfilled on secrets "db": the object has been modified; please apply your changes to the latest version and try again"##
        ),
        (
            secret,
            ##"Secret "db" is invalid: data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"##
        ),
        (secret, ##"Secret "db" is invalid: data: Forbidden: field is immutable when `immutable` is set"##),
        (
            deployment,
            ##"Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0"##
        ),
        (deployment, ##"patch: Invalid value: "{\"spec\":{\"replicas\":\"x\"}}": json: cannot unmarshal string"##),
    ])
    func leavesHonestMessagesAsTheyAre(_ path: String, _ message: String) throws {
        let seen = try Self.status(message, path)
        #expect(seen.contains(Self.json(message)), "\(seen)")
        #expect(!seen.contains(Mask.prefix))
    }
}
