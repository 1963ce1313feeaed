#import <Foundation/Foundation.h>

// ruleid: mapbox-secret-token
static NSString *const kValue4 = @"sk.eyJ1Ijoi" @"q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi.q7Zt4LmX9vKc2RbW8nYd5H";
// ok: mapbox-secret-token
static NSString *const kPlain4 = @"pk.eyJ1Ijoiq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi.q7Zt4LmX9vKc2RbW8nYd5H";
// ruleid: sentry-auth-token
static NSString *const kValue8 = @"sntryu_" @"3f9a1c7e5b2d8046c1e7a9f35d0b82469e1f7c3a5d8b06e24f9c7a1b3d5e8f02";
// ok: sentry-auth-token
static NSString *const kPlain8 = @"https://3f9a1c7e5b2d8046c1e7a9f35d0b8246@o4504.ingest.sentry.io/4505";
// ruleid: new-relic-user-key
static NSString *const kValue12 = @"NRAK-" @"Q7ZT4LMX9VKC2RBW8NYD5HSJ3FG";
// ok: new-relic-user-key
static NSString *const kPlain12 = @"NRAK-";
// ruleid: launchdarkly-server-key
static NSString *const kValue16 = @"sdk-" @"3f9a1c7e-5b2d-4046-81e7-a9f35d0b8246";
// ok: launchdarkly-server-key
static NSString *const kPlain16 = @"mob-3f9a1c7e-5b2d-4046-81e7-a9f35d0b8246";
// ruleid: onesignal-rest-key
static NSString *const kValue20 = @"os_v2_" @"app_q7zt4lmxvkc2rbwnyd5hsj3fgp6taeuqwcxnyvzmkdoirphsblgujfeaibq7zt4lmxvkc2rbwnyd5hsj3fgp6taeuqwcxnyvzmkdoir";
// ok: onesignal-rest-key
static NSString *const kPlain20 = @"os_v2_app_";
// ruleid: google-api-key
static NSString *const kValue24 = @"AIza" @"q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQ";
// ok: google-api-key
static NSString *const kPlain24 = @"AIzaYOUR_KEY";
