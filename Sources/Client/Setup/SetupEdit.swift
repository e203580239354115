import LocalState
import Vocabulary

/// A kubeconfig with a stanza of ours, or without it.
enum SetupEdit {
    /// The first line of a file that was not there before.
    static let mark = "# made by byline setup; byline setup --remove takes it away again"

    /// The file with the stanza; what of ours was in it before for the same gateway and clusters is replaced where it
    /// differs.
    static func adding(_ stanza: SetupStanza, to bytes: [UInt8], file: String) throws(ClientFault) -> [UInt8] {
        var text = try KubeconfigText(bytes, file: file)
        let isNew = text.isEmpty
        if isNew {
            let head = "\(mark)\napiVersion: v1\nkind: Config\ncurrent-context: \"\"\n"
            text = try KubeconfigText(bytes + Array(head.utf8), file: file)
        }
        try put(stanza.user, in: .users, &text, file) { $0["user"]?["exec"] != nil }
        for cluster in stanza.clusters {
            try put(stanza.cluster(cluster), in: .clusters, &text, file) { item in
                item["cluster"]?["server"]?.string?.hasPrefix("\(stanza.gateway)/clusters/") == true
            }
            try put(stanza.context(cluster), in: .contexts, &text, file) { item in
                item["context"]?["user"]?.string == stanza.userName
            }
        }
        if let first = stanza.clusters.first, try text.currentContext ?? "" == "" {
            try text.setCurrentContext(stanza.contextName(first))
        }
        return text.bytes
    }

    private static func put(
        _ item: JSON, in list: KubeconfigText.List, _ text: inout KubeconfigText, _ file: String,
        isOurs: (JSON) -> Bool
    ) throws(ClientFault) {
        let name = item["name"]?.string ?? ""
        if let old = try text.item(list, name) {
            guard isOurs(old) else { throw .setup(.nameTaken(kind: list.member, name: name, file: file)) }
            if old[list.member]?.isContained(in: item[list.member]) == true,
                item[list.member]?.isContained(in: old[list.member]) == true
            {
                return
            }
            // What a person has added to a context, as a namespace, is theirs.
            if list == .contexts, item[list.member]?.isContained(in: old[list.member]) == true { return }
            try text.remove(name, from: list)
        }
        try text.add(item, to: list)
    }

    /// The file without what is ours; nil where nothing is left of a file that was ours altogether.
    ///
    /// - Parameters:
    ///   - gateway: only this gateway's; nil for every gateway's.
    ///   - clusters: only these clusters'; empty for all.
    static func removing(
        gateway: String?, clusters: [String], from bytes: [UInt8], file: String
    ) throws(ClientFault) -> (bytes: [UInt8]?, contexts: [String]) {
        var text = try KubeconfigText(bytes, file: file)
        let wanted = Set(clusters.map { SetupStanza.prefix + $0 })
        func isOurs(_ user: String) -> Bool {
            gateway.map { SetupStanza.userName(of: $0) == user } ?? user.hasPrefix("byline@")
        }
        let contexts = try text.items(.contexts).filter { context in
            let name = context["name"]?.string ?? ""
            return name.hasPrefix(SetupStanza.prefix) && isOurs(context["context"]?["user"]?.string ?? "")
                && (wanted.isEmpty || wanted.contains(name))
        }
        for context in contexts {
            guard let name = context["name"]?.string else { continue }
            if try text.currentContext == name { try text.setCurrentContext("") }
            try text.remove(name, from: .contexts)
            let cluster = context["context"]?["cluster"]?.string ?? ""
            let isUsed = try text.items(.contexts).contains { $0["context"]?["cluster"]?.string == cluster }
            if cluster == name, !isUsed { try text.remove(cluster, from: .clusters) }
        }
        let users = try text.items(.users).compactMap { $0["name"]?.string }.filter(isOurs)
        for user in users where try !text.items(.contexts).contains(where: { $0["context"]?["user"]?.string == user }) {
            try text.remove(user, from: .users)
        }
        var isBare = true
        for list in KubeconfigText.List.allCases where try !text.items(list).isEmpty { isBare = false }
        let wasOurs = text.bytes.starts(with: Array(mark.utf8)) && isBare
        return (wasOurs ? nil : text.bytes, contexts.compactMap { $0["name"]?.string })
    }
}

extension JSON {
    /// True where everything in it is in the other as well.
    fileprivate func isContained(in other: JSON?) -> Bool {
        guard let members else { return self == other }
        return members.allSatisfy { $0.value.isContained(in: other?[$0.name]) }
    }
}
