import Foundation

// Every value here is made up. They are written in two parts so that no scanner of pushes takes them for real ones.
enum AccountsSamples {
    // ruleid: facebook-access-token
    static let value1 = "EAAB" + "wk59pfKL0jFi2YYvLBpEGbpRuHrzDSVdqUC8DwRDe03wkPM15uelHuoUzaZhX4lp4aZuDig1ohQTTIDVrZfrytORAzb3do7gwiqTuLMos6ecjsro5K0a8uCI0QrHsbhPVKtsoSQ63hVZL8ibTpNrnB"
    // ruleid: facebook-access-token
    static let value2 = "EAAB" + "ZOC51fEOGDVBZdP8MfMqP5ZVQymTRB1UVzWNzUdmJjXYzllkCGtaogsF9UIH4VMUgmgkaUwFPtBMrShDrxFR8Nbnxyk7gH5qHY50b7p6NlSBwSxajkIL8kRK3qci33JoQW5lOvfQXTPUpZnp3mZtTP"
    // ok: facebook-access-token
    static let value3 = "EAAB"
    // ok: facebook-access-token
    static let value4 = "EAACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: intra42-secret
    static let value5 = "s-s4t2ud-" + "018f7944fe07f5679fff02eba571e7b3ec5decc1db9bedfdaf2f8939c665c3c5"
    // ruleid: intra42-secret
    static let value6 = "s-s4t2af-" + "da2708f9a950e89f065ec30a1cc90c870c3fe5af7d7610ac7a8f13022c9db650"
    // ok: intra42-secret
    static let value7 = "s-s4t2ud-"
    // ok: intra42-secret
    static let value8 = "u-s4t2ud-e05f0d72cc41ea5cff98960a24cc26a31291871e9a695abacb1812097eeff036"
    // ruleid: easypost-key
    static let value9 = "EZAK" + "722DEkCnBWt34EIYVWkgX22T96ExOrb36V8b6z93yiUFxpvr0iOVC2"
    // ruleid: easypost-key
    static let value10 = "EZTK" + "ptWHoItTjJNIPlIzK2sKphSJdsRpdIJRQADENtgCxa3Q9ea7LmGXho"
    // ok: easypost-key
    static let value11 = "EZAK"
    // ok: easypost-key
    static let value12 = "EZTKxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: dropbox-token
    static let value13 = "sl.u." + "xA5ZlD6ePnTvxAOJ_RfULkCHulO-VD8pj2Yid19ZZZsrYrBjh9Bs8wJyHY8MQ8qqMqMnxFHq7UMC73O6YGSNAJa3bjkS3eNxz6ogNqC9-ekBYockRNvu9WK7_ZY2xlt3fj_Cov8fwcUmmP7Zcu7fKh"
    // ruleid: dropbox-token
    static let value14 = "sl.B" + "ud5ihfFqPwL9nWCu4WSBwb5y-SXde1Tmiks9hdmiudl61WH4_qfVWtxSP23KCh1YA2DtfpNJw2sglxoNVZxC8eVYGWtjErl7PN3c31eYlnHPJU-RWl6XDtFlMOIV6S9awDryaxWuR5C0qEw2VT64eW"
    // ok: dropbox-token
    static let value15 = "sl.token"
    // ok: dropbox-token
    static let value16 = "sl.Bxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
}
