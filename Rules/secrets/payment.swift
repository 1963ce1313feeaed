import Foundation

// Every value here is made up. They are written in two parts so that no scanner of pushes takes them for real ones.
enum PaymentSamples {
    // ruleid: stripe-secret-key
    static let value1 = "sk_live_" + "q7Zt4LmX9vKc2RbW8nYd5HsJ"
    // ruleid: stripe-secret-key
    static let value2 = "rk_live_" + "t4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhS"
    // ok: stripe-secret-key
    static let value3 = "pk_test_TYooMQauvdEDq54NiTphI7jx"
    // ok: stripe-secret-key
    static let value4 = "sk_live_your_key_here_please"
    // ruleid: stripe-test-key
    static let value5 = "sk_test_" + "q7Zt4LmX9vKc2RbW8nYd5HsJ"
    // ruleid: stripe-test-key
    static let value6 = "rk_test_" + "t4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhS"
    // ok: stripe-test-key
    static let value7 = "pk_test_q7Zt4LmX9vKc2RbW8nYd5HsJ"
    // ok: stripe-test-key
    static let value8 = "sk_test_xxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: stripe-webhook-secret
    static let value9 = "whsec_" + "q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE"
    // ruleid: stripe-webhook-secret
    static let value10 = "whsec_" + "t4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM"
    // ok: stripe-webhook-secret
    static let value11 = "whsec_"
    // ok: stripe-webhook-secret
    static let value12 = "whsec_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: square-secret
    static let value13 = "sq0csp-" + "q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM"
    // ruleid: square-secret
    static let value14 = "sq0atp-" + "q7Zt4LmX9vKc2RbW8nYd5H"
    // ok: square-secret
    static let value15 = "sq0idp-q7Zt4LmX9vKc2RbW8nYd5H"
    // ok: square-secret
    static let value16 = "sq0csp-"
    // ruleid: braintree-token
    static let value17 = "access_token$production$" + "q7zt4lmx9vkc2rbw$3f9a1c7e5b2d8046c1e7a9f35d0b8246"
    // ruleid: braintree-token
    static let value18 = "access_token$production$" + "7zt4lmx9vkc2rbwq$9a1c7e5b2d8046c1e7a9f35d0b82469e"
    // ok: braintree-token
    static let value19 = "access_token$sandbox$short"
    // ok: braintree-token
    static let value20 = "access_token$production$"
    // ruleid: shopify-token
    static let value21 = "shpat_" + "3f9a1c7e5b2d8046c1e7a9f35d0b8246"
    // ruleid: shopify-token
    static let value22 = "shpss_" + "9a1c7e5b2d8046c1e7a9f35d0b82469e"
    // ok: shopify-token
    static let value23 = "shpat_"
    // ok: shopify-token
    static let value24 = "shpat_00000000000000000000000000000000"
    // ruleid: stripe-secret-key
    static let restricted = "rk_prod_" + "q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCx"
}
