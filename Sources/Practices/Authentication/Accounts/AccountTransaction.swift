import BucklerPrimitives

/// Rows of accounts, factors, recovery codes and known devices inside one transaction.
package protocol AccountTransaction {
}
