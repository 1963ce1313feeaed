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
    // ruleid: model-service-key
    static let value9 = "gsk_" + "q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSb"
    // ruleid: model-service-key
    static let value10 = "sk-or-" + "v1-3f9a1c7e5b2d8046c1e7a9f35d0b82469e1f7c3a5d8b06e24f9c7a1b3d5e8f02"
    // ok: model-service-key
    static let value11 = "hf_"
    // ok: model-service-key
    static let value12 = "xai-"
}
