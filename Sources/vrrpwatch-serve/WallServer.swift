internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import VRRPServe

/// The page, the metrics, the report and the events over HTTP.
struct WallServer: Sendable {
    /// The most connections at a time; further ones wait until one is closed.
    private static let mostConnections = 256
    /// The time after which a connection on which no request comes is closed.
    private static let idleTime = TimeAmount.seconds(30)

    private let engine: Engine
    private let address: ListenAddress
    private let renderings = Renderings()

    init(_ engine: Engine, at address: ListenAddress) {
        self.engine = engine
        self.address = address
    }

    /// Serves until SIGTERM or SIGINT.
    func run() async throws {
        var logger = Logger(label: "vrrpwatch-serve") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        let host = address.host
        let application = Application(
            router: router(),
            server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: Self.idleTime)),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: address.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections, logger: logger)
            ),
            onServerRunning: { channel in
                // Where the system chose the port, this says which.
                Announcement.say("http://\(ListenAddress(host: host, port: channel.localAddress?.port ?? 0))/")
            },
            logger: logger
        )
        try await application.runService()
    }

    private func router() -> Router<WallContext> {
        let router = Router(context: WallContext.self)
        router.add(middleware: Guard(address: address))
        router.get("/") { _, _ in
            await text("page", .html) { await engine.picture()?.page }
        }
        router.get("/wall.js") { _, _ in Self.response(.ok, .script, Engine.script) }
        router.get("/metrics") { _, _ in
            await text("metrics", .metrics) { await engine.metricsPage() }
        }
        router.get("/api/v1/report") { _, _ in
            await text("report", .json) { await engine.picture()?.json }
        }
        router.get("/healthz") { _, _ in Self.response(.ok, .plain, "ok\n") }
        router.get("/readyz") { _, _ in
            await engine.isReady()
                ? Self.response(.ok, .plain, "ready\n")
                : Self.response(.serviceUnavailable, .plain, "no sensor has told anything so far\n")
        }
        router.get("/events") { _, context in events(context) }
        return router
    }

    // MARK: Answers

    private enum Form: String {
        case html = "text/html; charset=utf-8"
        case script = "text/javascript; charset=utf-8"
        case json = "application/json"
        case metrics = "text/plain; version=0.0.4; charset=utf-8"
        case plain = "text/plain; charset=utf-8"
        case events = "text/event-stream"
    }

    private static func response(_ status: HTTPResponse.Status, _ form: Form, _ text: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: form.rawValue],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    private func text(_ name: String, _ form: Form, _ make: @escaping @Sendable () async -> String?) async -> Response {
        guard let text = await renderings.text(name, make) else {
            return Self.response(.serviceUnavailable, .plain, "the server ends\n")
        }
        return Self.response(.ok, form, text)
    }

    /// The events from now on, as server-sent events.
    ///
    /// A viewer that does not read is behind at some time by more than the broadcast keeps. Its connection is closed then, for a
    /// write to it may wait for ever.
    private func events(_ context: WallContext) -> Response {
        let channel = context.channel
        guard let stream = engine.broadcast.listen(onDrop: { channel.close(promise: nil) }) else {
            return Self.response(.serviceUnavailable, .plain, "there are too many viewers; try again later\n")
        }
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
            for await line in stream.cancelOnGracefulShutdown() {
                // An empty line is a sign of life, by which a connection that is dead is found.
                try await writer.write(ByteBuffer(string: line.isEmpty ? ": pulse\n\n" : "data: \(line)\n\n"))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: Form.events.rawValue], body: body)
    }
}

/// A request with its connection.
struct WallContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Refuses requests that are not meant for this server, and forbids browsers what the page does not need.
private struct Guard: RouterMiddleware {
    let address: ListenAddress

    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'"

    @concurrent func handle(
        _ request: Request,
        context: WallContext,
        next: @concurrent (Request, WallContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        if address.admits(host: request.head.authority) {
            do {
                response = try await next(request, context)
            } catch let error as HTTPError {
                response = Response(status: error.status)
            }
        } else {
            response = Response(status: .misdirectedRequest)
        }
        let headers: [(String, String)] = [
            ("Content-Security-Policy", Self.policy), ("X-Frame-Options", "DENY"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"), ("Cache-Control", "no-store"),
        ]
        for (name, value) in headers {
            guard let name = HTTPField.Name(name) else { continue }
            response.headers[name] = value
        }
        return response
    }
}
