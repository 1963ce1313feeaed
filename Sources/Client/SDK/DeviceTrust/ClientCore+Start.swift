import BucklerJOSE
import BucklerPlatformKeys
import BucklerPrimitives

extension ClientCore {
    /// What the store holds and what follows from it (PD-13).
    func determine() throws(SecretStoreError) -> BucklerState {
        try environment.secrets.checkReadable()
        try finishBegunWipes()
        // Before anything is decided: a file that is closed now is not a file that is gone.
        let file = try Installation.load(environment.files)
        let current = try readCurrent()
        let signer = try loadSigner()
        let keyFits = signer.map { current == nil || $0.publicJWK.thumbprint.text == current?.record.thumbprint }
        let decision = StartDecision(
            hasToken: current != nil, hasKey: keyFits ?? false, installItem: try readInstallItem(),
            file: file)
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
            try deleteFiles()
            return reason
        case .deleteFiles(let reason):
            try items.destroy { _ in true }
            try deleteFiles()
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

    /// The key did not sign.
    ///
    /// Only if the store has no key any more, or one that does not open, it is lost; a refusal alone ends nothing.
    func keyFailure(_ error: SecretStoreError) -> BucklerError {
        if error == .locked { return .storageLocked }
        do {
            if let key = try environment.deviceKeys.load() {
                // Another process may have signed in with a new key: then the one in memory is of the past.
                if key.publicPoint != live?.signer.publicPoint { live = nil }
                environment.log.note("the device key did not sign")
                return .unavailable(retryAfter: nil)
            }
        } catch .locked {
            return .storageLocked
        } catch .damaged {
            environment.log.note("the device key does not open")
        } catch {
            return .unavailable(retryAfter: nil)
        }
        loseKey()
        return .signedOut(.deviceKeyLost)
    }

    /// The key is gone: tokens are dropped, and the next sign-in makes a new key.
    private func loseKey() {
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
    ///
    /// `forNewSession` replaces a key that does not sign, if nothing is bound to it.
    func prepareKey(forNewSession: Bool = false) throws(BucklerError) -> DeviceKeySigner {
        do throws(SecretStoreError) {
            try environment.secrets.checkReadable()
            let signer = try makeSigner(forNewSession: forNewSession)
            let fresh = Base64URL.encode(environment.entropy.bytes(16))
            _ = try readInstallItem()
            _ = try environment.secrets.add(
                Self.installItem, SecretBytes(fresh.utf8), protection: .afterFirstUnlock)
            let id = try readInstallItem() ?? fresh
            var installation = Installation(id: id)
            if let old = try Installation.load(environment.files).installation {
                installation.device = old.device
                installation.reason = old.reason
                installation.serverOffset = old.serverOffset
            }
            // Without this file the next start would take the session for the remains of a deleted app: no sign-in then.
            try installation.save(environment.files)
            return signer
        } catch {
            throw BucklerError(error)
        }
    }

    /// A key that is there and never signs would otherwise keep the person out for good, since nothing removes it.
    private func makeSigner(forNewSession: Bool) throws(SecretStoreError) -> DeviceKeySigner {
        guard let signer = DeviceKeySigner(try environment.deviceKeys.create()) else { throw .damaged }
        guard forNewSession, try tokens.index().epoch == nil else { return signer }
        do {
            _ = try signer.sign(Array("buckler device key check v1".utf8))
            return signer
        } catch .locked {
            throw .locked
        } catch {
            environment.log.note("a key that does not sign was replaced")
            try environment.deviceKeys.delete()
            guard let fresh = DeviceKeySigner(try environment.deviceKeys.create()) else { throw .damaged }
            return fresh
        }
    }

    /// The device of the last session here, to be named at the next sign-in (PD-13).
    func formerDevice() throws(BucklerError) -> String? {
        try storage { () throws(SecretStoreError) in try Installation.load(environment.files).installation?.device }
    }

    /// Notes the reason for the next start.
    ///
    /// An end is carried out whether or not this can be written.
    func remember(_ reason: SignOutReason?) {
        do {
            guard var installation = try Installation.load(environment.files).installation else { return }
            installation.reason = reason
            try installation.save(environment.files)
        } catch {
            environment.log.note("the reason of a sign-out could not be written")
        }
    }

    private func deleteFiles() throws(SecretStoreError) {
        try Installation.delete(environment.files)
        forgetPerson()
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
