import Sessions
import Testing

/// PD-01's model over the real policy type.
///
/// Numbers are small on purpose: what matters is their order. The product remembers nine attempts and lets eight rotations
/// happen in the life of a proof; the model remembers two and lets one happen.
@Suite("Refresh model: an honest app", .serialized)
struct RefreshModelTests {
    @Test("is never signed out by loss, delay, doubling or kills, in any interleaving")
    func honest() {
        var model = RefreshModel(ModelRules())
        let outcome = model.explore()
        #expect(!outcome.overflow)
        #expect(!outcome.wrongSignOut)
        #expect(outcome.stepCount >= 1_000_000)
        #expect(outcome.stateCount >= 500_000)
    }

    @Test("would be signed out if token items were overwritten")
    func overwrittenTokens() {
        var rules = ModelRules()
        rules.addOnlyTokens = false
        expectWrongSignOut(rules)
    }

    @Test("would be signed out without the second read")
    func noSecondRead() {
        var rules = ModelRules()
        rules.secondRead = false
        expectWrongSignOut(rules)
    }

    @Test("would be signed out if no attempt were remembered")
    func nothingRemembered() {
        var rules = ModelRules()
        rules.rememberedAttempts = 0
        expectWrongSignOut(rules)
    }

    @Test("would be signed out if only as many attempts were remembered as rotations fit into a proof's life")
    func oneTooFew() {
        var rules = ModelRules()
        rules.rememberedAttempts = 1
        expectWrongSignOut(rules)
    }

    @Test("would be signed out if proofs lived for ever")
    func immortalProofs() {
        var rules = ModelRules()
        rules.proofAge = nil
        expectWrongSignOut(rules)
    }

    @Test("would be signed out if the proof's nonce were younger than the reading of the vault")
    func lateNonce() {
        var rules = ModelRules()
        rules.nonceBeforeRead = false
        expectWrongSignOut(rules)
    }

    @Test("the product remembers one attempt more than rotations fit into a proof's life")
    func productNumbers() {
        let policy = RefreshPolicy()
        #expect(Int(policy.rememberedAttempts) == policy.rotationLimit + 1)
        #expect(policy.rotationWindow == .seconds(300))
        #expect(policy.overlap == .seconds(60))
    }

    private func expectWrongSignOut(_ rules: ModelRules, sourceLocation: SourceLocation = #_sourceLocation) {
        var model = RefreshModel(rules)
        let outcome = model.explore()
        #expect(outcome.wrongSignOut, sourceLocation: sourceLocation)
        #expect(!outcome.overflow, sourceLocation: sourceLocation)
    }
}
