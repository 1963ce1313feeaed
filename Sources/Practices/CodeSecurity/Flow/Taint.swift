/// Follow values from where they come in to where they must not arrive.
package struct TaintSearch: Sendable {
    package let sources: [Formula]
    package let sinks: [Formula]
    package let sanitizers: [Formula]
}
