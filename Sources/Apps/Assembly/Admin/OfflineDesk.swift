import BucklerPrimitives
import ServerConfiguration

/// Orders without a running server: takes the data folder's lock, does the verb, gives the lock back.
package enum OfflineDesk {
    /// Carries out one order on the data itself.
    package static func carryOut(
        _ request: AdminRequest, settings: ServerSettings, each: @escaping @Sendable (JSONObject) -> Void
    ) async throws(StartFailure) -> AdminClient.Outcome {
        guard FileStatus(settings.data) != nil else {
            throw .file(key: "data", path: settings.data, problem: "no server runs here, and there is no data folder")
        }
        let core = try await openCore(settings)
        let desk = OperatorDesk(core: core, hasServer: false)
        let outcome: AdminClient.Outcome
        do throws(AdminError) {
            outcome = .result(try await desk.carryOut(request) { each($0) })
        } catch {
            outcome = .refusal(message: error.message, exitCode: error.exitCode)
        }
        await core.close()
        return outcome
    }

    private static func openCore(_ settings: ServerSettings) async throws(StartFailure) -> ServerCore {
        do {
            return try await ServerCore(settings: settings, environment: .system(settings: settings))
        } catch let failure as StartFailure {
            throw failure
        } catch {
            throw .unexpected("\(type(of: error))")
        }
    }
}
