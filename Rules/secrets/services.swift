import Foundation

// Every value here is made up. They are written in two parts so that no scanner of pushes takes them for real ones.
enum ServicesSamples {
    // ruleid: mapbox-secret-token
    static let value1 = "sk.eyJ1Ijoi" + "q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi.q7Zt4LmX9vKc2RbW8nYd5H"
    // ruleid: mapbox-secret-token
    static let value2 = "sk.eyJ1Ijoi" + "Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7.9vKc2RbW8nYd5HsJ3fGp6T"
    // ok: mapbox-secret-token
    static let value3 = "pk.eyJ1Ijoiq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi.q7Zt4LmX9vKc2RbW8nYd5H"
    // ok: mapbox-secret-token
    static let value4 = "sk.title.key"
    // ruleid: sentry-auth-token
    static let value5 = "sntryu_" + "3f9a1c7e5b2d8046c1e7a9f35d0b82469e1f7c3a5d8b06e24f9c7a1b3d5e8f02"
    // ruleid: sentry-auth-token
    static let value6 = "sntrys_" + "eyJpYXQiq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCx"
    // ok: sentry-auth-token
    static let value7 = "https://3f9a1c7e5b2d8046c1e7a9f35d0b8246@o4504.ingest.sentry.io/4505"
    // ok: sentry-auth-token
    static let value8 = "sntryu_"
    // ruleid: new-relic-user-key
    static let value9 = "NRAK-" + "Q7ZT4LMX9VKC2RBW8NYD5HSJ3FG"
    // ruleid: new-relic-user-key
    static let value10 = "NRAK-" + "5HSJ3FGP6TAE1UQWCXNYVZMKDOI"
    // ok: new-relic-user-key
    static let value11 = "NRAK-"
    // ok: new-relic-user-key
    static let value12 = "NRAK-XXXXXXXXXXXXXXXXXXXXXXXXXXX"
    // ruleid: launchdarkly-server-key
    static let value13 = "sdk-" + "3f9a1c7e-5b2d-4046-81e7-a9f35d0b8246"
    // ruleid: launchdarkly-server-key
    static let value14 = "api-" + "9e1f7c3a-5d8b-46e2-8f9c-7a1b3d5e8f02"
    // ok: launchdarkly-server-key
    static let value15 = "mob-3f9a1c7e-5b2d-4046-81e7-a9f35d0b8246"
    // ok: launchdarkly-server-key
    static let value16 = "sdk-00000000-0000-0000-0000-000000000000"
    // ruleid: onesignal-rest-key
    static let value17 = "os_v2_" + "app_q7zt4lmxvkc2rbwnyd5hsj3fgp6taeuqwcxnyvzmkdoirphsblgujfeaibq7zt4lmxvkc2rbwnyd5hsj3fgp6taeuqwcxnyvzmkdoir"
    // ruleid: onesignal-rest-key
    static let value18 = "os_v2_" + "org_4lmxvkc2rbwnyd5hsj3fgp6taeuqwcxnyvzmkdoirphsblgujfeaibq7zt4lmxvkc2rbwnyd5hsj3fgp6taeuqwcxnyvzmkdoirphsb"
    // ok: onesignal-rest-key
    static let value19 = "os_v2_app_"
    // ok: onesignal-rest-key
    static let value20 = "os_v2_app_your_key"
    // ruleid: google-api-key
    static let value21 = "AIza" + "q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQ"
    // ruleid: google-api-key
    static let value22 = "AIza" + "4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxN"
    // ok: google-api-key
    static let value23 = "AIzaYOUR_KEY"
    // ok: google-api-key
    static let value24 = "AIza"
}
