/// Text that is ready for its form: HTML or Markdown, in which everything stands for what it says.
///
/// Markup is written as a literal, and literals alone are taken as they are. A `String` that is put into one is escaped for
/// the form, in content and in quoted attributes; a number and other markup of the same form are put in unchanged. So text
/// from outside cannot become markup, and markup of one form cannot come into the other.
struct Markup<Form: PageForm>: Sendable, ExpressibleByStringInterpolation {
    private(set) var text: String

    init(stringLiteral literal: StaticString) { text = literal.description }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// Takes text that its maker has escaped: for the forms, for pictures and for the files of `Assets`.
    init(escaped text: String) { self.text = text }

    static func + (left: Self, right: Self) -> Self { Self(escaped: left.text + right.text) }

    static func += (left: inout Self, right: Self) { left.text += right.text }

    /// The parts of a literal; those that are written out are static, so that nothing else can take their place.
    struct StringInterpolation: StringInterpolationProtocol {
        typealias StringLiteralType = StaticString

        fileprivate var text: String

        init(literalCapacity: Int, interpolationCount: Int) {
            text = ""
            text.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        mutating func appendLiteral(_ literal: StaticString) { text += literal.description }

        /// Puts words in, escaped.
        mutating func appendInterpolation(_ words: String) { text += Form.escaped(words) }

        mutating func appendInterpolation(_ number: Int) { text += "\(number)" }

        mutating func appendInterpolation(_ markup: Markup) { text += markup.text }

        /// Puts in what is there.
        mutating func appendInterpolation(_ markup: Markup?) { text += markup?.text ?? "" }

        /// Puts parts in, one behind the other.
        mutating func appendInterpolation(_ parts: [Markup]) { for part in parts { text += part.text } }

        /// Puts markup in under a condition.
        mutating func appendInterpolation(if condition: Bool, _ markup: Markup) {
            if condition { text += markup.text }
        }
    }
}

/// Lines of markup, each ended: the result of functions that are written as lists of lines, with `if` and `for`.
struct MarkupLines<Form: PageForm>: Sendable {
    fileprivate(set) var text = ""

    /// Takes lines that their maker has escaped, the last one ended too.
    init(escaped text: String) { self.text = text }
}

@resultBuilder
enum MarkupBuilder<Form: PageForm> {
    static func buildExpression(_ line: Markup<Form>) -> MarkupLines<Form> {
        MarkupLines(escaped: line.text + "\n")
    }

    static func buildExpression(_ lines: MarkupLines<Form>) -> MarkupLines<Form> { lines }

    static func buildBlock(_ parts: MarkupLines<Form>...) -> MarkupLines<Form> { buildArray(parts) }

    static func buildArray(_ parts: [MarkupLines<Form>]) -> MarkupLines<Form> {
        var all = MarkupLines<Form>(escaped: "")
        for part in parts { all.text += part.text }
        return all
    }

    static func buildOptional(_ lines: MarkupLines<Form>?) -> MarkupLines<Form> { lines ?? MarkupLines(escaped: "") }

    static func buildEither(first lines: MarkupLines<Form>) -> MarkupLines<Form> { lines }

    static func buildEither(second lines: MarkupLines<Form>) -> MarkupLines<Form> { lines }
}
