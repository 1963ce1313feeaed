import BucklerPrimitives

/// Why no code was drawn.
package enum QRCodeError: Error, Equatable, Sendable {
    /// Empty, or more bytes than a QR code holds.
    case tooLong
}

/// A QR code in the two forms that the product shows.
///
/// Secret: who sees the picture has the seed.
package struct QRCodeImages: Sendable {
    /// A complete SVG document, black on white, with quiet zone.
    package let svg: SecretString
    /// Lines of half blocks for a terminal, with quiet zone.
    package let terminal: SecretString

    /// Takes both.
    package init(svg: SecretString, terminal: SecretString) {
        self.svg = svg
        self.terminal = terminal
    }
}

/// The port to a drawer of QR codes.
package protocol QRCodeRenderer: Sendable {
    /// Draws `text`.
    func render(_ text: SecretString) throws(QRCodeError) -> QRCodeImages
}
