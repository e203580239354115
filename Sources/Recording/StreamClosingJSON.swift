import KubernetesWire
import Vocabulary

extension CanonicalJSON {
    /// Writes a `close`'s member `stream`.
    mutating func stream(_ closing: StreamClosing) {
        name("stream")
        object { json in
            json.name("channels")
            json.array { json in
                for channel in closing.channels { json.channel(channel) }
            }
            if !closing.cut.isEmpty {
                json.name("cut")
                json.strings(closing.cut.map(\.name))
            }
            if let exit = closing.exit {
                json.name("exit")
                json.object { json in
                    switch exit {
                    case .exited(let code): json.member("code", code)
                    // The cluster's sentence stands in the error channel.
                    case .failed: json.member("failed", true)
                    }
                }
            }
            json.member("protocol", ifPresent: closing.protocolName)
            if !closing.undecoded.isEmpty {
                json.name("undecoded")
                json.object { json in
                    for direction in Direction.allCases {
                        json.member(direction.name, ifPresent: closing.undecoded[direction])
                    }
                }
            }
            if closing.unlisted.channels > 0 {
                json.name("unlisted")
                json.object { json in
                    json.member("bytes", closing.unlisted.bytes)
                    json.member("channels", closing.unlisted.channels)
                }
            }
            if !closing.unmasked.isEmpty {
                json.name("unmasked")
                json.strings(closing.unmasked)
            }
        }
    }

    private mutating func channel(_ channel: StreamClosing.Channel) {
        object { json in
            json.member("bytes", channel.bytes)
            json.member("channel", channel.channel.name)
            json.member("direction", channel.direction.name)
            json.member("end", ifPresent: channel.end?.rawValue)
            json.member("sha256", hexadecimal: channel.digest)
        }
    }
}
