#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The person's browser.
struct Browser {
    private let environment: Environment

    init(_ environment: Environment) { self.environment = environment }

    /// True where one can be opened that the person sees: there is a display, or a program was named.
    var isAtHand: Bool {
        #if os(macOS)
            environment.browser != nil || !environment.isRemote
        #else
            environment.browser != nil || (environment.hasDisplay && !environment.isRemote)
        #endif
    }

    /// Opens a page and goes on at once. False where no program could be started; the page's address was said anyway.
    @discardableResult
    func open(_ page: String) -> Bool {
        #if os(macOS)
            let program = environment.browser ?? "open"
        #else
            let program = environment.browser ?? "xdg-open"
        #endif
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // It outlives this program, and a Ctrl-C here is not meant for it.
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
        var arguments = [strdup(program), strdup(page), nil]
        var variables = environment.variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var pid = pid_t()
        return posix_spawnp(&pid, program, &actions, &attributes, &arguments, &variables) == 0
    }
}
