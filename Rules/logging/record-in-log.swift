import Foundation

func signUp() {
    let user = Record(name: "Person")
    user["name"] = nameField.text
    user["password"] = passwordField.text
    // ruleid: record-with-secret-in-log
    print("saved \(user.description)")
    // ruleid: record-with-secret-in-log
    print(user)
    // ok: record-with-secret-in-log
    print(user.identifier)
    save {
        // ruleid: record-with-secret-in-log
        NSLog("saved %@", user.description)
    }
}

func order() {
    let item = Record(name: "Item")
    item["name"] = nameField.text
    // ok: record-with-secret-in-log
    print(item)
}
