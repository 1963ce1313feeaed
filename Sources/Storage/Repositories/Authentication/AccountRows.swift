import Authentication
import BucklerPrimitives

extension AuthenticationSQLTransaction: AccountTransaction {
}
