import Foundation

// Every value here is made up. They are written in two parts so that no scanner of pushes takes them for real ones.
enum IntelligenceSamples {
    // ruleid: openai-key
    static let value1 = "sk-proj-" + "q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7"
    // ruleid: openai-key
    static let value2 = "sk-" + "q7Zt4LmX9vKc2RbW8nYdT3BlbkFJmX9vKc2RbW8nYd5HsJ3f"
    // ok: openai-key
    static let value3 = "sk-proj-"
    // ok: openai-key
    static let value4 = "sk-your-key-here-please-do-not-commit-it"
    // ruleid: anthropic-key
    static let value5 = "sk-ant-api03-" + "q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaAA"
    // ruleid: anthropic-key
    static let value6 = "sk-ant-admin01-" + "Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1AA"
    // ok: anthropic-key
    static let value7 = "sk-ant-"
    // ok: anthropic-key
    static let value8 = "sk-ant-api03-xxxx"
    // ok: anthropic-key
    static let wrongEnd = "sk-ant-api03-q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaBB"
}
