#import <Foundation/Foundation.h>

// ruleid: openai-key
static NSString *const kValue4 = @"sk-proj-" @"q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7";
// ok: openai-key
static NSString *const kPlain4 = @"sk-proj-";
// ruleid: anthropic-key
static NSString *const kValue8 = @"sk-ant-api03-" @"q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaAA";
// ok: anthropic-key
static NSString *const kPlain8 = @"sk-ant-";
