import JWTDecode
func signIn(_ password: String, _ field: UITextField, _ grantType: String, _ jwt: String) throws {
    // ruleid: hardcoded-credential-check
    if password == "letmein42" { open() }
    // ruleid: hardcoded-credential-check
    if passwordField.text == "This!sS3cret" { open() }
    // ruleid: hardcoded-credential-check
    guard user.pin != "4711" else { return }
    // ok: hardcoded-credential-check
    if password == "" { return }
    // ok: hardcoded-credential-check
    if grantType == "password" { return }
    // ok: hardcoded-credential-check
    if password == repeated { return }
    // ok: hardcoded-credential-check
    if pin == "0000" || pin == "1234" { throw Weak.pin }
    // ruleid: hardcoded-basic-credentials
    let credential = URLCredential(user: "admin", password: "hunter2", persistence: .none)
    // ruleid: hardcoded-basic-credentials
    request.authenticate(username: "admin", password: "hunter2")
    // ok: hardcoded-basic-credentials
    let typed = URLCredential(user: "admin", password: password, persistence: .none)
    // ok: hardcoded-basic-credentials
    let blank = URLCredential(user: "admin", password: "", persistence: .none)
    // ruleid: jwt-not-verified
    let claims = try JWT.decode(jwt, algorithm: .hs256(key), verify: false)
    // ruleid: jwt-not-verified
    let verifier = JWTVerifier.none
    // ok: jwt-not-verified
    let checked = try JWT.decode(jwt, algorithm: .hs256(key))
    // ok: jwt-not-verified
    let real = JWTVerifier.rs256(publicKey: key)
    // ok: jwt-not-verified
    // ruleid: jwt-not-signed
    let unsigned = JWT.encode(claims, algorithm: .none)
    // ruleid: jwt-not-signed
    let signer = JWTSigner.none
    // ok: jwt-not-signed
    let signed = JWT.encode(claims, algorithm: .hs256(key))
    // ok: jwt-not-signed
    let strong = JWTSigner.es256(privateKey: key)
    // ruleid: jwt-decoded-only
    let token = try decode(jwt: jwt)
    // ruleid: jwt-decoded-only
    let name = try decode(jwt: jwt).claim(name: "name").string
    // ok: jwt-decoded-only
    let json = try JSONDecoder().decode(Token.self, from: data)
    // ok: jwt-decoded-only
    let other = try decode(token: jwt)
}
func validatePin(_ pin: String) -> Bool {
    // ruleid: credential-digest-in-code
    let reference = "0252B081BDA70B478F0131B310A93CB8D79086D785FB4AE392A8C5FFC3DDC5FE"
    // ok: credential-digest-in-code
    let label = "0252B081"
    return sha256(pin) == reference
}
func checkPassword(_ text: String) -> Bool {
    // ruleid: credential-digest-in-code
    return md5(text) == "5f4dcc3b5aa765d61d8327deb882cf99"
}
func checkFile(_ data: Data) -> Bool {
    // ok: credential-digest-in-code
    return sha256(data) == "0252b081bda70b478f0131b310a93cb8d79086d785fb4ae392a8c5ffc3ddc5fe"
}
