import BucklerPrimitives

/// Rows of flows, pending sign-ups, authorization codes and guessing budgets inside one transaction.
package protocol FlowTransaction {
}
