import Authentication
import BucklerPrimitives

extension AuthenticationSQLTransaction: FlowTransaction {
}
