func report(token: String, room: Room, session: Session) {
    // ruleid: token-in-log
    print("joining with \(token)")
    // ruleid: token-in-log
    NSLog("call for %@", room.token)
    // ruleid: token-in-log
    print("peer \(session.sessionId)")
    // ok: token-in-log
    print("length \(token.count)")
    // ok: token-in-log
    print("token refreshed")
}
