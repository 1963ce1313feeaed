import Authentication
import BucklerPrimitives

extension AuthenticationSQLTransaction {
    func chargeBudget(_ key: BudgetKey, window: BudgetWindow, at now: Timestamp) throws(StoreError) -> BudgetReading {
        try rename(key)
        let (length, slides) =
            switch window {
            case .fixed(let duration): (duration, false)
            case .sliding(let duration): (duration, true)
            }
        let end = now + length
        let rows = try connection.query(
            """
            INSERT INTO guessing_budget (budget, used, previous_at, charged_at, expires_at)
            VALUES (\(key.tag), 1, NULL, \(now), \(end))
            ON CONFLICT (budget) DO UPDATE SET
                used = CASE WHEN guessing_budget.expires_at <= \(now) THEN 1 ELSE guessing_budget.used + 1 END,
                previous_at = CASE WHEN guessing_budget.expires_at <= \(now) THEN NULL
                                   ELSE guessing_budget.charged_at END,
                charged_at = \(now),
                expires_at = CASE WHEN guessing_budget.expires_at <= \(now) OR \(slides) = 1 THEN \(end)
                                  ELSE guessing_budget.expires_at END
            RETURNING used, previous_at, expires_at
            """)
        guard let row = rows.first else { throw .inconsistent }
        return try Self.reading(row)
    }

    func budget(_ key: BudgetKey, at now: Timestamp) throws(StoreError) -> BudgetReading? {
        var rows: [SQLRow] = []
        for tag in [key.tag] + key.formerTags {
            rows += try connection.query(
                "SELECT used, charged_at, expires_at FROM guessing_budget WHERE budget = \(tag) AND expires_at > \(now)"
            )
        }
        return try rows.first.map(Self.reading)
    }

    func undoCharge(_ key: BudgetKey, _ reading: BudgetReading, window: BudgetWindow) throws(StoreError) {
        guard let previous = reading.previousAt else {
            try connection.execute("DELETE FROM guessing_budget WHERE budget = \(key.tag)")
            return
        }
        let end =
            switch window {
            case .fixed: reading.expiresAt
            // What was not evaluated does not lengthen the memory either.
            case .sliding(let length): previous + length
            }
        try connection.execute(
            """
            UPDATE guessing_budget SET used = used - 1, charged_at = \(previous), expires_at = \(end)
            WHERE budget = \(key.tag)
            """)
    }

    func refundBudget(_ key: BudgetKey) throws(StoreError) {
        try rename(key)
        try connection.execute("UPDATE guessing_budget SET used = used - 1 WHERE budget = \(key.tag) AND used > 0")
    }

    func clearBudgets(_ keys: [BudgetKey]) throws(StoreError) {
        for tag in keys.flatMap({ [$0.tag] + $0.formerTags }) {
            try connection.execute("DELETE FROM guessing_budget WHERE budget = \(tag)")
        }
    }

    /// Brings a budget that stands under an earlier key's tag to the present one: what was used stays used.
    private func rename(_ key: BudgetKey) throws(StoreError) {
        for former in key.formerTags {
            try connection.execute(
                """
                UPDATE guessing_budget SET budget = \(key.tag) WHERE budget = \(former)
                    AND NOT EXISTS (SELECT 1 FROM guessing_budget WHERE budget = \(key.tag))
                """)
        }
    }

    private static func reading(_ row: SQLRow) throws(StoreError) -> BudgetReading {
        BudgetReading(
            count: Int(try row.integer(0)), previousAt: row.isNull(1) ? nil : try row.timestamp(1),
            expiresAt: try row.timestamp(2))
    }
}
