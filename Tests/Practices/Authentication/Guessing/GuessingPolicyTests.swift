import Authentication
import BucklerPrimitives
import Testing

@Suite("Guessing policy")
struct GuessingPolicyTests {
    private let policy = GuessingPolicy()
    private let noon = Timestamp(seconds: 1_800_000_000)

    @Test(
        "strangers wait 1, 2, 4 … 900 seconds after five free failures",
        arguments: [
            (0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 16), (10, 32), (11, 64), (12, 128), (13, 256),
            (14, 512),
            (15, 900), (16, 900), (40, 900), (49, 900),
        ])
    func pauses(failures: Int, seconds: Int) {
        #expect(policy.pause(afterFailures: failures) == .seconds(seconds))
    }

    @Test("the pause counts from the last evaluated attempt, to the millisecond")
    func boundary() {
        let last = noon - .seconds(4)
        #expect(policy.stranger(failures: 7, lastAttempt: last, at: noon) == .evaluate)
        #expect(policy.stranger(failures: 7, lastAttempt: last, at: noon - .milliseconds(1)) == .wait(.milliseconds(1)))
        #expect(policy.stranger(failures: 4, lastAttempt: noon, at: noon) == .evaluate)
    }

    @Test("after fifty failures the order of proofs changes, however long nobody tried")
    func spent() {
        #expect(policy.stranger(failures: 49, lastAttempt: noon - .hours(1), at: noon) == .evaluate)
        #expect(policy.stranger(failures: 50, lastAttempt: noon - .hours(1), at: noon) == .askForProof)
        #expect(policy.stranger(failures: 5_000, lastAttempt: nil, at: noon) == .askForProof)
    }

    @Test(
        "a known device has ten failures of its own and a share in forty",
        arguments: [(0, 0, true), (9, 39, true), (10, 10, false), (0, 40, false), (9, 40, false)])
    func knownDevices(own: Int, all: Int, isAdmitted: Bool) {
        #expect(policy.knownDevice(failures: own, ofAllKnownDevices: all) == isAdmitted)
    }

    @Test("strangers and known devices together stay below NIST's hundred consecutive failures")
    func nistLimit() { #expect(policy.strangerFailures + policy.knownDevicesFailures < 100) }
}
