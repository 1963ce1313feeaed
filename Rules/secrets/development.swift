import Foundation

// Every value here is made up. They are written in two parts so that no scanner of pushes takes them for real ones.
enum DevelopmentSamples {
    // ruleid: github-token
    static let value1 = "ghp_" + "q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6T0ugSNE"
    // ruleid: github-token
    static let value2 = "gho_" + "9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCx4XR10d"
    // ok: github-token
    static let value3 = "ghp_q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQw"
    // ok: github-token
    static let value4 = "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: github-fine-grained-token
    static let value5 = "github_pat_" + "q7Zt4LmX9vKc2RbW8nYd5H_q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeA"
    // ruleid: github-fine-grained-token
    static let value6 = "github_pat_" + "4LmX9vKc2RbW8nYd5HsJ3f_LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7"
    // ok: github-fine-grained-token
    static let value7 = "github_pat_"
    // ok: github-fine-grained-token
    static let value8 = "github_pat_11EXAMPLE0000000000000_q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeA"
    // ruleid: gitlab-token
    static let value9 = "glpat-" + "q7Zt4LmX9vKc2RbW8nYd"
    // ruleid: gitlab-token
    static let value10 = "gldt-" + "t4LmX9vKc2RbW8nYd5Hs"
    // ok: gitlab-token
    static let value11 = "glpat-"
    // ok: gitlab-token
    static let value12 = "glpat-xxxxxxxxxxxxxxxxxxxx"
    // ruleid: npm-token
    static let value13 = "npm_" + "Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE2TC4DC"
    // ruleid: npm-token
    static let value14 = "npm_" + "c2RbW8nYd5HsJ3fGp6TaE1uQwCxNyV1zxFn7"
    // ok: npm-token
    static let value15 = "npm_q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQw"
    // ok: npm-token
    static let value16 = "npm_config_registry_value"
    // ruleid: pypi-token
    static let value17 = "pypi-" + "AgEIcHlwaS5vcmcq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX"
    // ruleid: pypi-token
    static let value18 = "pypi-" + "AgEIcHlwaS5vcmc4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE"
    // ok: pypi-token
    static let value19 = "pypi-AgEIcHlwaS5vcmc"
    // ok: pypi-token
    static let value20 = "pypi-token"
}
