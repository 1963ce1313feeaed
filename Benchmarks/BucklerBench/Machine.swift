import Foundation

/// What the operating system says about a process, and what this machine can do at best.
enum Machine {
    /// User and system CPU seconds of all threads of a process and its direct children named in `processes`.
    static func cpuSeconds(_ processes: [Int32]) -> Double {
        processes.reduce(0) { sum, process in
            guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let end = text.lastIndex(of: ")")
            else { return sum }
            let fields = text[text.index(after: end)...].split(separator: " ")
            guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return sum }
            return sum + (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
    }

    /// CPU seconds of the calling thread.
    static func threadCPUSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Resident memory in mebibytes.
    static func residentMebibytes(_ process: Int32) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
            let kibibytes = Double(line.split(whereSeparator: { !$0.isNumber }).first ?? "0")
        else { return 0 }
        return kibibytes / 1024
    }

    /// The processes whose parent is `process`.
    static func children(of process: Int32) -> [Int32] {
        let path = "/proc/\(process)/task/\(process)/children"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(separator: " ").compactMap { Int32($0) }
    }

    /// How many times a second this disk makes one small write durable.
    static func syncsPerSecond(in folder: URL, seconds: Double = 1) throws -> Double {
        let path = folder.appending(path: "sync-probe").path(percentEncoded: false)
        let file = open(path, O_CREAT | O_RDWR | O_TRUNC, 0o600)
        guard file >= 0 else { throw BenchError("cannot write \(path)") }
        defer {
            close(file)
            unlink(path)
        }
        let block = [UInt8](repeating: 1, count: 4096)
        var count = 0
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .seconds(seconds) {
            guard pwrite(file, block, block.count, off_t(count % 64) * 4096) == block.count, fdatasync(file) == 0 else {
                throw BenchError("cannot sync \(path)")
            }
            count += 1
        }
        return Double(count) / (ContinuousClock.now - start).inSeconds
    }
}

/// Why the run cannot go on.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
