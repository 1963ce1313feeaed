import AsyncHTTPClient
import BucklerPrimitives
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

extension BucklerBench {
    /// Signs people up, then interleaves rounds of bare Argon2id with rounds of whole sign-ins.
    mutating func measureSignIns(_ process: StartedProcess, _ http: HTTPClient) async throws -> [BenchDevice] {
        let people = (0..<(quick ? 80 : 640)).map { BenchDevice(number: $0, server: server.url, http: http) }
        let mail = MailFolder(server.mailFolder)
        let first = Array(people.prefix(100))
        try await spread(first, workers: 4) { try await $0.signUp(mail: mail) }
        try await spread(first, workers: 4) { try await $0.signIn() }
        try await Task.sleep(for: .seconds(10))
        report.row(
            "resident memory 10 s after \(first.count) sign-ups and sign-ins",
            Machine.residentMebibytes(process.identifier), "MiB", budget: 60)
        print("  signing \(people.count - first.count) more people up …")
        try await spread(Array(people.dropFirst(first.count)), workers: 4) { try await $0.signUp(mail: mail) }

        var floors: [(Double, Double)] = []
        var ours: [(Double, Double)] = []
        let threads = max(1, min(2, ProcessInfo.processInfo.activeProcessorCount))
        for round in 0..<(quick ? 2 : 5) {
            floors.append(Floors.argon2(seconds: 3, threads: threads))
            let group = Array(people.dropFirst(round * 40).prefix(quick ? 40 : 120))
            let before = Machine.cpuSeconds([process.identifier])
            let start = ContinuousClock.now
            try await spread(group, workers: 4) { try await $0.signIn() }
            let elapsed = (ContinuousClock.now - start).inSeconds
            let cpu = Machine.cpuSeconds([process.identifier]) - before
            ours.append((Double(group.count) / elapsed, cpu / Double(group.count) * 1000))
        }
        let floor = Report.median(floors.map(\.1)), product = Report.median(ours.map(\.1))
        report.row(
            "bare Argon2id 19 MiB, t = 2, \(threads) threads", Report.median(floors.map(\.0)), "/s",
            note: "\(Report.short(floor)) ms of CPU each")
        report.row(
            "sign-in, whole, over TLS", Report.median(ours.map(\.0)), "/s",
            note: "\(Report.short(product)) ms of server CPU each; client on the same cores")
        report.row("sign-in against bare Argon2id, server CPU", floor / product, "", atLeast: 0.95)
        return people
    }

    /// 64 concurrent clients, distinct sessions; at most 8 rotations of one session in 300 s are allowed.
    mutating func measureRefresh(_ process: StartedProcess, _ people: [BenchDevice]) async throws {
        try await spread(Array(people.prefix(64)), workers: 64) { try await $0.refresh() }
        let before = Machine.cpuSeconds([process.identifier])
        let start = ContinuousClock.now
        let rounds = quick ? 3 : 6
        for _ in 0..<rounds { try await spread(people, workers: 64) { try await $0.refresh() } }
        let elapsed = (ContinuousClock.now - start).inSeconds
        let count = Double(people.count * rounds)
        let cpu = (Machine.cpuSeconds([process.identifier]) - before) / count * 1000
        report.row(
            "refresh, synchronous=FULL, 64 clients", count / elapsed, "/s", note: "wall clock, client on the same cores"
        )
        report.row("refresh, server CPU", cpu, "ms", budget: 1.14, note: "\(Report.short(1000 / cpu))/s per core")
        report.row("disk, small durable writes, now", try Machine.syncsPerSecond(in: server.folder), "/s")
    }

    /// CPU per TLS-proxied GET of 1 KiB: nginx, ours bare, ours with token, proof and session; interleaved.
    mutating func measureGateway(
        _ name: String, _ process: StartedProcess, _ http: HTTPClient,
        _ peer: (processes: [Int32], http: HTTPClient, url: String)
    ) async throws {
        let device = BenchDevice(
            number: 900_000 + Int(name.utf8.reduce(0) { $0 + Int($1) }), server: server.url, http: http)
        try await device.signUp(mail: MailFolder(server.mailFolder))
        let count = quick ? 2000 : 10_000
        var bare: [Double] = [], paced: [Double] = [], bound: [Double] = [], nginx: [Double] = []
        var verifications: [Double] = []
        let url = server.url + "/status"
        let plain: @Sendable () async throws -> Void = { try await Self.get(http, url) }
        let work: @Sendable () async throws -> Void = {
            let status = try await device.call(.GET, "/notes", bound: true).status
            if status != 200 { throw BenchError("GET /notes answered \(status)") }
        }
        for _ in 0..<(wants("gateway") ? 3 : 0) {
            nginx.append(try await cpuMicroseconds(peer.processes, count) { try await Self.get(peer.http, peer.url) })
            bare.append(try await cpuMicroseconds([process.identifier], count, plain))
            paced.append(
                try await cpuMicroseconds([process.identifier], count) {
                    _ = try device.proof(.GET, "/notes", bound: true)
                    try await Self.get(http, url)
                })
            bound.append(try await cpuMicroseconds([process.identifier], count, work))
            verifications.append(1e6 / (try Floors.p256VerificationsPerSecond(seconds: 0.3)))
        }
        guard wants("gateway") else {
            let one = wants("bare") ? plain : work
            let cpu = try await cpuMicroseconds([process.identifier], 5 * count, one)
            return report.row("\(name): ours, \(only ?? "")", cpu, "µs CPU")
        }
        reportGateway(name, nginx, bare, paced, bound, verifications)
    }

    private mutating func reportGateway(
        _ name: String, _ nginx: [Double], _ bare: [Double], _ paced: [Double], _ bound: [Double],
        _ verifications: [Double]
    ) {
        let ours = Report.median(bare), proved = Report.median(bound), theirs = Report.median(nginx)
        let even = Report.median(paced), verification = Report.median(verifications)
        report.row("\(name): nginx, TLS-proxied 1 KiB GET", theirs, "µs CPU")
        report.row("P-256 verification, in the same rounds", verification, "µs CPU")
        report.row("\(name): ours, bare", ours, "µs CPU", note: "\(Report.short(ours / theirs))× nginx")
        report.row(
            "\(name): ours, bare, client signs a proof and keeps it", even, "µs CPU", note: "the pace of the next row")
        report.row(
            "\(name): ours, token + proof + session", proved, "µs CPU", budget: ours + 1.3 * verification,
            note: "bare + \(Report.short((proved - ours) / verification)) verifications, "
                + "\(Report.short((proved - even) / verification)) at the same pace")
    }

    private static func get(_ http: HTTPClient, _ url: String) async throws {
        var request = HTTPClientRequest(url: url)
        request.method = .GET
        let answer = try await http.execute(request, timeout: .seconds(30))
        _ = try await answer.body.collect(upTo: 1 << 20)
        if answer.status != .ok { throw BenchError("\(url) answered \(answer.status)") }
    }

    private func cpuMicroseconds(
        _ processes: [Int32], _ count: Int, _ work: @escaping @Sendable () async throws -> Void
    ) async throws -> Double {
        for _ in 0..<50 { try await work() }
        let before = Machine.cpuSeconds(processes)
        try await spread(Array(0..<count), workers: 16) { _ in try await work() }
        return (Machine.cpuSeconds(processes) - before) / Double(count) * 1e6
    }

    /// Runs `work` for every item with a number of workers at once.
    func spread<Item: Sendable>(
        _ items: [Item], workers: Int, _ work: @escaping @Sendable (Item) async throws -> Void
    ) async throws {
        let next = Box(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<workers {
                group.addTask {
                    while let index = next.take(below: items.count) { try await work(items[index]) }
                }
            }
            try await group.waitForAll()
        }
    }
}

private final class Box: Sendable {
    private let value: Mutex<Int>

    init(_ value: Int) { self.value = Mutex(value) }

    func take(below limit: Int) -> Int? {
        value.withLock { current in
            guard current < limit else { return nil }
            current += 1
            return current - 1
        }
    }
}

/// The printed table.
struct Report {
    private(set) var missed = 0

    mutating func row(
        _ name: String, _ value: Double, _ unit: String, budget: Double? = nil, atLeast: Double? = nil,
        note: String = ""
    ) {
        var verdict = ""
        if let budget {
            verdict =
                "\(Self.short(value / budget)) of the budget \(Self.short(budget))"
                + (value <= budget ? "" : "  ← over")
        }
        if let atLeast { verdict = "wanted ≥ \(Self.short(atLeast))" + (value >= atLeast ? "" : "  ← under") }
        if verdict.contains("←") { missed += 1 }
        let figure = "\(Self.short(value)) \(unit)"
        print(
            "  \(Self.pad(name, 58)) \(Self.pad(figure, 14)) \([verdict, note].filter { !$0.isEmpty }.joined(separator: "; "))"
        )
        fflush(nil)
    }

    static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    static func short(_ value: Double) -> String {
        value >= 100 ? String(Int(value.rounded())) : String(format: value >= 10 ? "%.1f" : "%.2f", value)
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
