import Foundation
func read(_ data: Data, _ path: String) throws {
    // ruleid: insecure-unarchiving
    let a = NSKeyedUnarchiver.unarchiveObject(with: data)
    // ruleid: insecure-unarchiving
    let b = try NSKeyedUnarchiver.unarchiveTopLevelObjectWithData(data) as? [String]
    let reader = try NSKeyedUnarchiver(forReadingFrom: data)
    // ruleid: insecure-unarchiving
    reader.requiresSecureCoding = false
    // ok: insecure-unarchiving
    reader.requiresSecureCoding = true
    // ok: insecure-unarchiving
    let old = NSKeyedUnarchiver(forReadingWith: data)
    old.requiresSecureCoding = true
    // ruleid: insecure-unarchiving
    let open = NSKeyedUnarchiver(forReadingWith: data)
    // ok: insecure-unarchiving
    let c = try NSKeyedUnarchiver.unarchivedObject(ofClass: NSArray.self, from: data)
    // ruleid: insecure-archiving
    let d = try NSKeyedArchiver.archivedData(withRootObject: b as Any, requiringSecureCoding: false)
    // ok: insecure-archiving
    let e = try NSKeyedArchiver.archivedData(withRootObject: b as Any, requiringSecureCoding: true)
}
