import BucklerPrimitives

/// The `Date` field's form of an instant: IMF-fixdate, such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
///
/// For years 0 to 9999 of the Gregorian calendar, in UTC; the milliseconds are dropped.
package enum HTTPDate {
    /// The text of `instant`, always 29 bytes.
    package static func text(_ instant: Timestamp) -> String {
        let (days, second) = floorDivision(instant.seconds, 86_400)
        let date = civil(daysSince1970: days)
        // 1970-01-01 was a Thursday.
        let weekday = Self.weekdays[Int(floorDivision(days + 4, 7).remainder)]
        let time = [second / 3600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
        return
            "\(weekday), \(padded(date.day, 2)) \(Self.months[Int(date.month) - 1]) \(padded(date.year, 4)) \(time) GMT"
    }

    /// Day, month and year of a day number: years begin in March here, so that a leap day is the last of its year.
    private static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivision(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func floorDivision(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
