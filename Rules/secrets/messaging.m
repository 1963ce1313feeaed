#import <Foundation/Foundation.h>

// ruleid: slack-token
static NSString *const kValue4 = @"xoxb-" @"9182736450-9182736450123-q7Zt4LmX9vKc2RbW8nYd5HsJ";
// ok: slack-token
static NSString *const kPlain4 = @"xoxb-";
// ruleid: slack-webhook
static NSString *const kValue8 = @"https://hooks.slack" @".com/services/T9ZT4LMX2/B5HSJ3FGP/q7Zt4LmX9vKc2RbW8nYd5HsJ";
// ok: slack-webhook
static NSString *const kPlain8 = @"https://hooks.slack.com/services/";
// ruleid: teams-webhook
static NSString *const kValue12 = @"https://acme.webhook.office.com/webhookb2/" @"3f9a1c7e-5b2d-8046-c1e7-a9f35d0b8246@9e1f7c3a-5d8b-06e2-4f9c-7a1b3d5e8f02/IncomingWebhook/3f9a1c7e5b2d8046c1e7a9f35d0b8246/3f9a1c7e-5b2d-8046-c1e7-a9f35d0b8246";
// ok: teams-webhook
static NSString *const kPlain12 = @"https://acme.webhook.office.com/";
// ruleid: discord-webhook
static NSString *const kValue16 = @"https://discord" @".com/api/webhooks/918273645091827364/q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4L";
// ok: discord-webhook
static NSString *const kPlain16 = @"https://discord.com/api/webhooks/";
// ruleid: telegram-bot-token
static NSString *const kValue20 = @"918273645:" @"AAq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1";
// ok: telegram-bot-token
static NSString *const kPlain20 = @"12345678:AA";
// ruleid: sendgrid-key
static NSString *const kValue24 = @"SG." @"q7Zt4LmX9vKc2RbW8nYd5H.q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM";
// ok: sendgrid-key
static NSString *const kPlain24 = @"SG.Strings.title";
