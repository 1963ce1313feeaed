import Foundation
import SQLite3

func find(_ name: String, _ id: Int, in database: OpaquePointer?, db: Database) throws {
    let query = "SELECT * FROM users WHERE name = '\(name)'"
    var statement: OpaquePointer?
    // ruleid: sql-injection
    sqlite3_prepare_v2(database, query, -1, &statement, nil)
    let joined = "DELETE FROM users WHERE name LIKE '%" + name + "%'"
    // ruleid: sql-injection
    sqlite3_exec(database, joined, nil, nil, nil)
    // ruleid: sql-injection
    try db.execute(sql: "UPDATE users SET name = '\(name)' WHERE id = 3")
    // ruleid: sql-injection
    let rows = try Row.fetchAll(db, sql: "SELECT * FROM users WHERE name = \(name)")
    // ok: sql-injection
    try db.execute(sql: "UPDATE users SET name = ? WHERE id = 3", arguments: [name])
    // ok: sql-injection
    try db.execute(sql: "DELETE FROM users WHERE id = \(id)")
    let byNumber = "SELECT name FROM users WHERE id = \(id)"
    // ok: sql-injection
    sqlite3_exec(database, byNumber, nil, nil, nil)
    // ruleid: sql-injection
    try db.execute(sql: "UPDATE users SET name = '\(name)' WHERE id = \(id)")
    // ok: sql-injection
    try db.execute(literal: "UPDATE users SET name = \(name) WHERE id = 3")
    // ok: sql-injection
    let all = try Row.fetchAll(db, sql: "SELECT \(Column.name), \(Column.age) FROM \(table)")
    // ok: sql-injection
    let some = try Row.fetchAll(db, sql: "SELECT * FROM users WHERE id IN (\(placeholders))", arguments: ids)
    // ok: sql-injection
    try db.execute(sql: "DELETE FROM users WHERE kind = '\(kind.rawValue)'")
    let quoted = "select id from \(table) where key = \"\(kind.rawValue)\";"
    // ok: sql-injection
    try db.execute(sql: quoted)
    // ruleid: sql-injection
    try db.execute(sql: "select id from users where key = \"\(name)\";")
    // ok: sql-injection
    try db.execute("DELETE FROM users WHERE id = \(id)")
    // ok: sql-injection
    let bound = try db.query(
        """
        SELECT name FROM users WHERE id = \(id)
        """)
    let typed: PostgresQuery = "SELECT name FROM users WHERE id = \(id)"
    // ok: sql-injection
    try db.execute(typed)
    // ruleid: sql-injection
    try db.execute("DELETE FROM users WHERE name = '\(name)'")
    // ruleid: predicate-injection
    let first = NSPredicate(format: "name == '\(name)'")
    let format = "name CONTAINS[cd] '" + name + "'"
    // ruleid: predicate-injection
    let second = NSPredicate(format: format)
    // ruleid: predicate-injection
    let mails = realm.objects(Mail.self).filter("id == '" + name + "'")
    // ok: predicate-injection
    let known = realm.objects(Mail.self).filter("id == %@", name)
    // ok: predicate-injection
    let third = NSPredicate(format: "name == %@", name)
    // ok: predicate-injection
    let fourth = NSPredicate(format: "%K BEGINSWITH[c] %@", #keyPath(User.url), "https://\(name)")
    // ok: predicate-injection
    let fifth = NSPredicate(format: "\(#keyPath(User.name)) == %@", name)
    // ruleid: expression-from-text
    let result = NSExpression(format: name).expressionValue(with: nil, context: nil)
    // ruleid: expression-from-text
    let sum = NSExpression(format: "1 + \(name)")
    // ok: expression-from-text
    let constant = NSExpression(format: "1 + 2")
    // ok: expression-from-text
    let path = NSExpression(forKeyPath: "name")
}
func remote(_ db: Connection, _ context: NSManagedObjectContext) throws {
    let sent = try String(contentsOf: URL(string: "https://shop.com/query")!)
    // ruleid: sql-injection
    try db.execute(sent)
    // ruleid: predicate-injection
    let predicate = NSPredicate(format: sent)
    // ok: sql-injection
    try statement.run(sent)
}
