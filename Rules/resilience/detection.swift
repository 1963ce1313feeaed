func looks() {
    // ruleid: debugger-check-by-flag
    if getppid() != 1 { exit(0) }
    // ruleid: debugger-check-by-flag
    let traced = info.kp_proc.p_flag & P_TRACED
    // ok: debugger-check-by-flag
    if getpid() != 1 { exit(0) }
    // ok: debugger-check-by-flag
    let other = info.kp_proc.p_flag & P_WEXIT
    // ruleid: simulator-check-by-environment
    let simulated = ProcessInfo.processInfo.environment["SIMULATOR_DEVICE_NAME"] != nil
    // ruleid: simulator-check-by-environment
    let again = getenv("SIMULATOR_UDID")
    // ok: simulator-check-by-environment
    let path = ProcessInfo.processInfo.environment["PATH"]
    // ok: simulator-check-by-environment
    let home = getenv("HOME")
    // ruleid: tool-check-by-name
    let gadget = images.contains("FridaGadget.dylib")
    // ruleid: tool-check-by-name
    let server = FileManager.default.fileExists(atPath: "/usr/sbin/frida-server")
    // ok: tool-check-by-name
    let library = images.contains("libsqlite3.dylib")
    // ok: tool-check-by-name
    let text = "We look for frida-server and other tools."
}
func attest(_ service: DCAppAttestService, _ key: String, _ challenge: Data) async throws {
    let fixed = Data("shop".utf8)
    // ruleid: attestation-without-challenge
    let first = try await service.attestKey(key, clientDataHash: fixed)
    // ruleid: attestation-without-challenge
    let second = try await service.generateAssertion(key, clientDataHash: Data(SHA256.hash(data: fixed)))
    // ok: attestation-without-challenge
    let third = try await service.attestKey(key, clientDataHash: Data(SHA256.hash(data: challenge)))
    // ok: attestation-without-challenge
    let fourth = try await service.generateAssertion(key, clientDataHash: challenge)
}
