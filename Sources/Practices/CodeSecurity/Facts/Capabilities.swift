extension FactTopic {
    /// Entitlements and background modes, and what uses them.
    ///
    /// Nothing here demands a declaration: without one the API fails safely.
    static let capabilities: [FactTopic] = backgroundModes + entitlements

    private static let backgroundModes: [FactTopic] = [
        FactTopic(
            "background:audio",
            explaining: """
                AVAudioSession AVPlayer AVAudioEngine AVAudioPlayer AVQueuePlayer MPNowPlayingInfoCenter AudioUnit AVPlayerViewController \
                AVSpeechSynthesizer CallKit AudioToolbox AVPictureInPictureController WKWebView
                """),
        FactTopic(
            "background:location",
            explaining:
                "CLLocationManager CLLocationUpdate CLBackgroundActivitySession allowsBackgroundLocationUpdates CoreLocation"
        ),
        FactTopic("background:voip", explaining: "PushKit PKPushRegistry CXProvider CallKit"),
        FactTopic(
            "background:fetch",
            explaining:
                "BGTaskScheduler BGAppRefreshTask BackgroundTasks setMinimumBackgroundFetchInterval performFetchWithCompletionHandler backgroundTask"
        ),
        FactTopic(
            "background:processing",
            explaining: "BGTaskScheduler BGProcessingTask BackgroundTasks BGProcessingTaskRequest"),
        FactTopic(
            "background:remote-notification",
            explaining: """
                didReceiveRemoteNotification registerForRemoteNotifications UNUserNotificationCenter CloudKit CKContainer \
                UserNotifications NSPersistentCloudKitContainer FirebaseMessaging
                """),
        FactTopic("background:external-accessory", explaining: "EAAccessoryManager ExternalAccessory EASession"),
        FactTopic("background:bluetooth-central", explaining: "CBCentralManager CoreBluetooth"),
        FactTopic("background:bluetooth-peripheral", explaining: "CBPeripheralManager CoreBluetooth"),
        FactTopic("background:nearby-interaction", explaining: "NISession NearbyInteraction"),
        FactTopic("background:push-to-talk", explaining: "PTChannelManager PushToTalk"),
        FactTopic("background:newsstand-content", explaining: "NKLibrary NewsstandKit"),
    ]

    private static let entitlements: [FactTopic] = [
        FactTopic(
            "entitlement:aps-environment",
            explaining: """
                registerForRemoteNotifications UNUserNotificationCenter PKPushRegistry CKContainer CKSubscription CloudKit \
                UserNotifications FirebaseMessaging OneSignal NSPersistentCloudKitContainer
                """),
        FactTopic("entitlement:com.apple.developer.healthkit", explaining: "HKHealthStore HealthKit"),
        FactTopic("entitlement:com.apple.developer.homekit", explaining: "HMHomeManager HomeKit"),
        FactTopic(
            "entitlement:com.apple.developer.siri",
            explaining:
                "Intents INIntent INInteraction INPreferences AppIntents IntentConfiguration INExtension IntentsUI"),
        FactTopic(
            "entitlement:com.apple.developer.nfc.readersession.formats",
            explaining: "NFCNDEFReaderSession NFCTagReaderSession CoreNFC YubiKit YubiKitManager"),
        FactTopic(
            "entitlement:com.apple.developer.pass-type-identifiers",
            explaining: "PKPass PKPassLibrary PassKit PKAddPassesViewController"),
        FactTopic(
            "entitlement:com.apple.developer.in-app-payments",
            explaining: "PKPaymentRequest PassKit PayWithApplePayButton Stripe"),
        FactTopic(
            "entitlement:com.apple.developer.networking.wifi-info",
            explaining: "CNCopyCurrentNetworkInfo NEHotspotNetwork CaptiveNetwork SystemConfiguration"),
        FactTopic(
            "entitlement:com.apple.developer.networking.HotspotConfiguration",
            explaining: "NEHotspotConfiguration NEHotspotConfigurationManager"),
        FactTopic(
            "entitlement:com.apple.developer.networking.networkextension",
            explaining:
                "NetworkExtension NEPacketTunnelProvider NETunnelProviderManager NEFilterDataProvider NEAppProxyProvider"
        ),
        FactTopic("entitlement:com.apple.developer.networking.vpn.api", explaining: "NEVPNManager NetworkExtension"),
        FactTopic(
            "entitlement:com.apple.developer.icloud-container-identifiers",
            explaining: """
                CKContainer CloudKit forUbiquityContainerIdentifier URLForUbiquityContainerIdentifier NSMetadataQuery UIDocument \
                NSPersistentCloudKitContainer NSUbiquitousKeyValueStore SwiftData UIDocumentPickerViewController \
                UIDocumentBrowserViewController
                """),
        FactTopic(
            "entitlement:com.apple.developer.ubiquity-kvstore-identifier",
            explaining: "NSUbiquitousKeyValueStore"),
        FactTopic(
            "entitlement:com.apple.developer.applesignin",
            explaining:
                "ASAuthorizationAppleIDProvider SignInWithAppleButton ASAuthorizationAppleIDButton AuthenticationServices"
        ),
        FactTopic("entitlement:com.apple.developer.weatherkit", explaining: "WeatherService WeatherKit"),
        FactTopic(
            "entitlement:com.apple.developer.family-controls",
            explaining: "FamilyControls ManagedSettings AuthorizationCenter"),
        FactTopic(
            "entitlement:com.apple.developer.usernotifications.communication",
            explaining: "INSendMessageIntent INStartCallIntent Intents"),
        FactTopic(
            "entitlement:com.apple.developer.usernotifications.filtering",
            explaining: "UNNotificationServiceExtension UserNotifications"),
        FactTopic(
            "entitlement:com.apple.developer.usernotifications.time-sensitive",
            explaining: "timeSensitive interruptionLevel UserNotifications"),
        FactTopic(
            "entitlement:com.apple.developer.usernotifications.critical-alerts",
            explaining: "criticalAlert defaultCritical critical"),
        FactTopic(
            "entitlement:com.apple.developer.group-session", explaining: "GroupActivities GroupSession GroupActivity"),
        FactTopic(
            "entitlement:com.apple.developer.authentication-services.autofill-credential-provider",
            explaining: "ASCredentialProviderViewController ASCredentialIdentityStore AuthenticationServices"),
        FactTopic(
            "entitlement:com.apple.developer.devicecheck.appattest-environment",
            explaining: "DCAppAttestService DeviceCheck FirebaseAppCheck"),
        FactTopic(
            "entitlement:com.apple.developer.user-fonts",
            explaining:
                "CTFontManagerRegisterFontsWithAssetNames CTFontManagerRegisterFontURLs CTFontManagerCopyRegisteredFontDescriptors UIFontPickerViewController CoreText CTFontManager"
        ),
        FactTopic(
            "entitlement:com.apple.developer.carplay-audio",
            explaining: "CarPlay CPTemplateApplicationSceneDelegate MPPlayableContentManager"),
        FactTopic(
            "entitlement:com.apple.security.device.camera",
            explaining:
                "AVCaptureDevice AVCaptureSession AVFoundation WKWebView ImageCaptureCore VNDocumentCameraViewController"
        ),
        FactTopic(
            "entitlement:com.apple.security.device.audio-input",
            explaining: "AVAudioRecorder AVAudioEngine AVCaptureDevice AVFoundation AVAudioSession WKWebView"),
        FactTopic(
            "entitlement:com.apple.security.device.bluetooth", explaining: "CoreBluetooth IOBluetooth CBCentralManager"),
        FactTopic(
            "entitlement:com.apple.security.personal-information.addressbook",
            explaining: "CNContactStore Contacts AddressBook"),
        FactTopic("entitlement:com.apple.security.personal-information.calendars", explaining: "EKEventStore EventKit"),
        FactTopic(
            "entitlement:com.apple.security.personal-information.location",
            explaining: "CLLocationManager CoreLocation CLLocationUpdate WKWebView"),
        FactTopic(
            "entitlement:com.apple.security.personal-information.photos-library",
            explaining:
                "PHPhotoLibrary PHPickerViewController PhotosPicker Photos PhotosUI UIImagePickerController UIImageWriteToSavedPhotosAlbum"
        ),
        FactTopic(
            "entitlement:com.apple.security.automation.apple-events",
            explaining:
                "NSAppleScript NSAppleEventDescriptor AEDeterminePermissionToAutomateTarget ScriptingBridge SBApplication NSUserAppleScriptTask OSAScript"
        ),
        FactTopic(
            "entitlement:com.apple.security.print",
            explaining:
                "NSPrintOperation UIPrintInteractionController UIPrintFormatter printOperation NSPrintInfo UIMarkupTextPrintFormatter UIActivityViewController WKWebView"
        ),
    ]
}
