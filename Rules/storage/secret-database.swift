import CoreData
import Foundation
import RealmSwift
import SwiftData

final class User: NSManagedObject {
    // ruleid: secret-in-database
    @NSManaged var password: String?
    // ok: secret-in-database
    @NSManaged var name: String?
    // ok: secret-in-database
    @NSManaged var encryptedPassword: Data?
}

final class Card: Object {
    // ruleid: secret-in-database
    @objc dynamic var cardNumber: String?
    // ruleid: secret-in-database
    var cvv: String?
    // ok: secret-in-database
    @objc dynamic var owner: String?
}

@Model
final class Server {
    // ruleid: secret-in-database
    var accessToken: String
    // ok: secret-in-database
    var address: String
}

struct Form {
    // ok: secret-in-database
    var password: String
}

final class Store {
    func save(_ context: NSManagedObjectContext, _ transaction: YapDatabaseReadWriteTransaction, password: String) {
        let user = NSEntityDescription.insertNewObject(forEntityName: "User", into: context) as? User
        // ruleid: secret-in-database
        user?.password = password
        // ok: secret-in-database
        user?.name = "name"
        // ruleid: secret-in-database
        transaction.setObject(password, forKey: "Password", inCollection: "app")
        // ok: secret-in-database
        transaction.setObject(password, forKey: "title", inCollection: "app")
    }

    func saveDocument(_ document: CBLDocument, name: String, password: String) throws {
        let properties: [String: Any] = ["username": name, "password": password]
        // ruleid: secret-in-database
        try document.putProperties(properties)
        // ok: secret-in-database
        try document.putProperties(["name": name])
    }

    // ruleid: secret-column
    let table = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, password TEXT)"
    // ruleid: secret-column
    let tokens = "create table if not exists accounts (id integer, access_token varchar(200))"
    // ok: secret-column
    let pages = "CREATE TABLE pages (id INTEGER PRIMARY KEY, title TEXT)"
    // ok: secret-column
    let query = "SELECT password FROM users"

    func writeList(password: String, path: String) {
        let list = NSMutableDictionary()
        // ruleid: secret-in-property-list
        list.setValue(password, forKey: "password")
        // ok: secret-in-property-list
        list.setValue("name", forKey: "name")
        list.write(toFile: path, atomically: true)
        // ruleid: secret-in-property-list
        (["apiKey": password] as NSDictionary).write(toFile: path, atomically: true)
        // ok: secret-in-property-list
        (["theme": path] as NSDictionary).write(toFile: path, atomically: true)
    }

    func writeCloud(token: String) {
        // ruleid: secret-in-icloud-store
        NSUbiquitousKeyValueStore.default.set(token, forKey: "accessToken")
        let store = NSUbiquitousKeyValueStore.default
        // ruleid: secret-in-icloud-store
        store.set(token, forKey: "user.password")
        // ok: secret-in-icloud-store
        store.set("dark", forKey: "theme")
        // ok: secret-in-icloud-store
        NSUbiquitousKeyValueStore.default.set(true, forKey: "remembersPassword")
    }

    func cookies(_ value: String, _ date: Date) -> [HTTPCookie?] {
        [
            // ruleid: secret-in-cookie
            HTTPCookie(properties: [.domain: "example.com", .path: "/", .name: "password", .value: value, .expires: date]),
            // ruleid: secret-in-cookie
            HTTPCookie(properties: [.domain: "example.com", .name: "sessionToken", .value: value, .maximumAge: "86400"]),
            // ok: secret-in-cookie
            HTTPCookie(properties: [.domain: "example.com", .name: "sessionToken", .value: value]),
            // ok: secret-in-cookie
            HTTPCookie(properties: [.domain: "example.com", .name: "theme", .value: value, .expires: date]),
        ]
    }

    func credentials(_ user: String, _ password: String) -> [URLCredential] {
        [
            // ruleid: credential-stored-permanently
            URLCredential(user: user, password: password, persistence: .permanent),
            // ok: credential-stored-permanently
            URLCredential(user: user, password: password, persistence: .forSession),
            // ok: credential-stored-permanently
            URLCredential(user: user, password: password, persistence: .none),
        ]
    }

    func writeFile(_ data: Data, to url: URL) throws {
        try data.write(to: url)
        var values = URLResourceValues()
        // ruleid: backup-exclusion-only
        values.isExcludedFromBackup = true
        var other = url
        try other.setResourceValues(values)
    }

    func markCache(_ url: URL) throws {
        var values = URLResourceValues()
        // ok: backup-exclusion-only
        values.isExcludedFromBackup = true
        var other = url
        try other.setResourceValues(values)
    }
}
func later(_ context: NSManagedObjectContext) {
    var user: User?
    user = NSEntityDescription.insertNewObject(forEntityName: "User", into: context) as? User
    if let user = user {
        // ok: secret-in-database
        user.email = "a@b.c"
        // ruleid: secret-in-database
        user.password = "correct horse"
    }
}
func rows(_ db: Database, _ statement: OpaquePointer, _ password: String, _ name: String) throws {
    // ruleid: secret-in-database
    try db.execute(sql: "INSERT INTO user VALUES (?)", arguments: [password])
    // ok: secret-in-database
    try db.execute(sql: "INSERT INTO user VALUES (?)", arguments: [name])
    // ruleid: secret-in-database
    sqlite3_bind_text(statement, 1, password, -1, nil)
    // ok: secret-in-database
    sqlite3_bind_text(statement, 1, name, -1, nil)
}
