import NIOHTTP1
import Vocabulary

/// The page on which a person approves a device's sign-in.
enum DevicePage {
    static func show(_ devices: DeviceGrants, query: String, username: String) async -> ControlResponse {
        let code = FormFields(parsing: query)?["user_code"] ?? ""
        guard !code.isEmpty else {
            return page(
                .ok, "Sign in to Byline",
                """
                <form method="get"><label for="c">Code shown by <code>byline login</code></label>
                <input id="c" name="user_code" autocomplete="off" autofocus required><button>Continue</button></form>
                """)
        }
        guard let device = await devices.find(userCode: code) else {
            return page(
                .notFound, "Unknown code",
                "<p>This code is not known, or no longer. Run <code>byline login</code> again.</p>")
        }
        return page(
            .ok, "Sign in to Byline",
            """
            <p>Let <code>byline</code> on this machine sign in as <strong>\(escape(username))</strong>?</p>
            <p>Go on only if your terminal shows <strong>\(escape(device.userCode))</strong>.</p>
            <form method="post"><input type="hidden" name="user_code" value="\(escape(device.userCode))">
            <input type="hidden" name="form_token" value="\(escape(device.formToken))">
            <button name="verdict" value="approve" autofocus>Approve</button>
            <button name="verdict" value="deny">Deny</button></form>
            """)
    }

    static func decide(
        _ devices: DeviceGrants, _ fields: FormFields, headers: HTTPHeaders, origin: String
    ) async -> ControlResponse {
        // A page of another site can make a browser post here; it cannot make it say that the form was ours.
        if let sender = headers.first(name: "origin"), sender != origin {
            return page(.forbidden, "Refused", "<p>This form was sent from another page.</p>")
        }
        let approved = fields["verdict"] == "approve"
        let code = fields["user_code"] ?? ""
        guard await devices.decide(userCode: code, formToken: fields["form_token"] ?? "", approved: approved) else {
            return page(
                .notFound, "Unknown code",
                "<p>This code is not known, or no longer. Run <code>byline login</code> again.</p>")
        }
        return page(
            .ok, approved ? "Signed in" : "Denied", "<p>You can close this page and go back to the terminal.</p>")
    }

    private static func page(_ status: HTTPResponseStatus, _ title: String, _ body: String) -> ControlResponse {
        let html = """
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(title)</title><style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;
            margin:4rem auto;padding:0 1rem}button,input{font:inherit;padding:.4rem .8rem;margin:.2rem}</style>
            <main><h1>\(title)</h1>\(body)</main></html>

            """
        return ControlResponse(
            status,
            headers: HTTPHeaders([
                ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"),
                (
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
                ),
                // With no referrer at all a browser calls the origin of the form above "null".
                ("Referrer-Policy", "same-origin"), ("X-Content-Type-Options", "nosniff"),
            ]), body: Array(html.utf8))
    }

    private static func escape(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
    }
}
