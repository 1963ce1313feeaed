#import <Foundation/Foundation.h>

// ruleid: stripe-secret-key
static NSString *const kValue4 = @"sk_live_" @"q7Zt4LmX9vKc2RbW8nYd5HsJ";
// ok: stripe-secret-key
static NSString *const kPlain4 = @"pk_test_TYooMQauvdEDq54NiTphI7jx";
// ruleid: stripe-test-key
static NSString *const kValue8 = @"sk_test_" @"q7Zt4LmX9vKc2RbW8nYd5HsJ";
// ok: stripe-test-key
static NSString *const kPlain8 = @"pk_test_q7Zt4LmX9vKc2RbW8nYd5HsJ";
// ruleid: stripe-webhook-secret
static NSString *const kValue12 = @"whsec_" @"q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE";
// ok: stripe-webhook-secret
static NSString *const kPlain12 = @"whsec_";
// ruleid: square-secret
static NSString *const kValue16 = @"sq0csp-" @"q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM";
// ok: square-secret
static NSString *const kPlain16 = @"sq0idp-q7Zt4LmX9vKc2RbW8nYd5H";
// ruleid: braintree-token
static NSString *const kValue20 = @"access_token$production$" @"q7zt4lmx9vkc2rbw$3f9a1c7e5b2d8046c1e7a9f35d0b8246";
// ok: braintree-token
static NSString *const kPlain20 = @"access_token$sandbox$short";
// ruleid: shopify-token
static NSString *const kValue24 = @"shpat_" @"3f9a1c7e5b2d8046c1e7a9f35d0b8246";
// ok: shopify-token
static NSString *const kPlain24 = @"shpat_";
