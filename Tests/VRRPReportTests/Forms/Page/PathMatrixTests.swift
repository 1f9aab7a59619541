import Testing
import VRRPReport
import VRRPTestSupport

/// The matrix of the ways of advertisements, in text, HTML and Markdown.
@Suite struct PathMatrixTests {
    private static let story = """
        point A
        point B
        router A 10.0.0.1 priority 200 captures 0,1
        router B 10.0.0.2 priority 100 captures 0,1
        router Deaf 10.0.0.1 priority 200 capture 0
        0..20 every 1 A
        21..60 every 1 Deaf
        23.609..60 every 1 B
        61 end
        """

    private static func document(_ story: String) throws -> ReportDocument {
        ReportDocument(try Scenario(story).observation, captures: [], version: "1")
    }

    @Test("every form shows what arrived, and where it was seen last")
    func broken() throws {
        let document = try Self.document(Self.story)
        try #require(document.paths.contains { $0.verdict == .lostBefore })
        let text = TextReport.render(document, TextReport.Options())
        let html = IncidentReport.html(document, IncidentReport.Options())
        let markdown = IncidentReport.markdown(document, IncidentReport.Options())
        for form in [text, html, markdown] {
            #expect(form.contains("21 of 61, broken once"))
            #expect(form.contains("37 of 37"))
        }
        #expect(html.contains("0 of 40 arrived from") && html.contains("last seen at 10.0.0.1"))
        #expect(html.contains("<section id=\"paths\"") && html.contains("class=\"way lost\""))
    }

    @Test("one point shows no ways")
    func onePoint() throws {
        let story = Self.story.split(separator: "\n").filter { !$0.contains("point") && !$0.contains("Deaf") }
            .joined(separator: "\n").replacing(" captures 0,1", with: "")
        let document = try Self.document(story)
        #expect(!IncidentReport.html(document, IncidentReport.Options()).contains("id=\"paths\""))
        #expect(!TextReport.render(document, TextReport.Options()).contains("sent down, heard across"))
    }
}
