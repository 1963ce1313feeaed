// ruleid: aws-secret-key
static NSString *const kAWSSecretKey = @"9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIr";
// ruleid: algolia-admin-key
#define ALGOLIA_ADMIN_API_KEY @"9e1f7c3a5d8b06e24f9c7a1b3d5e8f02"
// ok: algolia-admin-key
#define ALGOLIA_APP_ID @"7Q2L9XKD0P"
// ruleid: facebook-app-secret
static NSString *const FBAppSecret = @"9e1f7c3a5d8b06e24f9c7a1b3d5e8f02";
// ok: facebook-app-secret
static NSString *const FBAppID = @"918273645091827";
// ruleid: plaid-secret
NSString *plaidSecret = @"9e1f7c3a5d8b06e24f9c7a1b3d5e8f";
// ok: plaid-secret
NSString *plaidClientName = @"Budget";
// ruleid: twilio-key
NSString *twilioAuthToken = @"9e1f7c3a5d8b06e24f9c7a1b3d5e8f02";
