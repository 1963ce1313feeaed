import BucklerPlatformKeys
import BucklerPrimitives

/// When a person last touched the app (PD-02): by a clock that runs while the device sleeps, from a stored wall time
/// after a restart.
///
/// Kept in a file, so that the next start and the app's extensions know it.
final class ActivityClock: Sendable {
    private struct Touch: Sendable {
        let reading: SleepProofClock.Reading
        let wall: Timestamp
    }

    private let clock: SleepProofClock
    private let wallClock: WallClock
    private let files: any InstallationFiles
    private let lastWrite = SharedBox<SleepProofClock.Reading?>(nil)
    private let touch = SharedBox<Touch?>(nil)

    init(clock: SleepProofClock, wallClock: WallClock, files: any InstallationFiles) {
        self.clock = clock
        self.wallClock = wallClock
        self.files = files
    }

    /// A person touched the app now.
    ///
    /// The file is written at most every 15 s, or at once if `durably`.
    func note(durably: Bool = false) {
        let now = Touch(reading: clock.reading, wall: wallClock.now)
        touch.update { $0 = now }
        let last = lastWrite.value.flatMap { now.reading.elapsed(since: $0) }
        guard durably || last.map({ $0 >= .seconds(15) }) ?? true else { return }
        lastWrite.update { $0 = now.reading }
        let json: JSONObject = [
            "boot": .string(now.reading.boot), "ticks": .integer(now.reading.ticks.wholeMilliseconds),
            "wall": .integer(now.wall.milliseconds),
        ]
        // A touch that is not written is forgotten with the process; the next start is locked then.
        do { try files.write(Self.file, JSONValue.object(json).serialized) } catch { lastWrite.update { $0 = nil } }
    }

    /// Time since the last touch; nil if it is not known: then nothing is claimed, and the app is locked.
    var idle: Duration? {
        let candidates = [touch.value, stored()].compactMap { $0 }.compactMap(age)
        return candidates.min()
    }

    /// Forgets everything: nobody is signed in.
    func reset() {
        touch.update { $0 = nil }
        lastWrite.update { $0 = nil }
        do {
            try files.delete(Self.file)
        } catch {
            // A file that stays tells of a touch in the past; the next one is younger and counts.
        }
    }

    private func age(_ touch: Touch) -> Duration? {
        if let elapsed = clock.reading.elapsed(since: touch.reading) { return elapsed }
        // Restarted since: the wall clock has to do. A wall clock that went back says nothing.
        let wall = wallClock.now - touch.wall
        return wall >= .zero ? wall : nil
    }

    private func stored() -> Touch? {
        // Not readable is not known: then the app is locked.
        guard let bytes = try? files.read(Self.file), let json = try? StrictJSON.parseObject(bytes),
            let boot = json["boot"]?.string, let ticks = json["ticks"]?.integer, let wall = json["wall"]?.integer
        else { return nil }
        return Touch(
            reading: SleepProofClock.Reading(boot: boot, ticks: .milliseconds(ticks)),
            wall: Timestamp(milliseconds: wall))
    }

    private static let file = "activity.json"
}
