import Authentication
import BucklerPrimitives

/// A mail as bytes for the wire and for files (RFC 5322, RFC 2045–2047).
///
/// Two alternatives, plain text first, each quoted-printable: every line is ASCII and at most 76 characters, so no
/// station has a reason to change it. Headers come from types that hold no control character, so none can be added.
package enum MailBytes {
    /// The whole message, lines ended by CRLF, with the header fields in a fixed order.
    package static func encode(_ mail: OutgoingMail, from sender: MailSender) -> [UInt8] {
        let boundary = "=_buckler_\(Hex.encode(mail.id.bytes))"
        let domain = sender.address.canonical.split(separator: "@").last.map(String.init) ?? "localhost"
        let headers = [
            "Date: \(date(mail.date))",
            "From: \(from(sender))",
            "To: <\(mail.message.recipient.canonical)>",
            "Message-ID: <\(mail.id.text)@\(domain)>",
            "Subject: \(encodedWords(mail.message.subject.text, after: "Subject: ".count))",
            "MIME-Version: 1.0",
            // RFC 3834 §5: nobody's holiday notice answers this.
            "Auto-Submitted: auto-generated",
            "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"",
        ]
        var bytes = Array((headers.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        for (type, content) in [("text/plain", mail.message.text), ("text/html", mail.message.html)] {
            bytes += Array("--\(boundary)\r\nContent-Type: \(type); charset=utf-8\r\n".utf8)
            bytes += Array("Content-Transfer-Encoding: quoted-printable\r\n\r\n".utf8)
            bytes += content.withExposedText { QuotedPrintable.encode(lines: $0) }
        }
        return bytes + Array("--\(boundary)--\r\n".utf8)
    }

    private static func from(_ sender: MailSender) -> String {
        guard let name = sender.name else { return "<\(sender.address.canonical)>" }
        return "\(encodedWords(name.text, after: "From: ".count)) <\(sender.address.canonical)>"
    }

    /// RFC 5322 §3.3 in UTC.
    static func date(_ instant: Timestamp) -> String {
        let (days, second) = instant.seconds.quotientAndRemainder(dividingBy: 86_400, flooring: ())
        let (year, month, day) = civil(daysSinceEpoch: days)
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int(((days % 7) + 7) % 7)]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let clock = [second / 3600, second / 60 % 60, second % 60].map(twoDigits).joined(separator: ":")
        return "\(weekday), \(twoDigits(day)) \(months[Int(month) - 1]) \(year) \(clock) +0000"
    }

    /// `20260102T030405Z`, which sorts as time does.
    static func compactDate(_ instant: Timestamp) -> String {
        let (days, second) = instant.seconds.quotientAndRemainder(dividingBy: 86_400, flooring: ())
        let (year, month, day) = civil(daysSinceEpoch: days)
        let clock = [second / 3600, second / 60 % 60, second % 60].map(twoDigits).joined()
        return "\(year)\(twoDigits(month))\(twoDigits(day))T\(clock)Z"
    }

    /// The proleptic Gregorian date of a day number (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    private static func civil(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Header text as it is if it is harmless ASCII that fits the line, else as encoded words (RFC 2047, form B).
    ///
    /// Words of at most 39 bytes of UTF-8, never cutting a character, folded one to a line of at most 76 characters.
    static func encodedWords(_ text: String, after prefix: Int) -> String {
        let isPlain = text.utf8.allSatisfy { plainHeaderBytes.contains($0) }
        if isPlain, prefix + text.utf8.count <= 70, !text.hasPrefix(" "), !text.hasSuffix(" ") { return text }
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if words[words.count - 1].count + bytes.count > 39 { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?utf-8?B?\(Base64.encode($0))?=" }.joined(separator: "\r\n ")
    }

    /// Letters, digits, space and signs that mean nothing in an address header (RFC 5322 §3.2.3 atoms).
    private static let plainHeaderBytes = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -!#$%&'*+/^_".utf8)
}

extension Int64 {
    /// Division that rounds down, so that instants before 1970 have dates too.
    fileprivate func quotientAndRemainder(dividingBy divisor: Int64, flooring: Void) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// Base64 with padding (RFC 4648 §4), for encoded words.
private enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        let text = Base64URL.encode(bytes)
        let standard = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        return String(standard) + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }
}

/// Quoted-printable (RFC 2045 §6.7).
enum QuotedPrintable {
    /// Encodes lines separated by LF; every line ends in CRLF, also the last.
    static func encode(lines text: String) -> [UInt8] {
        var output: [UInt8] = []
        var lines = Array(text.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for line in lines {
            encode(line, into: &output)
            output += [13, 10]
        }
        return output
    }

    private static func encode(_ line: ArraySlice<UInt8>, into output: inout [UInt8]) {
        var column = 0
        for (index, byte) in zip(line.indices, line) {
            let isLast = index == line.endIndex - 1
            var token = token(for: byte, isFirst: column == 0, isLast: isLast)
            // 76 with the soft break's `=`; the last token of a line needs no break after it.
            if column + token.count > (isLast ? 76 : 75) {
                output += [UInt8(ascii: "="), 13, 10]
                column = 0
                token = Self.token(for: byte, isFirst: true, isLast: isLast)
            }
            output += token
            column += token.count
        }
    }

    /// Dots at the start of a line are written out, so that even a station that forgets dot-stuffing does no harm.
    private static func token(for byte: UInt8, isFirst: Bool, isLast: Bool) -> [UInt8] {
        let isWhite = byte == 0x20 || byte == 0x09
        let isPlain = (33...126).contains(byte) && byte != UInt8(ascii: "=") && !(isFirst && byte == UInt8(ascii: "."))
        if isPlain || (isWhite && !isLast) { return [byte] }
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
