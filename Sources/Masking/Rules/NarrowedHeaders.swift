/// What a caller accepts, as the cluster is asked for it where a body is to be read on its way.
public enum NarrowedAccept {
    /// The `Accept` with JSON left in it only.
    ///
    /// - Parameter value: the caller's, all lines joined; nil where there is none.
    /// - Returns: nil where the caller takes no JSON.
    public static func json(_ value: String?) -> String? {
        guard let value else { return "application/json" }
        let kept = value.split(separator: ",").filter { accepted in
            let type = MediaType(String(accepted))
            return type.isJSON || ["*/*", "application/*", ""].contains(type.essence)
        }
        if kept.isEmpty { return value.contains { $0 != " " } ? nil : "application/json" }
        return kept.map { $0.drop { $0 == " " } }.joined(separator: ",")
    }
}
