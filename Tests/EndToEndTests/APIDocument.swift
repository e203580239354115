import Foundation
import Testing
import Vocabulary

/// An OpenAPI document, as far as a test needs it to hold a server to it.
struct APIDocument {
    struct Parameter {
        let name: String
        /// A value that the server must take.
        let sample: String
    }

    struct Operation {
        let path: String
        let needsToken: Bool
        let queryParameters: [Parameter]
        let responses: [(status: Int, json: JSON)]

        var statuses: [Int] { responses.map(\.status) }

        /// The content type of a response.
        func type(of status: Int) -> String? {
            responses.first { $0.status == status }?.json["content"]?.members?.first?.name
        }
    }

    let json: JSON
    private(set) var operations: [Operation] = []

    init(_ json: JSON) throws {
        self.json = json
        try #require(json["openapi"] == "3.1.0")
        for path in json["paths"]?.members ?? [] {
            let get = try #require(path.value["get"])
            let parameters = (get["parameters"]?.array ?? []).filter { $0["in"] == "query" }
            var responses: [(Int, JSON)] = []
            for response in get["responses"]?.members ?? [] {
                responses.append((try #require(Int(response.name)), try resolve(response.value)))
            }
            operations.append(
                Operation(
                    path: path.name, needsToken: get["security"] != [],
                    queryParameters: try parameters.map { parameter in
                        Parameter(
                            name: try #require(parameter["name"]?.string), sample: Self.sample(parameter["schema"]))
                    }, responses: responses))
        }
    }

    private static func sample(_ schema: JSON?) -> String {
        if let choice = schema?["enum"]?.array?.first?.string { return choice }
        if schema?["format"] == "date-time" { return "2026-01-02T03:04:05Z" }
        return schema?["type"] == "integer" ? "7" : "anything"
    }

    private func resolve(_ json: JSON) throws -> JSON {
        guard let reference = json["$ref"]?.string else { return json }
        var found: JSON? = self.json
        for name in reference.dropFirst(2).split(separator: "/") { found = found?[String(name)] }
        return try #require(found, "\(reference)")
    }

    /// Checks a body against the schema of the operation's 200.
    func check(_ body: String, _ operation: Operation, _ type: String) throws {
        let response = try #require(operation.responses.first { $0.status == 200 })
        guard let schema = response.json["content"]?[type]?["schema"] else { return }
        switch type {
        case "application/json": try check(JSON(parsing: body), schema, operation.path)
        case "application/x-ndjson":
            for line in body.split(separator: "\n") { try check(JSON(parsing: String(line)), schema, operation.path) }
        default: break
        }
    }

    func check(_ body: String, schema name: String) throws {
        try check(JSON(parsing: body), ["$ref": .string("#/components/schemas/\(name)")], name)
    }

    private func check(_ value: JSON, _ schema: JSON, _ place: String) throws {
        let schema = try resolve(schema)
        if let constant = schema["const"] { #expect(value == constant, "\(place)") }
        if let choices = schema["enum"]?.array { #expect(choices.contains(value), "\(place)") }
        switch schema["type"]?.string {
        case "string": #expect(value.string != nil, "\(place)")
        case "integer": #expect(value.integer != nil, "\(place)")
        case "boolean": #expect(value.bool != nil, "\(place)")
        case "array":
            for element in try #require(value.array, "\(place)") { try check(element, schema["items"] ?? [:], place) }
        case "object":
            let members = try #require(value.members, "\(place)")
            for name in schema["required"]?.strings ?? [] { #expect(value[name] != nil, "\(place).\(name)") }
            for member in members {
                let known = schema["properties"]?[member.name] ?? schema["additionalProperties"]
                if let known { try check(member.value, known, "\(place).\(member.name)") }
            }
        default: break
        }
    }
}
