import BucklerJOSE
import BucklerPlatformKeys
import BucklerPrimitives

extension ClientCore {
    /// What the store holds and what follows from it (PD-13).
    func determine() throws(SecretStoreError) -> BucklerState {
        try environment.secrets.checkReadable()
        try finishBegunWipes()
        let current = try readCurrent()
        let signer = try loadSigner()
        let keyFits = signer.map { current == nil || $0.publicJWK.thumbprint.text == current?.record.thumbprint }
        let decision = StartDecision(
            hasToken: current != nil, hasKey: keyFits ?? false, installItem: try readInstallItem(),
            file: Installation.load(environment.files))
        if case .resume = decision, let current, let signer { return try resume(current, signer) }
        live = nil
        let reason = try carryOut(decision)
        try sweepItems()
        return .signedOut(reason)
    }

    private func resume(
        _ current: TokenVault.Current, _ signer: DeviceKeySigner
    ) throws(SecretStoreError) -> BucklerState {
        live = LiveSession(current: current, signer: signer)
        if isPastDeadline {
            try wipe(current.epoch, WipeNote(reason: .deadlinePassed, takesEverything: false))
            return .signedOut(.deadlinePassed)
        }
        return isLocked ? .locked : .signedIn(BucklerSession(self, current.record))
    }

    private func carryOut(_ decision: StartDecision) throws(SecretStoreError) -> SignOutReason {
        switch decision {
        case .resume: return .notSignedIn  // determine() handles it
        case .signedOut(let reason): return reason
        case .dropTokens(let reason):
            try dropTokens(upTo: .max, reason)
            return reason
        case .deleteEverything(let reason):
            // The items first and the name of the installation last: a kill in the middle leaves the same case for the
            // next start.
            try items.destroy { _ in true }
            try environment.deviceKeys.delete()
            try tokens.deleteEpochs { _ in true }
            try environment.secrets.delete(Self.installItem)
            deleteFiles()
            return reason
        case .deleteFiles(let reason):
            try items.destroy { _ in true }
            deleteFiles()
            return reason
        }
    }

    /// A damaged session cannot go on: it counts as a session without a key.
    private func readCurrent() throws(SecretStoreError) -> TokenVault.Current? {
        do {
            return try tokens.current()
        } catch .damaged {
            try dropTokens(upTo: .max, .deviceKeyLost)
            return nil
        } catch {
            throw error
        }
    }

    private func loadSigner() throws(SecretStoreError) -> DeviceKeySigner? {
        try environment.deviceKeys.load().flatMap(DeviceKeySigner.init)
    }

    /// The key does not sign any more: tokens are dropped, and the next sign-in makes a new key.
    func loseKey() {
        environment.log.note("the device key is lost")
        do {
            try dropTokens(upTo: .max, .deviceKeyLost)
            try environment.deviceKeys.delete()
        } catch {
            environment.log.note("a lost key could not be cleared")
        }
        live = nil
        broadcast.publish(.signedOut(.deviceKeyLost))
    }

    /// The key for a sign-in, and the names of this installation in Keychain and files.
    func prepareKey() throws(BucklerError) -> DeviceKeySigner {
        do throws(SecretStoreError) {
            try environment.secrets.checkReadable()
            guard let signer = DeviceKeySigner(try environment.deviceKeys.create()) else { throw .damaged }
            let fresh = Base64URL.encode(environment.entropy.bytes(16))
            _ = try readInstallItem()
            _ = try environment.secrets.add(
                Self.installItem, SecretBytes(fresh.utf8), protection: .afterFirstUnlock)
            let id = try readInstallItem() ?? fresh
            var installation = Installation(id: id)
            if let old = Installation.load(environment.files) {
                installation.device = old.device
                installation.reason = old.reason
                installation.serverOffset = old.serverOffset
            }
            installation.save(environment.files)
            return signer
        } catch {
            throw BucklerError(error)
        }
    }

    func remember(_ reason: SignOutReason?) {
        guard var installation = Installation.load(environment.files) else { return }
        installation.reason = reason
        installation.save(environment.files)
    }

    private func deleteFiles() {
        Installation.delete(environment.files)
        activity.reset()
        environment.files.delete(Self.lockFile)
    }

    /// The Keychain's name of this installation.
    ///
    /// One that does not open is none: the store has another key.
    private func readInstallItem() throws(SecretStoreError) -> String? {
        do {
            return try environment.secrets.read(Self.installItem)?.withExposedBytes {
                String(decoding: $0, as: UTF8.self)
            }
        } catch .damaged {
            try environment.secrets.delete(Self.installItem)
            return nil
        } catch {
            throw error
        }
    }

    static let installItem = "install"
    static let lockFile = "locked"
}
