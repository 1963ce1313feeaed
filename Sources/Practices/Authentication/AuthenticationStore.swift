import BucklerPrimitives
import BucklerSecurityEvents

/// What one transaction of this practice can do: flows, accounts, queued mail, ended sessions and events
/// commit together or not at all.
package typealias AuthenticationTransaction = FlowTransaction & AccountTransaction & OutboxTransaction
    & SessionEndingTransaction & SecurityEventRecorder

/// The port to the storage of accounts, factors, flows and budgets.
///
/// Bodies are synchronous and short; slow work such as Argon2id never runs inside. A body that throws leaves nothing
/// behind. A `StoreError` that it throws arrives as it is.
package protocol AuthenticationStore: Sendable {
    /// Runs `body` on a snapshot; sees every write acknowledged before the call.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any AuthenticationTransaction) throws -> Result
    ) async throws(StoreError) -> Result

    /// Runs `body` in a transaction and answers after the commit is durable.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any AuthenticationTransaction) throws -> Result
    ) async throws(StoreError) -> Result
}
