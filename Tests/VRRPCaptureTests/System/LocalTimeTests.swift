import Testing

@testable import VRRPCapture

/// The name of the zone of a machine, by `TZ` and by the link `/etc/localtime`.
@Suite struct LocalTimeTests {
    @Test(
        arguments: [
            ("Europe/Berlin", nil, "Europe/Berlin"), (":Europe/Berlin", nil, "Europe/Berlin"),
            (":/usr/share/zoneinfo/Asia/Kolkata", nil, "Asia/Kolkata"), ("UTC", nil, "UTC"), ("", nil, "UTC"),
            (":", nil, "UTC"),
            ("CET-1CEST", nil, "CET-1CEST"), ("/srv/zone", nil, "/srv/zone"),
            // `TZ` comes first.
            ("UTC", "/usr/share/zoneinfo/Europe/Berlin", "UTC"),
            (nil, "/usr/share/zoneinfo/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
            (nil, "../usr/share/zoneinfo/Etc/UTC", "Etc/UTC"), (nil, "/srv/zone", "local time"),
            (nil, "/usr/share/zoneinfo", "local time"), (nil, nil, "UTC"),
        ] as [(String?, String?, String)]
    )
    func name(variable: String?, link: String?, expected: String) {
        #expect(LocalTime.name(variable: variable, link: link) == expected)
    }

    @Test(arguments: [
        "", "/", "..", "../zoneinfo/UTC", "Europe", "Europe/", "/etc/passwd", "Europe/./Berlin", "tzdata.zi",
    ])
    func thereIsNoZone(named name: String) {
        #expect(LocalTime(named: name)?.name == nil)
    }
}
