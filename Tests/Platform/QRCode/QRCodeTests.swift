import Authentication
import BucklerPrimitives
import Foundation
import TestSupport
import Testing

@testable import QRCode

@Suite("QR codes")
struct QRCodeTests {
    static let uri = SecretString(
        "otpauth://totp/Notes:ann%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Notes"
    )

    @Test("a code has finder patterns in three corners and a quiet zone around it")
    func shape() throws {
        let code = try QRCode(Self.uri)
        #expect((code.size - 17).isMultiple(of: 4))
        for (row, column) in [(0, 0), (0, code.size - 7), (code.size - 7, 0)] {
            #expect((0..<7).allSatisfy { code.isDark(row: row, column: column + $0) })
            #expect((1..<6).allSatisfy { !code.isDark(row: row + 1, column: column + $0) })
            #expect(code.isDark(row: row + 3, column: column + 3))
        }
        #expect(!code.isDark(row: -1, column: 0))
        #expect(!code.isDark(row: 0, column: code.size))
    }

    @Test("the picture is one SVG that refers to nothing")
    func svg() throws {
        let svg = try QRCodeDrawer().render(Self.uri).svg.withExposedText { $0 }
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
        for forbidden in ["<script", "href", "url(", "<image", "style", "secret"] { #expect(!svg.contains(forbidden)) }
        #expect(svg.count { $0 == "<" } == svg.count { $0 == ">" } && svg.hasSuffix("</svg>"))
        #expect(svg.count { $0 == "\"" }.isMultiple(of: 2))
    }

    @Test("the terminal's lines draw the quiet zone and are equally wide")
    func terminal() throws {
        let code = try QRCode(Self.uri)
        let lines = try QRCodeDrawer().render(Self.uri).terminal.withExposedText { text in
            text.split(separator: "\n").map(Array.init)
        }
        #expect(lines.count == (code.size + 8 + 1) / 2)
        #expect(lines.allSatisfy { $0.count == code.size + 8 })
        #expect(lines[0].allSatisfy { $0 == "█" })
        #expect(lines[1].allSatisfy { $0 == "█" })
        #expect(lines.allSatisfy { $0.prefix(4).allSatisfy { "█▀".contains($0) } })
    }

    @Test("empty and too long texts are refused", arguments: [0, 2332, 100_000])
    func tooLong(count: Int) {
        let text = SecretString(String(repeating: "x", count: count))
        #expect(throws: QRCodeError.tooLong) { try QRCode(text) }
    }

    @Test("the longest text still fits")
    func longest() throws {
        #expect(try QRCode(SecretString(String(repeating: "x", count: 2331))).size == 177)
    }

    @Test("a foreign reader finds the text", .enabled(if: Reader.path != nil, "zbarimg is not installed"))
    func foreignReader() throws {
        let code = try QRCode(Self.uri)
        let scale = 6
        let side = (code.size + 8) * scale
        var image = Data("P5\n\(side) \(side)\n255\n".utf8)
        for row in 0..<side {
            for column in 0..<side {
                image.append(code.isDark(row: row / scale - 4, column: column / scale - 4) ? 0 : 255)
            }
        }
        let folder = try TemporaryFolder()
        try image.write(to: folder.url("code.pgm"))
        let text = try Reader.read(folder.url("code.pgm").path)
        #expect(Self.uri.withExposedText { text == $0 })
    }
}

private enum Reader {
    static let path = ForeignProgram.first(of: ["/usr/bin/zbarimg", "/usr/local/bin/zbarimg"])

    static func read(_ file: String) throws -> String {
        try ForeignProgram.run([path ?? "zbarimg", "--quiet", "--raw", file]).text
    }
}
