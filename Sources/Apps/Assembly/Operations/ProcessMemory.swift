import Foundation

/// What the kernel says about this process's memory.
enum ProcessMemory {
    /// Resident bytes; 0 where the system does not tell.
    static var residentByteCount: Int64 {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int64(fields[1]) else { return 0 }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
