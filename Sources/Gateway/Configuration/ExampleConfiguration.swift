/// The configuration's documentation: a complete file with each key explained, as `byline-gateway check --example` prints
/// it.
public enum ExampleConfiguration {
    public static let text = """
        # The gateway's configuration, complete: each key with its meaning; what is commented out shows the default or an alternative.
        # Times are written 500ms, 10s, 5m, 24h; sizes 64KiB, 1MiB, 2GiB. Paths are seen from this file's folder. Secrets stand in
        # files of their own, never here.
        apiVersion: byline.dev/v1
        kind: Gateway

        listen:
          address: 127.0.0.1:8443            # where callers connect
          url: https://127.0.0.1:8443        # how callers name the gateway; issuer and audience of its session tokens
          tls:
            certificateFile: tls/server.crt  # the chain, PEM; re-read when it changes
            keyFile: tls/server.key
            # authorityFile: tls/ca.crt      # what clients trust; its digest is told in /.well-known/byline
            # clientAuthorityFile: tls/clients.crt   # callers may show certificates of this authority (for bound session tokens)

        monitoring:
          address: 127.0.0.1:9443            # /livez, /readyz, /metrics; plain HTTP, so keep it on a private address

        state: /var/lib/byline-gateway       # journal and keys; 0700, one gateway at a time

        recording:
          durability: mutations              # which openings must be on disk before they are forwarded: mutations | all
          # patience: 2s                     # how long a caller waits for a disk that takes nothing
          # bodyBytes: 1GiB                  # what is recorded of a body; the rest is declared left out; default: all of it
          # prompts: digest                  # of prompts: digest, the SHA-256 alone | offered, the text too where a client is told to
                                             # send it (--send-prompt) | asked, wherever a client knows it; secrets in it are masked
          # segments: {bytes: 64MiB, age: 24h}   # when a file of the journal is followed by another, and is compressed
          # retention: {age: 396d, bytes: 500GiB}   # what is older, or too much, goes, but nothing under legal hold; default: 396d

        sessionTokens:
          # signingKeyFile: keys/signing.pem     # Ed25519, PKCS#8 PEM (byline-gateway keys generate signing); default: one in the state folder
          # previousKeyFiles: [keys/previous.pem] # still believed, for a rotation with overlap
          # lifetime: 1h                     # at most 1h, never past the sign-in's own end
          # boundToCertificate: never        # RFC 8705: never | offered (where the caller shows one) | required

        issuers:
        - url: https://issuer.example        # the iss claim, byte for byte
          audiences: [byline]                # one must be in aud
          # authorizedParties: [byline]      # azp, where the token has one, must be one of these
          # certificateAuthorityFile: issuer-ca.crt   # default: the system's
          # keys: discovery                  # or: {url: https://…/jwks} | {file: jwks.json} | {cluster: prod}
          # algorithms: [RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA]
          # staleKeys: 24h                   # how long its keys are believed while it cannot be reached
          # clusters: [prod]                 # the clusters for which its tokens are taken; default: all
          # reservedNames: deny              # users and groups that begin with "system:": deny | allow | serviceAccounts
          claims:
            username: {claim: sub}           # claim: a name, a path with dots, or a JSON pointer; prefix: put before it
            # uid: {claim: sub}
            groups: {claim: groups}          # an array of names, or one name; a name may hold a comma
            # extra: {example.com/team: team}
          # requiredClaims: {email_verified: true}
          # signIn: {clientID: byline, scopes: [openid, groups, offline_access], grants: [authorization_code, device_code, refresh_token]}

        # attestations:                      # who may attest bylines (Byline-Attestation)
        # - issuer: https://orchestrator.example
        #   audiences: [https://127.0.0.1:8443]
        #   keys: {file: orchestrator-jwks.json}

        clusters:
        - name: prod                         # in /clusters/NAME/
          kubeconfig: {file: prod.kubeconfig}   # context: NAME for another than the current one; or: inCluster: true
          impersonate: caller                # the cluster's own RBAC sees the caller: caller | none
          # limits: {concurrent: 1000}

        policy:                              # or {file: policy.yaml}, a file with `rules:`
          rules:
          - name: readers
            effect: allow
            subjects: {groups: ["*"]}        # users, groups: any of them; issuers: in addition
            verbs: [get, list, watch]
            apiGroups: ["*"]
            resources: ["*"]                 # pods, pods/log, deployments/*, */scale
            # namespaces: [dev-*]            # clusters, names likewise
          - name: discovery
            effect: allow
            verbs: [get]
            nonResourceURLs: ["/version", "/api", "/api/*", "/apis", "/apis/*", "/openapi/*"]
          - name: agents-write
            effect: allow
            subjects: {groups: [platform]}
            namespaces: [dev-*]
            byline:
              require: [model, prompt.id]    # what must be said; attested: what must be signed
              # models: [claude-*]
              # agents: [claude-code]

        auditors:                            # who may read the record
          groups: [auditors]
          # users: []
          # issuers: []

        masking:                             # secrets never reach callers or the record in clear; these add to the rules that come with it
          # keyFile: keys/mask.key           # of the masks (byline-gateway keys generate mask); default: one in the state folder
          # sealTo: ["byline-auditor-1:…"]   # who may unseal the originals (byline-gateway keys generate auditor); none: they are not kept
          # copies: deny                     # pass | deny: files that kubectl cp takes out of a pod cannot be masked; port-forward is a matter of policy
          # connectSubresources: [widgets.example.com/shell]   # of aggregated APIs, beside those of Kubernetes and KubeVirt: only what connects may
          #                                    # upgrade to WebSocket or SPDY, and it counts as create of the subresource
          # tellingNames: [pinnummer]        # names that end so tell that their value is a secret, as password does; these add to ours
          # detectors:                       # texts that are secrets wherever they stand
          # - {name: acme-token, prefix: acme_, characters: alphanumeric, length: 20-40}
          # fields:                          # fields that are secrets whatever they hold
          # - {name: widget-pin, apiGroup: example.com, resource: widgets, path: ".spec.users[*].pin"}
          # customResourceDefinitions: [crds.yaml]   # as kubectl get crds -o yaml prints them: fields with format: password are secrets; default: each
          #                                    # cluster's own are asked for, so the gateway's credential must be allowed to get them; []: none
          # exceptions:                      # where rules ("*": all) are not applied; resources and namespaces left out: nowhere
          # - {rules: [jwt], resources: [configmaps], namespaces: [kube-public]}

        limits:
          # perIdentity: {concurrent: 200, streams: 100, requestsPerSecond: 100, burst: 200}
          # requestHeaderTimeout: 10s        # from the connection's or the last answer's end to a whole head; idle ones get idleTimeout
          # requestBodyTimeout: 60s          # without a byte of a body that is still to come
          # idleTimeout: 5m
          # connectionAge: 1h                # then the connection is closed when its exchange is over; streams are let be
          # connections: 10000               # callers' connections at once; default: what the file descriptors allow
          # connectionsPerAddress: 7500      # of them from one address; default: three quarters
          # headerBytes: 80KiB
          # bodyBytes: 3GiB                  # a request's; a stream of an upgraded connection has none

        shutdown:
          # grace: 30s                       # for exchanges under way
          # watchGrace: 5s                   # watches and followed logs end cleanly after this

        log:
          # level: info                      # error | warning | info | debug
          # format: json                     # json | text

        """
}
