import Foundation

func unpack(_ archive: Archive, _ folder: URL, _ link: URL) throws {
    for entry in archive {
        // ruleid: archive-entry-path
        let target = folder.appendingPathComponent(entry.path)
        let name = entry.path
        // ruleid: archive-entry-path
        let second = URL(fileURLWithPath: name, relativeTo: folder)
        // ok: archive-entry-path
        let third = folder.appendingPathComponent((entry.path as NSString).lastPathComponent)
        // ok: archive-entry-path
        let fourth = folder.appendingPathComponent("fixed")
    }
    let name = URLComponents(url: link, resolvingAgainstBaseURL: false)?.queryItems?.first?.value ?? ""
    // ruleid: untrusted-path
    let file = folder.appendingPathComponent(name)
    let pasted = UIPasteboard.general.string ?? ""
    // ruleid: untrusted-path
    let data = FileManager.default.contents(atPath: pasted)
    // ok: untrusted-path
    let last = folder.appendingPathComponent(URL(fileURLWithPath: "/" + link.path).lastPathComponent)
    // ok: untrusted-path
    let fixed = folder.appendingPathComponent("fixed")
}
func remote(_ files: FileManager) throws {
    let name = try String(contentsOf: URL(string: "https://shop.com/name")!)
    // ruleid: untrusted-path
    try files.removeItem(atPath: name)
    // ok: untrusted-path
    try Data(name.utf8).write(to: fixed)
}
