import Testing
import Vocabulary

@Suite struct JSONTests {
    @Test func keepsNumbersAsTheyWereWritten() throws {
        #expect(try JSON(parsing: "[1.50, 1e3]") == .array([.number("1.50"), .number("1e3")]))
    }
}
