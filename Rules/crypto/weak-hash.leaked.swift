import CryptoKit
import Foundation

struct LeakedPasswords {
    let service = URL(string: "https://api.pwnedpasswords.com/range/")

    func prefix(of password: String) -> String {
        // ok: weak-hash
        let digest = Insecure.SHA1.hash(data: Data(password.utf8))
        return String(digest.description.prefix(5))
    }
}
