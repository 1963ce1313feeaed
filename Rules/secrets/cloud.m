#import <Foundation/Foundation.h>

// ruleid: aws-access-key-id
static NSString *const kValue4 = @"AKIA" @"Q7ZT4LMX2VKC3RBW";
// ok: aws-access-key-id
static NSString *const kPlain4 = @"AKIAIOSFODNN7EXAMPLE";
// ruleid: azure-storage-key
static NSString *const kValue8 = @"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=" @"Qm7/Zt4L+X9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0BQm7/Zt4L+X9vKc2RbW8nYd==";
// ok: azure-storage-key
static NSString *const kPlain8 = @"AccountKey=<your-account-key>";
// ruleid: azure-shared-access-key
static NSString *const kValue12 = @"Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=" @"Qm7/Zt4L+X9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyV=";
// ok: azure-shared-access-key
static NSString *const kPlain12 = @"SharedAccessKey=<key>";
// ruleid: azure-client-secret
static NSString *const kValue16 = @"q7Z" @"8Q~LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxN";
// ok: azure-client-secret
static NSString *const kPlain16 = @"Q~ is no secret";
// ruleid: google-oauth-secret
static NSString *const kValue20 = @"GOCSPX-" @"q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp";
// ok: google-oauth-secret
static NSString *const kPlain20 = @"GOCSPX-";
// ruleid: firebase-server-key
static NSString *const kValue24 = @"AAAA" @"q7Zt4Lm:APA91bq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX9v";
// ok: firebase-server-key
static NSString *const kPlain24 = @"AAAAq7Zt4Lm:APA91b";
// ruleid: digitalocean-token
static NSString *const kValue28 = @"dop_" @"v1_3f9a1c7e5b2d8046c1e7a9f35d0b82469e1f7c3a5d8b06e24f9c7a1b3d5e8f02";
// ok: digitalocean-token
static NSString *const kPlain28 = @"dop_v1_";
// ruleid: heroku-key
static NSString *const kValue32 = @"HRKU-" @"AAq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFe";
// ok: heroku-key
static NSString *const kPlain32 = @"HRKU-AA";
// ruleid: alibaba-access-key
static NSString *const kValue36 = @"LTAI" @"5tq7Zt4LmX9vKc2RbW8n";
// ok: alibaba-access-key
static NSString *const kPlain36 = @"LTAI5t";
