import Foundation
import Spawning
import TestSupport
import Testing

/// The shell is the foreign judge: it says what it got.
@Suite("Child processes", .timeLimit(.minutes(5)))
struct ChildProcessTests {
    private static func shell(
        _ line: String, environment: [String: String]? = nil, folder: String? = nil
    ) throws -> (ending: ChildProcess.Ending, output: String) {
        let scratch = try TemporaryFolder()
        let file = scratch.path + "/output"
        let child = try ChildProcess(
            ["/bin/sh", "-c", line], environment: environment, folder: folder, output: .file(file), errors: .file(file))
        let ending = child.wait()
        return (ending, try String(contentsOfFile: file, encoding: .utf8))
    }

    @Test("status and signal are told apart")
    func endings() throws {
        #expect(try Self.shell("exit 7").ending == .exited(7))
        #expect(try Self.shell("kill -15 $$").ending == .signalled(15))
    }

    @Test("words arrive as they are, and the environment and the folder are those that were asked for")
    func surroundings() throws {
        let scratch = try TemporaryFolder()
        let file = scratch.path + "/output"
        let words = ["/bin/sh", "-c", "printf '%s|' \"$@\"", "sh", "a b", "$HOME", ""]
        let child = try ChildProcess(words, output: .file(file))
        #expect(child.wait() == .exited(0))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "a b|$HOME||")
        let answer = try Self.shell(
            "echo $ONLY $HOME; pwd -P", environment: ["ONLY": "this"], folder: "/usr")
        #expect(answer.output == "this\n/usr\n")
    }

    @Test("none of our descriptors is open in the child, those without FD_CLOEXEC included")
    func descriptors() throws {
        let own = open("/dev/null", O_RDONLY)
        defer { close(own) }
        #expect(own > 2)
        let answer = try Self.shell("for n in 0 1 2 \(own); do [ -e /dev/fd/$n ] && printf '%s ' $n; done; true")
        #expect(answer.output == "0 1 2 ")
    }

    /// Whether this process may open some thousands, once its soft limit is as high as the system allows.
    private static let allowsManyDescriptors: Bool = {
        var limit = rlimit()
        #if os(Linux)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return false }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 10_000))
        return setrlimit(resource, &limit) == 0 && limit.rlim_cur > 4000
    }()

    @Test(
        "with a thousand descriptors open children are started and heard as before",
        .enabled(if: allowsManyDescriptors, "the system allows few open files"))
    func manyDescriptors() throws {
        let many = (0..<1100).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
        defer { for descriptor in many { close(descriptor) } }
        #expect((many.max() ?? 0) >= 1024)
        #expect(try Self.shell("echo heard").output == "heard\n")
    }

    @Test("a program that is not there, or may not be run, is an error with its reason")
    func refusals() throws {
        let scratch = try TemporaryFolder()
        try "#!/bin/sh\n".write(toFile: scratch.path + "/plain", atomically: true, encoding: .utf8)
        for (path, code) in [("/nonexistent", ENOENT), (scratch.path + "/plain", EACCES), ("", ENOENT)] {
            let error = #expect(throws: ChildProcess.StartError.self) { _ = try ChildProcess([path]) }
            #expect(error?.code == code, "\(path)")
        }
        #expect(throws: ChildProcess.StartError.self) { _ = try ChildProcess([]) }
    }

    @Test("scripts written while other threads start children run all the same")
    func justWritten() async throws {
        let scratch = try TemporaryFolder(.disk)
        try await withThrowingTaskGroup(of: ChildProcess.Ending.self) { group in
            for number in 0..<60 {
                group.addTask {
                    let path = scratch.path + "/\(number)"
                    try "#!/bin/sh\nexit 3\n".write(toFile: path, atomically: false, encoding: .utf8)
                    #expect(chmod(path, 0o700) == 0)
                    return try ChildProcess([path]).wait()
                }
            }
            for try await ending in group { #expect(ending == .exited(3)) }
        }
    }

    @Test("a group ends as a whole; a child that has ended hears no signal any more")
    func signals() throws {
        let pipe = Pipe()
        let child = try ChildProcess(
            ["/bin/sh", "-c", "sleep 600 & wait"], output: .descriptor(pipe.fileHandleForWriting.fileDescriptor),
            leadsGroup: true)
        try pipe.fileHandleForWriting.close()
        #expect(child.ending == nil && child.wait(until: .now) == nil)
        child.signalGroup(SIGKILL)
        #expect(child.wait() == .signalled(SIGKILL))
        // The grandchild held the writing end too: the end of the output says that it is gone.
        #expect(pipe.fileHandleForReading.readDataToEndOfFile().isEmpty)
        child.signal(SIGKILL)
        #expect(child.ending == .signalled(SIGKILL))
    }
}
