import BucklerPrimitives
import Testing

@testable import Authentication

/// PD-08: no sequence of changes leaves a short password without a second factor.
@Suite("Short passwords and factors")
struct FactorRemovalModelTests {
    /// What a person can do.
    enum Step: CaseIterable, Sendable { case shortPassword, longPassword, enrol, remove }

    /// What an account is, as far as this rule cares.
    struct State: Hashable, Sendable {
        var passwordClass: PasswordClass
        var factorCount: Int
    }

    @Test("every reachable state with up to three factors is allowed, by the real service")
    func reachableStates() async throws {
        var paths: [State: [Step]] = [State(passwordClass: .standard, factorCount: 0): []]
        var frontier = Array(paths.keys)
        while let state = frontier.popLast() {
            for step in Step.allCases where !(step == .enrol && state.factorCount == 3) {
                let path = (paths[state] ?? []) + [step]
                let reached = try await Self.run(path)
                #expect(FactorPolicy.isAllowed(reached.passwordClass, factorCount: reached.factorCount), "\(path)")
                if paths[reached] == nil {
                    paths[reached] = path
                    frontier.append(reached)
                }
            }
        }
        // Long with 0…3 factors, short with 1…3.
        #expect(paths.count == 7)
    }

    @Test("a removal and a change to a short password at once never meet", arguments: 0..<20)
    func race(round: Int) async throws {
        let fixture = try AccountServiceFixture()
        let ann = try await fixture.makeAccount()
        let factor = try await fixture.enrol(ann).factor
        async let removal: Void? = try? fixture.service.removeFactor(ann, factor: factor)
        async let change: Void? = try? fixture.change(ann, to: AccountServiceFixture.shortPassword)
        _ = await (removal, change)
        let record = try #require(try await fixture.record(ann))
        #expect(FactorPolicy.isAllowed(record.passwordClass, factorCount: record.factors.count))
    }

    @Test(
        "the policy's table",
        arguments: [
            (PasswordClass.standard, 0, true, false), (.standard, 1, true, true), (.standard, 2, true, true),
            (.needsSecondFactor, 0, false, false), (.needsSecondFactor, 1, true, false),
            (.needsSecondFactor, 2, true, true),
        ])
    func table(passwordClass: PasswordClass, count: Int, isAllowed: Bool, mayRemove: Bool) {
        #expect(FactorPolicy.isAllowed(passwordClass, factorCount: count) == isAllowed)
        #expect(FactorPolicy.mayRemove(passwordClass, factorCount: count) == mayRemove)
    }

    private static func run(_ path: [Step]) async throws -> State {
        let fixture = try AccountServiceFixture()
        let ann = try await fixture.makeAccount()
        var password = AccountServiceFixture.longPassword
        for step in path {
            let target: String? =
                switch step {
                case .shortPassword: AccountServiceFixture.shortPassword
                case .longPassword: AccountServiceFixture.longPassword
                case .enrol, .remove: nil
                }
            if let target, (try? await fixture.change(ann, from: password, to: target)) != nil { password = target }
            if step == .enrol { try await fixture.enrol(ann) }
            if step == .remove, let factor = try await fixture.record(ann)?.factors.first {
                try? await fixture.service.removeFactor(ann, factor: factor.id)
            }
        }
        let record = try #require(try await fixture.record(ann))
        return State(passwordClass: record.passwordClass, factorCount: record.factors.count)
    }
}
