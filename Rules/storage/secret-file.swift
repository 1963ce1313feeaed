import Foundation
func save(_ password: String, _ url: URL, _ notes: String, _ encryptedPassword: Data) throws {
    // ruleid: secret-in-file
    try password.write(to: url, atomically: true, encoding: .utf8)
    let content = "MAS_API_KEY=8767086b9f6f976g-a8df76"
    // ruleid: secret-in-file
    try content.write(to: url, atomically: true, encoding: .utf8)
    // ruleid: secret-in-file
    try Data(password.utf8).write(to: url)
    // ok: secret-in-file
    try notes.write(to: url, atomically: true, encoding: .utf8)
    // ok: secret-in-file
    try encryptedPassword.write(to: url)
    var values = URLResourceValues()
    // ruleid: backup-not-excluded
    values.isExcludedFromBackup = false
    // ok: backup-not-excluded
    values.isExcludedFromBackup = true
    // ok: backup-not-excluded
    let isBackedUp = values.isExcludedFromBackup == false
}
