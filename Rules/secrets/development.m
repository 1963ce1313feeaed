#import <Foundation/Foundation.h>

// ruleid: github-token
static NSString *const kValue4 = @"ghp_" @"q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6T0ugSNE";
// ok: github-token
static NSString *const kPlain4 = @"ghp_q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQw";
// ruleid: github-fine-grained-token
static NSString *const kValue8 = @"github_pat_" @"q7Zt4LmX9vKc2RbW8nYd5H_q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeA";
// ok: github-fine-grained-token
static NSString *const kPlain8 = @"github_pat_";
// ruleid: gitlab-token
static NSString *const kValue12 = @"glpat-" @"q7Zt4LmX9vKc2RbW8nYd";
// ok: gitlab-token
static NSString *const kPlain12 = @"glpat-";
// ruleid: npm-token
static NSString *const kValue16 = @"npm_" @"Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE2TC4DC";
// ok: npm-token
static NSString *const kPlain16 = @"npm_q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQw";
// ruleid: pypi-token
static NSString *const kValue20 = @"pypi-" @"AgEIcHlwaS5vcmcq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX";
// ok: pypi-token
static NSString *const kPlain20 = @"pypi-AgEIcHlwaS5vcmc";
