/// A gateway's URL as it is kept and compared.
public enum GatewayURL {
    /// The URL without a slash at its end; nil where it is no https URL of a gateway.
    public static func normalized(_ url: String) -> String? {
        guard url.hasPrefix("https://"), url.utf8.count > 8,
            !url.contains(where: { $0.isWhitespace || $0 == "?" || $0 == "#" || $0 == "@" })
        else { return nil }
        var url = url[...]
        while url.hasSuffix("/") { url.removeLast() }
        return url.utf8.count > 8 ? String(url) : nil
    }
}
