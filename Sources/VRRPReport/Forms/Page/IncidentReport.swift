/// The report for people who were not there, as one page of HTML or Markdown.
package enum IncidentReport {
    package struct Options: Sendable {
        package var title: String?
        package var time = TimeStyle.utc
        /// The name of the time zone.
        package var zone = "UTC"
        /// Whether passwords seen on the wire are shown beside their labels.
        package var showsSecrets = false
        /// The command line that makes this report again.
        package var command = "vrrpwatch report"
        /// The limits of the report, in words.
        package var scope: [String] = []

        package init() {}
    }

    /// One file of HTML that needs nothing else and asks for nothing; its script only adds to what is there without it.
    package static func html(_ document: ReportDocument, _ options: Options) -> String {
        HTMLPage(IncidentPage(document, options)).lines.text
    }

    package static func markdown(_ document: ReportDocument, _ options: Options) -> String {
        MarkdownPage(IncidentPage(document, options)).lines.text
    }
}
