extension FactTopic {
    /// The keys of `Info.plist` that say why the app touches something private, and the APIs that touch it.
    ///
    /// A web view can ask for the camera, the microphone and the place, so it explains their keys.
    static let usageDescriptions: [FactTopic] = [
        FactTopic(
            "NSCameraUsageDescription",
            demanding: "VNDocumentCameraViewController DataScannerViewController",
            explaining: """
                AVCaptureDevice AVCaptureSession UIImagePickerController ARSession ARKit WKWebView CodeScannerView CodeScanner \
                WebRTC LiveKit RTCCameraVideoCapturer UIWebView cameraDevice
                """),
        FactTopic("NSCameraUsageDescription", "NSMicrophoneUsageDescription", demanding: "AVCaptureDeviceInput"),
        FactTopic(
            "NSMicrophoneUsageDescription",
            demanding: "AVAudioRecorder requestRecordPermission",
            explaining: """
                AVAudioSession AVAudioEngine AVAudioApplication AVCaptureDevice SFSpeechRecognizer RPScreenRecorder WKWebView \
                UIImagePickerController WebRTC LiveKit CallKit CXProvider
                """),
        FactTopic(
            "NSPhotoLibraryUsageDescription", "NSPhotoLibraryAddUsageDescription",
            demanding: "PHPhotoLibrary",
            explaining: """
                PHAsset PHPickerViewController PhotosPicker UIImagePickerController UIActivityViewController ShareLink \
                QLPreviewController WKWebView UIWebView UIActivity ALAssetsLibrary PhotosUI
                """),
        FactTopic(
            "NSPhotoLibraryAddUsageDescription",
            demanding: "UIImageWriteToSavedPhotosAlbum UISaveVideoAtPathToSavedPhotosAlbum"),
        FactTopic(
            "NSLocationWhenInUseUsageDescription", "NSLocationAlwaysAndWhenInUseUsageDescription",
            "NSLocationAlwaysUsageDescription", "NSLocationUsageDescription",
            "NSLocationTemporaryUsageDescriptionDictionary",
            demanding: "requestWhenInUseAuthorization requestAlwaysAuthorization",
            explaining: """
                CLLocationManager CLLocationUpdate CoreLocation CoreLocationUI LocationButton showsUserLocation WKWebView \
                UIWebView CLMonitor
                """),
        FactTopic(
            "NSFaceIDUsageDescription",
            demanding: "deviceOwnerAuthenticationWithBiometrics LAPolicyDeviceOwnerAuthenticationWithBiometrics",
            explaining: """
                LAContext LocalAuthentication LARight biometryCurrentSet biometryAny userPresence SecAccessControlCreateWithFlags \
                kSecAccessControlBiometryAny kSecAccessControlBiometryCurrentSet kSecAccessControlUserPresence
                """),
        FactTopic(
            "NSContactsUsageDescription", demanding: "CNContactStore",
            explaining: "Contacts ContactsUI ABAddressBookRef AddressBook"),
        FactTopic(
            "NSCalendarsUsageDescription", "NSCalendarsFullAccessUsageDescription",
            "NSCalendarsWriteOnlyAccessUsageDescription",
            "NSRemindersUsageDescription", "NSRemindersFullAccessUsageDescription",
            demanding: "EKEventStore", explaining: "EventKit EventKitUI EKEventEditViewController WKWebView"),
        FactTopic(
            "NSBluetoothAlwaysUsageDescription", "NSBluetoothPeripheralUsageDescription",
            demanding: "CBCentralManager CBPeripheralManager", explaining: "CoreBluetooth NISession AccessorySetupKit"),
        FactTopic(
            "NSMotionUsageDescription",
            demanding: "CMMotionActivityManager CMPedometer CMAltimeter CMHeadphoneMotionManager",
            explaining: "CoreMotion CMSensorRecorder CMMotionManager"),
        FactTopic(
            "NSHealthShareUsageDescription", "NSHealthUpdateUsageDescription",
            "NSHealthClinicalHealthRecordsShareUsageDescription",
            "NSHealthRequiredReadAuthorizationTypeIdentifiers",
            demanding: "HKHealthStore", explaining: "HealthKit HealthKitUI"),
        FactTopic("NSHomeKitUsageDescription", demanding: "HMHomeManager", explaining: "HomeKit"),
        FactTopic(
            "NSSiriUsageDescription", demanding: "requestSiriAuthorization",
            explaining: "Intents INInteraction AppIntents INPreferences"),
        FactTopic(
            "NSSpeechRecognitionUsageDescription", demanding: "SFSpeechRecognizer", explaining: "Speech SpeechAnalyzer"),
        FactTopic(
            "NSAppleMusicUsageDescription", demanding: "MPMediaQuery MPMediaLibrary MPMediaPickerController",
            explaining: "MusicKit MediaPlayer MusicAuthorization SKCloudServiceController"),
        FactTopic(
            "NSVideoSubscriberAccountUsageDescription", demanding: "VSAccountManager",
            explaining: "VideoSubscriberAccount"),
        FactTopic(
            "NFCReaderUsageDescription", demanding: "NFCNDEFReaderSession NFCTagReaderSession",
            explaining: "CoreNFC YubiKit NFCISO7816Tag YubiKitManager"),
        FactTopic(
            "NSUserTrackingUsageDescription", demanding: "requestTrackingAuthorization",
            explaining: "ATTrackingManager AppTrackingTransparency ASIdentifierManager"),
        FactTopic(
            "NSLocalNetworkUsageDescription",
            explaining: """
                NWBrowser NWListener NWConnection NetService NetServiceBrowser MCNearbyServiceBrowser MultipeerConnectivity \
                GCKDiscoveryCriteria Network CFNetServiceBrowser URLSession
                """),
        FactTopic(
            "NSNearbyInteractionUsageDescription", "NSNearbyInteractionAllowOnceUsageDescription",
            demanding: "NISession",
            explaining: "NearbyInteraction"),
        FactTopic("NSSensorKitUsageDescription", demanding: "SRSensorReader", explaining: "SensorKit"),
        FactTopic(
            "NSFocusStatusUsageDescription", demanding: "INFocusStatusCenter", explaining: "SetFocusFilterIntent"),
        FactTopic("NSFallDetectionUsageDescription", demanding: "CMFallDetectionManager"),
        FactTopic("NSGKFriendListUsageDescription", explaining: "GKLocalPlayer GameKit"),
        FactTopic(
            "NSAppleEventsUsageDescription",
            explaining: """
                NSAppleScript NSAppleEventDescriptor AEDeterminePermissionToAutomateTarget ScriptingBridge SBApplication \
                NSUserAppleScriptTask OSAScript AESendMessage
                """),
        FactTopic("NSIdentityUsageDescription", demanding: "PKIdentityAuthorizationController", explaining: "PassKit"),
        FactTopic(
            "NSHandsTrackingUsageDescription", "NSWorldSensingUsageDescription",
            explaining: "ARKitSession ARKit RealityKit"),
    ]
}
