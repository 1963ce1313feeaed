import BucklerPrimitives

/// Rows of queued mail inside one transaction.
package protocol OutboxTransaction {
}
