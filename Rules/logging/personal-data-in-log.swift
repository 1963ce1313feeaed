import Foundation

func report(user: User, email: String, phoneNumber: String?) {
    // ruleid: personal-data-in-log
    print("mail to \(email)")
    // ruleid: personal-data-in-log
    print("number", phoneNumber ?? "none")
    // ruleid: personal-data-in-log
    NSLog("born \(user.dateOfBirth)")
    // ruleid: personal-data-in-log
    logger.info("at \(location.latitude, privacy: .public)")
    // ok: personal-data-in-log
    logger.info("at \(location.latitude, privacy: .private)")
    // ok: personal-data-in-log
    logger.info("mail \(email)")
    // ok: personal-data-in-log
    print("email is missing: \(email.isEmpty)")
}
