import RealmSwift
func open(_ key: Data, _ db: OpaquePointer, _ phrase: String) throws {
    // ruleid: realm-not-encrypted
    let plain = Realm.Configuration(schemaVersion: 3)
    // ruleid: realm-not-encrypted
    let realm = try Realm()
    // ok: realm-not-encrypted
    let sealed = Realm.Configuration(encryptionKey: key, schemaVersion: 3)
    // ok: realm-not-encrypted
    let memory = Realm.Configuration(inMemoryIdentifier: "x")
    // ruleid: sqlcipher-key-in-code
    sqlite3_key(db, "correct horse", 13)
    // ok: sqlcipher-key-in-code
    sqlite3_key(db, phrase, Int32(phrase.utf8.count))
    // ruleid: sqlcipher-key-in-code
    try database.usePassphrase("correct horse")
    // ok: sqlcipher-key-in-code
    try database.usePassphrase(phrase)
}
