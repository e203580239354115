import CFuzzer
import Glibc

/// libFuzzer: it takes the command line, makes inputs, and watches which code they reach.
public enum Fuzzer {
    /// Runs the program's `LLVMFuzzerTestOneInput` on one input after another and ends the process when libFuzzer is done.
    /// libFuzzer's own `main` does the same, but SwiftPM insists on that of the target.
    public static func run() -> Never {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments, LLVMFuzzerTestOneInput))
    }
}
