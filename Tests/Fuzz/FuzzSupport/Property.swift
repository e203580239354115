/// What a fuzz target claims about the code under it. A claim that fails stops the process, which libFuzzer reports with the input.
public enum Property {
    public static func hold(_ claim: Bool, _ words: @autoclosure () -> String) {
        if !claim { fatalError(words()) }
    }
}
