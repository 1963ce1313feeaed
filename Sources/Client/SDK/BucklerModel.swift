#if canImport(Observation)
    import BucklerPlatformKeys
    import BucklerPrimitives
    import Observation

    /// The state of the app for SwiftUI.
    ///
    /// Keep one in `@State` and switch over ``state``.
    ///
    /// Conforms to `Observable` by hand, because the SDK uses no macros.
    @MainActor
    public final class BucklerModel: Observable {
        /// The client behind the model; nil in previews.
        public let client: BucklerClient?

        private let registrar = ObservationRegistrar()
        private var storedState: BucklerState
        private var following: Task<Void, Never>?

        /// A model of `server`, with the platform's own Keychain, Secure Enclave and URLSession.
        ///
        /// Stops the program if `server` is not an `https` origin or `clientID` not a client id, or the entitlements lack
        /// a group of `sharing`: a mistake in the source.
        public convenience init(
            server: String, clientID: String, profile: String = "default", sharing: AppGroupSharing? = nil
        ) {
            do {
                self.init(
                    client: try BucklerClient(
                        server: server, clientID: clientID, profile: profile, sharing: sharing))
            } catch {
                preconditionFailure("BucklerModel: \(error)")
            }
        }

        /// A model of a client of one's own.
        ///
        /// Follows the client's states until it is released.
        public init(client: BucklerClient) {
            self.client = client
            storedState = .unknown
            let states = client.states
            // The model lives outside any task of the app; the work ends with it.
            following = Task { [weak self] in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await client.run() }
                    for await state in states {
                        guard let self else { break }
                        self.state = state
                    }
                    group.cancelAll()
                }
            }
        }

        private init(preview: BucklerState) {
            client = nil
            storedState = preview
        }

        deinit { following?.cancel() }

        /// What to show.
        public private(set) var state: BucklerState {
            get {
                registrar.access(self, keyPath: \.state)
                return storedState
            }
            set { registrar.withMutation(of: self, keyPath: \.state) { storedState = newValue } }
        }

        /// A person touched the app.
        public func noteActivity() async { await client?.noteActivity() }

        /// Asks for the person and opens the app.
        public func unlock(reason: String) async throws(BucklerError) { try await client?.unlock(reason: reason) }

        /// Reads the store again: in the foreground, and when protected data becomes available.
        public func check() async { await client?.check() }
    }

    extension BucklerModel {
        /// A state to preview a screen in.
        public enum Preview: Sendable {
            /// Not unlocked since the device was started.
            case unknown
            /// Nobody is signed in.
            case signedOut
            /// Somebody is signed in, the app is locked.
            case locked
            /// Somebody is signed in; calls answer ``BucklerError/offline(lastContact:)``.
            case signedIn
        }

        /// A model that shows one state, for previews.
        ///
        /// It has no client and talks to nobody.
        public static func preview(_ preview: Preview) -> BucklerModel {
            switch preview {
            case .unknown: BucklerModel(preview: .unknown)
            case .signedOut: BucklerModel(preview: .signedOut(.notSignedIn))
            case .locked: BucklerModel(preview: .locked)
            case .signedIn: BucklerModel(preview: .signedIn(.preview))
            }
        }
    }

    extension BucklerSession {
        /// A session that exists only on a screen.
        static var preview: BucklerSession { BucklerSession(previewOn: ClientCore.preview) }
    }

    extension ClientCore {
        /// A core without a server.
        static var preview: ClientCore {
            let environment = BucklerEnvironment(
                transport: NoTransport(), secrets: MemorySecretStore(), deviceKeys: MemoryDeviceKeyStore(),
                files: MemoryFiles())
            return ClientCore(server: .preview, clientID: "preview", environment: environment)
        }
    }

    /// Reaches nobody.
    struct NoTransport: HTTPTransport {
        func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse { throw .offline }
    }
#endif

#if canImport(SwiftUI)
    import SwiftUI

    extension View {
        /// Tells the model of touches on this view; put it on the root view.
        public func bucklerActivity(_ model: BucklerModel) -> some View {
            simultaneousGesture(
                DragGesture(minimumDistance: 0).onChanged { _ in Task { await model.noteActivity() } })
        }
    }
#endif
