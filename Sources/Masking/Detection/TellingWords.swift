/// The words of telling names, all in small letters.
enum TellingWords {
    /// Words that end a name however it is spelled: `dbpassword`, `DB_PASSWORD`, `dbPassword`. A person types such a value.
    static let passwords = [
        "password", "passwd", "passphrase", "pwd", "passcode", "passwort", "kennwort", "requirepass",
    ]
    /// Words whose value must look like a secret, since they are also said of other things.
    static let tokens =
        [
            "secret", "secrets", "token", "credential", "credentials", "authorization", "connectionstring", "apitoken",
            "dsn", "masterauth",
        ] + keys.map { $0 + "key" }
    /// What a key is of that is secret: a `key` alone says nothing.
    private static let keys = [
        "api", "access", "secret", "private", "encryption", "decryption", "signing", "auth", "master", "account",
        "shared",
        "license", "ssh", "storage", "service", "app", "session", "hmac", "jwt", "cipher", "crypto", "aes", "deploy",
        "admin", "root", "webhook", "subscription", "instrumentation", "write", "ingest", "integration", "unseal",
        "recovery", "security", "cookie", "gossip", "tls", "ssl", "client", "consumer",
    ]

    /// Short forms: words of their own only, since longer words end with them (`bypass`).
    static let shortPasswords = ["pass", "pw", "pswd", "psw", "passwrd", "psk"]
    static let shortTokens = ["cred", "creds", "pat", "salt", "pepper", "bearer", "cookie"]

    /// Words behind the telling one that leave its meaning: counters, environments, places, and forms of the value.
    static let tails: [String] = [
        "prod", "production", "prd", "preprod", "stage", "staging", "stg", "dev", "devel", "development", "test",
        "testing",
        "qa", "uat", "int", "local", "live", "sandbox", "canary", "demo", "primary", "secondary", "main", "backup",
        "replica", "fallback", "old", "new", "current", "previous", "prev", "next", "value", "base", "plain",
        "plaintext",
        "clear", "cleartext", "raw", "text", "string", "encoded", "default", "admin", "root",
    ]

    /// Verbs before the telling word: the value says what is done with a password, unless it looks like one.
    static let verbs: [String] = [
        "change", "reset", "forgot", "forget", "require", "requires", "required", "allow", "allows", "use", "uses",
        "has",
        "have", "is", "enable", "enabled", "disable", "disabled", "show", "hide", "no", "skip", "min", "max",
        "validate",
        "verify", "check", "ignore", "rotate", "generate", "random", "force", "expire", "must", "can", "update",
        "regenerate", "empty", "need", "needs", "accept", "support", "supports", "save", "remember", "automount",
        "print",
        "without", "lost", "rehash", "existing",
    ]

    /// Programs whose `…_pass` passes requests on, as nginx's `proxy_pass`.
    static let proxies: [String] = ["proxy", "fastcgi", "uwsgi", "scgi", "grpc", "memcached"]
}
