import Foundation

/// The members of Grafana's dashboard that these tests read.
struct Dashboard: Decodable {
    struct Query: Decodable {
        var expr: String
        var legendFormat: String?
        var titleFormat: String?

        /// The expression with every instance and interface chosen.
        var expression: String { Dashboard.choosingAll(expr) }

        /// The labels that the text beside a line names.
        var namedLabels: [String] {
            ((legendFormat ?? "") + (titleFormat ?? "")).matches(of: /{{(\w+)}}/).map { String($0.1) }
        }
    }

    struct Panel: Decodable {
        var id: Int
        var title: String
        var targets: [Query]
    }

    struct Annotations: Decodable {
        var list: [Query]
    }

    struct Variable: Decodable {
        var name: String
        /// `label_values(METRIC, LABEL)`; none for the choice of a data source.
        var definition: String?
    }

    struct Templating: Decodable {
        var list: [Variable]
    }

    var panels: [Panel]
    var annotations: Annotations
    var templating: Templating

    /// The queries of all panels and of the annotations.
    var queries: [Query] { panels.flatMap(\.targets) + annotations.list }

    /// The dashboard that the program prints.
    static func printed() async throws -> Dashboard {
        try JSONDecoder().decode(Dashboard.self, from: Data(try await Vrrpwatch.run(["service", "dashboard"]).output))
    }

    /// A query with `.*` in the place of variables, which is what they stand for where all is chosen.
    static func choosingAll(_ query: String) -> String {
        query.replacing("$instance", with: ".*").replacing("$interface", with: ".*")
    }
}
