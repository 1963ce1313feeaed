import Foundation
import Synchronization

/// A child process, started without a shell.
///
/// It is spawned by `posix_spawn` and looked after by `waitpid`: Foundation's `Process` watches its children by `select` on Linux
/// and fails in a process that has a thousand descriptors open, as a busy server has. The child gets standard input, output and
/// errors and no other descriptor of ours, the signals' default actions and an empty signal mask.
package final class ChildProcess: Sendable {
    /// How a child ended.
    package enum Ending: Equatable, Sendable {
        /// By itself, with this status (0–255).
        case exited(Int32)
        /// By this signal.
        case signalled(Int32)
    }

    /// Where what a child prints goes.
    package enum Destination: Sendable {
        /// Nowhere.
        case null
        /// Where ours goes.
        case inherited
        /// To an open descriptor, which stays the caller's.
        case descriptor(Int32)
        /// To the end of this file, which is made with mode 0600 if need be.
        case file(String)
    }

    /// A program that could not be started.
    package struct StartError: Error, CustomStringConvertible {
        /// What was to be started.
        package let program: String
        /// errno.
        package let code: Int32
        /// Both in words.
        package var description: String { "\(program) cannot be started: \(String(cString: strerror(code)))" }
    }

    private enum State {
        case running
        case ended(Ending)
    }

    /// Its process id; also its group's, where it has one of its own.
    package let identifier: pid_t
    private let state = Mutex(State.running)

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - words: The program's path, and its arguments.
    ///   - environment: All that it has; nil for ours.
    ///   - folder: Where it works; nil for our folder.
    ///   - output: Where its standard output goes.
    ///   - errors: Where its standard errors go.
    ///   - leadsGroup: Whether it leads a process group, which can be ended with all its members.
    /// - Throws: ``StartError`` if there is no such program, it may not be run, or the system has no room for it.
    package init(
        _ words: [String], environment: [String: String]? = nil, folder: String? = nil,
        output: Destination = .null, errors: Destination = .inherited, leadsGroup: Bool = false
    ) throws(StartError) {
        let plan = SpawnPlan(folder: folder, output: output, errors: errors, leadsGroup: leadsGroup)
        let environment = environment ?? ProcessInfo.processInfo.environment
        let (child, code) = plan.spawn(words, environment.map { "\($0.key)=\($0.value)" })
        guard code == 0 else { throw StartError(program: words.first ?? "", code: code) }
        identifier = child
    }

    /// How it ended; nil while it runs.
    package var ending: Ending? {
        state.withLock { state in
            if case .ended(let ending) = state { return ending }
            var status: Int32 = 0
            guard waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
            // The macros of wait(2): the low seven bits are the signal, the next byte the code.
            let signal = status & 0x7F
            let ending: Ending = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
            state = .ended(ending)
            return ending
        }
    }

    /// Sends a signal, if it still runs.
    package func signal(_ number: Int32) { whileRunning { _ = kill(identifier, number) } }

    /// Sends a signal to its whole group, if it still runs; it must lead one.
    package func signalGroup(_ number: Int32) { whileRunning { _ = kill(-identifier, number) } }

    /// Waits on this thread until it has ended.
    package func wait() -> Ending {
        while true {
            if let ending { return ending }
            usleep(1000)
        }
    }

    /// Waits on this thread until it has ended, nil if it still runs at the deadline.
    package func wait(until deadline: ContinuousClock.Instant) -> Ending? {
        while true {
            if let ending { return ending }
            guard ContinuousClock.now < deadline else { return nil }
            usleep(1000)
        }
    }

    /// Nobody takes its id for another process meanwhile: only ``ending`` gives it back to the system.
    private func whileRunning(_ body: () -> Void) {
        state.withLock { if case .running = $0 { body() } }
    }
}
