internal import Mustache

/// A template of the folder `Templates`, which is part of the program.
struct Template: Sendable {
    private let template: MustacheTemplate
    private let library: MustacheLibrary

    static let html = Self(
        PackageResources.page_html_mustache,
        partials: [
            "script": PackageResources.page_js,
            "style": PackageResources.style_css, "patterns": PackageResources.patterns_svg,
            "evidence": PackageResources.evidence_html_mustache,
            "impacts": PackageResources.impacts_html_mustache,
            "transitions": PackageResources.transitions_html_mustache,
        ]
    )
    static let markdown = Self(PackageResources.page_md_mustache, partials: [:])

    private init(_ bytes: [UInt8], partials: [String: [UInt8]]) {
        template = Self.parsed(bytes)
        library = MustacheLibrary(templates: partials.mapValues(Self.parsed))
    }

    /// A template that cannot be parsed is a mistake in this program, which every test of a report finds.
    private static func parsed(_ bytes: [UInt8]) -> MustacheTemplate {
        do {
            return try MustacheTemplate(string: String(decoding: bytes, as: UTF8.self))
        } catch {
            preconditionFailure("a template is malformed: \(error)")
        }
    }

    func render(_ object: some Sendable) -> String { template.render(object, library: library) }
}
