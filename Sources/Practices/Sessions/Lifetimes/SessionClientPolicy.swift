import BucklerPrimitives

/// What tells that a person is present (PD-02).
package enum ActivitySource: String, Sendable, Hashable, CaseIterable {
    /// The claim `user_idle` of a refresh proof.
    ///
    /// Our SDK reports it; no claim, no activity.
    case reported
    /// Requests through the gateway other than refreshes.
    ///
    /// Chosen per foreign client.
    case requests
}

/// What the configuration says about one client's sessions (PD-19).
package struct SessionClientPolicy: Sendable, Hashable {
    /// The least strict preset of its sessions.
    package var preset: SessionPreset
    /// What moves the idle clock.
    package var activity: ActivitySource
    /// How long a repeat without `Idempotency-Key` is answered: 0 to 600 s.
    package var overlap: Duration
    /// Scopes that tokens go without for a day after a recovery (PD-12).
    package var sensitiveScopes: Set<String>

    /// The strict values: `aal1`, reported activity, 60 s; no scope is sensitive.
    package init(
        preset: SessionPreset = .aal1, activity: ActivitySource = .reported, overlap: Duration = .seconds(60),
        sensitiveScopes: Set<String> = []
    ) {
        precondition((.seconds(0)...(.seconds(600))).contains(overlap), "overlap is 0 to 600 s")
        self.preset = preset
        self.activity = activity
        self.overlap = overlap
        self.sensitiveScopes = sensitiveScopes
    }
}

/// The sessions' part of the configuration: presets and clients.
package struct SessionPolicies: Sendable {
    /// The three presets.
    package let presets: SessionPresets
    private let clients: [ClientID: SessionClientPolicy]

    /// Takes every client that may sign people in.
    package init(presets: SessionPresets = SessionPresets(), clients: [ClientID: SessionClientPolicy]) {
        self.presets = presets
        self.clients = clients
    }

    /// A client's policy; nil for an unknown client, which gets no session.
    package subscript(client: ClientID) -> SessionClientPolicy? { clients[client] }
}
