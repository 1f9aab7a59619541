import Testing

@testable import VRRPReport

/// Words that become part of a page, and markup that stays as it is.
@Suite struct MarkupTests {
    private static let hostile = "<b>\"it's\" & | `x` *y* [z](javascript:1) #1 @all ~~w~~\u{1b}[2J\u{202e}\\"

    @Test func textIsEscaped() {
        let text = Self.hostile
        let html: Markup<HTML> = "<p title=\"\(text)\">\(text)</p>"
        let escaped =
            "&lt;b&gt;&quot;it&#39;s&quot; &amp; | `x` *y* [z](javascript:1) #1 @all ~~w~~\\x1b[2J\\u{202e}\\\\"
        #expect(html.text == "<p title=\"\(escaped)\">\(escaped)</p>")
        let markdown: Markup<Markdown> = "**\(text)**"
        #expect(
            markdown.text
                == ##"**\<b\>"it's" \& \| \`x\` \*y\* \[z\](javascript:1) \#1 \@all \~\~w\~\~\\x1b\[2J\\u{202e}\\\\**"##
        )
    }

    @Test func markupStaysAsItIs() {
        let bold: Markup<HTML> = "<b>\("x < y")</b>"
        let some: Markup<HTML>? = bold
        let none: Markup<HTML>? = nil
        let all: Markup<HTML> = "\(bold)|\(some)|\(none)|\([bold, bold])|\(7)|\(if: true, "<i>")|\(if: false, "<u>")"
        let one = "<b>x &lt; y</b>"
        #expect(all.text == "\(one)|\(one)||\(one)\(one)|7|<i>|")
        #expect((bold + bold).text == one + one)
    }

    @Test func linesAreEnded() {
        @MarkupBuilder<HTML>
        func list(_ items: [String], note: String?) -> MarkupLines<HTML> {
            "<ul>"
            for item in items { "<li>\(item)</li>" }
            if let note { "<li class=\"note\">\(note)</li>" }
            if items.isEmpty {
                "<li>none</li>"
            } else {
                """
                <li>and
                more</li>
                """
            }
            "</ul>"
        }
        #expect(list(["a", "&"], note: nil).text == "<ul>\n<li>a</li>\n<li>&amp;</li>\n<li>and\nmore</li>\n</ul>\n")
        #expect(list([], note: "<").text == "<ul>\n<li class=\"note\">&lt;</li>\n<li>none</li>\n</ul>\n")
    }

    @Test func sentencesHoldCode() {
        #expect(HTML.prose("say `a < b` & go").text == "say <code>a &lt; b</code> &amp; go")
        #expect(HTML.prose("an odd ` is text").text == "an odd ` is text")
        #expect(Markdown.prose("say `a|b` & go").text == #"say `a\|b` \& go"#)
        #expect(Markdown.name("a`b").text == "``a`b``")
    }
}
