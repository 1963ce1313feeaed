import Contacts
import CoreLocation
import HealthKit
import Photos

final class Tracking {
    func send(email: String, phone: String, count: Int) {
        // ruleid: personal-data-to-analytics
        Analytics.logEvent("signup", parameters: ["email": email, "count": count])
        let parameters: [String: Any] = ["phone": phone]
        // ruleid: personal-data-to-analytics
        Flurry.log(eventName: "entered", parameters: parameters)
        // ruleid: personal-data-to-analytics
        Analytics.logEvent("signup", parameters: ["count": count, "birthday": user.birthday])
        // ok: personal-data-to-analytics
        Analytics.logEvent("signup", parameters: ["method": "email"])
        // ok: personal-data-to-analytics
        Analytics.logEvent("signup", parameters: ["count": count])
        // ok: personal-data-to-analytics
        api.logEvent("signup", parameters: ["email": email])
        // ruleid: person-named-to-analytics
        Crashlytics.crashlytics().setUserID(email)
        // ruleid: person-named-to-analytics
        Mixpanel.mainInstance().identify(distinctId: user.phoneNumber)
        // ok: person-named-to-analytics
        Crashlytics.crashlytics().setUserID(installationID)
        // ok: person-named-to-analytics
        session.setUserID(email)
    }

    func locate(_ manager: CLLocationManager) {
        // ruleid: location-always
        manager.requestAlwaysAuthorization()
        // ruleid: location-always
        manager.allowsBackgroundLocationUpdates = true
        // ok: location-always
        manager.requestWhenInUseAuthorization()
        // ok: location-always
        manager.allowsBackgroundLocationUpdates = false
        // ruleid: location-precise
        manager.desiredAccuracy = kCLLocationAccuracyBest
        // ok: location-precise
        manager.desiredAccuracy = kCLLocationAccuracyKilometer
        // ok: location-precise
        manager.distanceFilter = 100
    }

    func collect(_ contacts: CNContactStore, _ health: HKHealthStore) {
        // ruleid: whole-collection-instead-of-picker
        contacts.requestAccess(for: .contacts) { _, _ in }
        // ruleid: whole-collection-instead-of-picker
        PHPhotoLibrary.requestAuthorization(for: .readWrite) { _ in }
        // ok: whole-collection-instead-of-picker
        PHPhotoLibrary.requestAuthorization(for: .addOnly) { _ in }
        // ok: whole-collection-instead-of-picker
        present(CNContactPickerViewController(), animated: true)
        // ruleid: health-data
        health.requestAuthorization(toShare: [], read: [steps]) { _, _ in }
        // ok: health-data
        center.requestAuthorization(options: [.alert]) { _, _ in }
        // ok: health-data
        manager.requestAuthorization()
    }
}
