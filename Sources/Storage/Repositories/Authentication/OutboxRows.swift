import Authentication
import BucklerPrimitives

extension AuthenticationSQLTransaction: OutboxTransaction {
}
