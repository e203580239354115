public import CurlTransport

/// `byline doctor`: looks at everything on the way from a command to the gateway, in the order of the way.
public struct Doctor: Sendable {
    private let environment: Environment
    private let engine: CurlEngine
    private let gateway: String?

    public init(_ environment: Environment, _ engine: CurlEngine, gateway: String?) {
        self.environment = environment
        self.engine = engine
        self.gateway = gateway ?? environment.gateway
    }

    public func checks() async -> [Check] {
        var checks = StateChecks(environment).all()
        checks += await GatewayChecks(environment, engine, gateway: gateway).all()
        checks += KubectlChecks(environment).all()
        checks += HookChecks(environment).all()
        return checks
    }
}
