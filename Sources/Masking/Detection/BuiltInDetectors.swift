extension Detector {
    /// The detectors that come with the gateway. Each name is documented by its examples, in
    /// Tests/MaskingTests/Examples.
    public static let builtIn: [Detector] = clouds + forges + services + general

    private static let clouds: [Detector] = [
        Detector("aws-access-key-id", ["AKIA", "ASIA", "ABIA", "ACCA"], .token(.upperBase32, 16...16)),
        Detector("gcp-api-key", ["AIza"], .token(.base64url, 35...35)),
        Detector("gcp-oauth-token", ["ya29."], .token(.base64url, 20...2_048)),
        Detector("gcp-client-secret", ["GOCSPX-"], .token(.base64url, 28...28)),
        Detector(
            "azure-shared-key", ["AccountKey=", "SharedAccessKey=", "SharedAccessSignature="], .field(.base64, 40...200)
        ),
        Detector("azure-sas-signature", ["?sig=", "&sig="], .field(.queryBase64, 43...120)),
        Detector("digitalocean-token", ["dop_v1_", "doo_v1_", "dor_v1_"], .token(.hex, 64...64)),
    ]

    private static let forges: [Detector] = [
        Detector("github-token", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], .token(.alphanumeric, 36...255)),
        Detector("github-fine-grained-token", ["github_pat_"], .token(.base64url, 50...255)),
        Detector(
            "gitlab-token", ["glpat-", "glrt-", "gldt-", "glcbt-", "glptt-", "glft-", "glsoat-"],
            .token(.base64url, 20...255)),
        Detector("npm-token", ["npm_"], .token(.alphanumeric, 36...36)),
        Detector("pypi-token", ["pypi-AgE"], .token(.base64url, 50...1_024)),
        Detector("docker-hub-token", ["dckr_pat_", "dckr_oat_"], .token(.base64url, 20...100)),
        Detector("terraform-token", [".atlasv1."], .field(.base64url, 60...80)),
        Detector("vault-token", ["hvs.", "hvb.", "hvr."], .token(.base64url, 24...400)),
    ]

    private static let services: [Detector] = [
        Detector("anthropic-key", ["sk-ant-"], .token(.base64url, 40...255)),
        Detector("openai-key", ["sk-proj-", "sk-svcacct-", "sk-admin-"], .token(.base64url, 40...255)),
        Detector("sk-key", ["sk-"], .token(.alphanumeric, 32...64)),
        Detector("huggingface-token", ["hf_"], .token(.alphanumeric, 34...40)),
        Detector(
            "slack-token", ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xapp-"],
            .token(.base64url, 20...255)),
        Detector("slack-webhook", ["hooks.slack.com/services/"], .field(.path, 30...100)),
        Detector(
            "stripe-key", ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"], .token(.alphanumeric, 24...255)),
        Detector("sendgrid-key", ["SG."], .token(.dotted, 60...80)),
        Detector("shopify-token", ["shpat_", "shpss_", "shpca_", "shppa_"], .token(.hex, 32...32)),
        Detector("grafana-token", ["glsa_", "glc_"], .token(.base64url, 32...400)),
        Detector("databricks-token", ["dapi"], .token(.hex, 32...32)),
        Detector("linear-key", ["lin_api_"], .token(.alphanumeric, 40...40)),
        Detector("newrelic-key", ["NRAK-"], .token(.alphanumeric, 27...27)),
        Detector("postman-key", ["PMAK-"], .token(.base64url, 50...70)),
        Detector("doppler-token", ["dp.pt.", "dp.st.", "dp.ct."], .token(.base64url, 40...50)),
        Detector("age-secret-key", ["AGE-SECRET-KEY-1"], .token(.alphanumeric, 58...58)),
    ]

    private static let general: [Detector] = [
        Detector("jwt", (UInt8(0x61)...0x7A).map { "eyJ\(Self.fourthLetter($0))" }, .jwt),
        Detector("private-key", ["-----BEGIN "], .privateKey),
        Detector("encoded-private-key", ["LS0tLS1CRUdJTi"], .encodedPrivateKey),
        // Gzip in base64, once and twice: Helm's releases, and whatever else is packed so that nobody can look into it.
        Detector("helm-release", ["H4sIAAAA", "SDRzSUFBQU"], .token(.base64, 100...4_194_304)),
        Detector("url-password", ["://", "oracle:thin:"], .urlPassword),
        Detector(TellingNames.builtIn),
    ]

    /// The fourth letter of the base64url of `{"` and a small letter: the first member's name of a JOSE header.
    private static func fourthLetter(_ letter: UInt8) -> Character {
        let value = letter & 0x3F
        return Character(Unicode.Scalar(value < 52 ? 0x61 + value - 26 : 0x30 + value - 52))
    }
}
