import Testing

@testable import KubernetesWire

@Suite struct TarCommandTests {
    @Test(arguments: [
        "tar cf - /etc", "tar -cf - /etc", "/bin/tar -c -f - a b", "tar czf - .", "tar -C /etc -cf - .",
        "tar cCf /etc - .", "tar --create --file=- x", "tar --create --file - x", "tar -cvf- x", "tar c x",
    ])
    func writesAnArchiveToItsOutput(command: String) {
        #expect(TarCommand(command.split(separator: " ").map(String.init)).packs)
    }

    @Test(arguments: [
        "tar -xmf - -C /tmp", "tar --no-same-permissions --no-same-owner -xmf -", "tar tf -", "tar cf /tmp/a.tar /etc",
        "tar -c -f/tmp/a.tar /etc", "tar --create --file=/tmp/a.tar x", "tar", "cat tar cf -", "star cf - x",
        "tar -f c -", "tar -- cf -",
    ])
    func doesSomethingElse(command: String) {
        #expect(!TarCommand(command.split(separator: " ").map(String.init)).packs)
    }

    @Test func aRetriedCopyIsOneAndNoOtherShell() {
        #expect(TarCommand(["sh", "-c", "tar cf - /etc/a.b_c-d | tail -c+0"]).packs)
        #expect(TarCommand(["sh", "-c", "tar cf - /etc | tail -c+10241"]).packs)
        #expect(TarCommand(["sh", "-c", "tar cf - '/etc/a b;c' | tail -c+0"]).packs)
        for script in [
            "tar cf - /etc", "tar cf - /etc | tail -c+0; cat /x", "tar cf - $(cat /x) | tail -c+0",
            "tar cf - /etc;cat | tail -c+0", "tar cf - /etc | tail -c+0\ncat", "tar cf - `x` | tail -c+",
            "tar cf - '/etc';cat '/x' | tail -c+0", "tar cf - '' | tail -c+0", "tar cf - ' | tail -c+0",
            "tar cf - /etc /x | tail -c+0", "tar cf - | tail -c+0", "tar cf - '/etc' | tail -c+",
            "cat /x; tar cf - /etc | tail -c+0", "tar cf - /etc\u{A}cat | tail -c+0",
        ] {
            #expect(!TarCommand(["sh", "-c", script]).packs, "\(script)")
        }
        #expect(!TarCommand(["bash", "-c", "tar cf - /etc | tail -c+0"]).packs)
        #expect(!TarCommand(["sh", "-c", "tar cf - /etc | tail -c+0", "x"]).packs)
    }
}
