import CurlTransport
public import Vocabulary

extension RecordClient {
    /// A list of the record, `sessions` or `exchanges`, page after page.
    ///
    /// - Parameters:
    ///   - list: the list's name, in the API's path and in its answers.
    ///   - filters: names and values of the API's query fields.
    ///   - limit: how many elements, at most.
    /// - Returns: the list as the API gives it; with `next` where there are more.
    /// - Throws: `ClientFault`.
    public func search(_ list: String, _ filters: [(String, String)], limit: Int) async throws(ClientFault) -> JSON {
        var elements: [JSON] = []
        var cursor: String?
        repeat {
            let paging = [("limit", String(min(limit - elements.count, Self.mostPerPage)))]
            let page = try await page(list, filters + paging, cursor)
            elements += page[list]?.array ?? []
            cursor = page["next"]?.string
        } while cursor != nil && elements.count < limit
        return .object([.init(list, .array(elements))] + (cursor.map { [.init("next", .string($0))] } ?? []))
    }

    /// A session and all of its exchanges; nil where there is none of that id.
    public func session(_ id: String) async throws(ClientFault) -> JSON? {
        let path = "sessions/\(PercentEncoding.encode(id))"
        let paging = [("limit", String(Self.mostPerPage))]
        var exchanges: [JSON] = []
        var page: JSON
        do throws(ClientFault) { page = try await self.page(path, paging, nil) } catch {
            if case .refusedByGateway(404, _) = error { return nil }
            throw error
        }
        let session = page["session"] ?? [:]
        exchanges += page["exchanges"]?.array ?? []
        while let cursor = page["next"]?.string {
            page = try await self.page(path, paging, cursor)
            exchanges += page["exchanges"]?.array ?? []
        }
        return ["exchanges": .array(exchanges), "session": session]
    }

    private static let mostPerPage = 500

    private func page(
        _ path: String, _ fields: [(String, String)], _ cursor: String?
    ) async throws(ClientFault) -> JSON {
        let query = FormFields(fields + (cursor.map { [("cursor", $0)] } ?? [])).encoded
        return try await json("\(path)?\(query)")
    }
}
