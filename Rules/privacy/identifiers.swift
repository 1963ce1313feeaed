import AdSupport
import UIKit

final class Identity {
    func read() {
        // ruleid: vendor-identifier
        let vendor = UIDevice.current.identifierForVendor?.uuidString
        // ok: vendor-identifier
        let encryptionKey = UIDevice.current.identifierForVendor?.uuidString // ruleid: device-identifier-as-secret
        // ok: vendor-identifier
        let installation = UUID().uuidString
        // ok: vendor-identifier
        let model = UIDevice.current.model
        // ok: device-identifier-as-secret
        let keyboard = UIDevice.current.identifierForVendor?.uuidString // ruleid: vendor-identifier
        // ok: device-identifier-as-secret
        let key = UUID().uuidString
        use(vendor, encryptionKey, installation, model, keyboard, key)
    }

    func keep() {
        let id = UIDevice.current.identifierForVendor?.uuidString ?? "" // ruleid: vendor-identifier
        let query: [String: Any] = [kSecClass as String: kSecClassGenericPassword, kSecValueData as String: Data(id.utf8)]
        // ruleid: identifier-survives-removal
        SecItemAdd(query as CFDictionary, nil)
        // ruleid: identifier-survives-removal
        keychain.set(id, forKey: "device")
        // ok: identifier-survives-removal
        keychain.set(UUID().uuidString, forKey: "installation")
        // ok: identifier-survives-removal
        UserDefaults.standard.set(id, forKey: "device")
    }

    func advertise() {
        // ruleid: advertising-identifier
        let id = ASIdentifierManager.shared().advertisingIdentifier
        // ok: advertising-identifier
        let isAllowed = ASIdentifierManager.shared().isAdvertisingTrackingEnabled
        use(id, isAllowed)
        // ok: advertising-identifier
        ATTrackingManager.requestTrackingAuthorization { _ in }
    }

    func recognise() {
        // ruleid: device-fingerprinting
        let info = CNCopyCurrentNetworkInfo("en0" as CFString)
        // ruleid: device-fingerprinting
        sysctlbyname("kern.boottime", &time, &size, nil, 0)
        // ok: device-fingerprinting
        sysctlbyname("hw.machine", &machine, &size, nil, 0)
        // ok: device-fingerprinting
        let name = ProcessInfo.processInfo.operatingSystemVersionString
        use(info, name)
    }
}
