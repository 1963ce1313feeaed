import Authentication
import BucklerPrimitives
import CQREncode

/// A QR code (ISO/IEC 18004) as a square of dark and light modules, made by libqrencode.
package struct QRCode: Sendable {
    /// Modules per side, without the quiet zone.
    package let size: Int
    /// Row by row; true is dark.
    private let modules: [Bool]

    /// Encodes bytes with error correction M (15 % may be unreadable).
    ///
    /// Throws `QRCodeError.tooLong` beyond 2,331 bytes or for empty text.
    package init(_ text: SecretString) throws(QRCodeError) {
        let bytes = text.withExposedBytes { $0 }
        guard (1...2331).contains(bytes.count) else { throw .tooLong }
        guard let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M) else { throw .tooLong }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        size = width
        modules = (0..<width * width).map { code.pointee.data[$0] & 1 == 1 }
    }

    /// True if the module is dark; false outside the square, which is the quiet zone.
    package func isDark(row: Int, column: Int) -> Bool {
        guard (0..<size).contains(row), (0..<size).contains(column) else { return false }
        return modules[row * size + column]
    }

    /// The quiet zone's width that the standard demands.
    package static let quietZone = 4
}

/// Draws codes for the product: as a picture for pages and as text for terminals.
package struct QRCodeDrawer: QRCodeRenderer {
    /// Makes a drawer.
    package init() {}

    package func render(_ text: SecretString) throws(QRCodeError) -> QRCodeImages {
        let code = try QRCode(text)
        return QRCodeImages(svg: SecretString(Self.svg(code)), terminal: SecretString(Self.terminal(code)))
    }

    /// One path on white with the quiet zone; no scripts, no links, scales to any size.
    static func svg(_ code: QRCode) -> String {
        let side = code.size + 2 * QRCode.quietZone
        var path = ""
        for row in 0..<code.size {
            var column = 0
            while column < code.size {
                guard code.isDark(row: row, column: column) else {
                    column += 1
                    continue
                }
                let start = column
                while code.isDark(row: row, column: column) { column += 1 }
                let width = column - start
                path += "M\(start + QRCode.quietZone) \(row + QRCode.quietZone)h\(width)v1h-\(width)z"
            }
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" shape-rendering="crispEdges">\
            <path fill="#fff" d="M0 0h\(side)v\(side)H0z"/><path d="\(path)"/></svg>
            """
    }

    /// Two rows of modules per line of half blocks, light on dark as terminals are: a light module is a filled half, so
    /// the quiet zone is drawn too and the code reads on dark backgrounds.
    static func terminal(_ code: QRCode) -> String {
        let range = -QRCode.quietZone..<(code.size + QRCode.quietZone)
        return stride(from: range.lowerBound, to: range.upperBound, by: 2).map { row in
            String(
                range.map { column -> Character in
                    let upper = !code.isDark(row: row, column: column)
                    let lower = row + 1 < range.upperBound && !code.isDark(row: row + 1, column: column)
                    return switch (upper, lower) {
                    case (true, true): "█"
                    case (true, false): "▀"
                    case (false, true): "▄"
                    case (false, false): " "
                    }
                })
        }
        .joined(separator: "\n") + "\n"
    }
}
