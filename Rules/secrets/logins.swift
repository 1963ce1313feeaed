func logins(_ typed: String) {
    // ruleid: login-in-code
    store(userName: "admin", password: "taoGi")
    // ruleid: login-in-code
    Auth.auth().signIn(withEmail: "a@shop.com", password: "Winter24!")
    // ok: login-in-code
    store(userName: "admin", password: typed)
    // ok: login-in-code
    store(userName: "admin", password: "")
}
