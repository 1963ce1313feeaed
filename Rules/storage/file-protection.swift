import Foundation
func write(_ data: Data, _ url: URL, _ path: String) throws {
    // ruleid: file-protection-none
    try data.write(to: url, options: [.atomic, .noFileProtection])
    // ruleid: file-protection-none
    try FileManager.default.setAttributes([.protectionKey: FileProtectionType.none], ofItemAtPath: path)
    // ruleid: file-protection-none
    FileManager.default.createFile(atPath: path, contents: data, attributes: [.protectionKey: .none])
    // ok: file-protection-none, file-protection-not-complete
    try data.write(to: url, options: .completeFileProtection)
    // ruleid: file-protection-not-complete
    try data.write(to: url, options: .completeFileProtectionUntilFirstUserAuthentication)
    // ruleid: file-protection-not-complete
    try FileManager.default.setAttributes([.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication], ofItemAtPath: path)
    // ruleid: file-protection-not-complete
    try data.write(to: url, options: [.completeFileProtectionUnlessOpen, .atomic])
    // ok: file-protection-none
    FileManager.default.createFile(atPath: path, contents: nil, attributes: [.protectionKey: FileProtectionType.none])
    // ok: file-protection-none, file-protection-not-complete
    let nothing: Kind? = .none
}
