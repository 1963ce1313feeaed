import BucklerPrimitives

/// One piece of a mail.
///
/// Both forms, text and HTML, are made from the same pieces, so they cannot say different things.
enum MailBlock {
    /// A sentence or two.
    case paragraph(String)
    /// The one thing to type; large and easy to read.
    case code(SecretString)
    /// A list of names and values.
    case facts([(name: String, value: String)])
    /// What to do if this mail comes as a surprise; set apart.
    case warning(String)
}

/// The one look of all mails: no pictures, no links, no scripts, nothing from elsewhere.
///
/// A mail that cannot be clicked cannot be imitated usefully by one that can, and a scanner that opens everything
/// changes nothing (PD-10).
struct MailLayout {
    let serviceName: MailHeaderText

    /// Both forms of a mail.
    func render(title: String, blocks: [MailBlock]) -> (text: SecretString, html: SecretString) {
        (SecretString(text(title, blocks)), SecretString(html(title, blocks)))
    }

    private func text(_ title: String, _ blocks: [MailBlock]) -> String {
        var parts = [title]
        for block in blocks {
            switch block {
            case .paragraph(let sentence): parts.append(Self.wrapped(sentence))
            case .code(let code): parts.append(code.withExposedText { "    \($0)" })
            case .facts(let facts): parts.append(facts.map { "  \($0.name): \($0.value)" }.joined(separator: "\n"))
            case .warning(let sentence): parts.append(Self.wrapped(sentence))
            }
        }
        parts.append("--\n" + Self.wrapped(footer))
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func html(_ title: String, _ blocks: [MailBlock]) -> String {
        let inner = blocks.map(Self.html).joined(separator: "\n")
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>\(HTML.escaped(title))</title>
            </head>
            <body style="margin:0;padding:24px;background:#f4f4f2;color:#1d1d1b;\
            font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
            <div style="max-width:520px;margin:0 auto;padding:32px;background:#ffffff;\
            border:1px solid #deded9;border-radius:8px">
            <p style="margin:0 0 24px;font-size:14px;color:#6b6b66">\(HTML.escaped(serviceName.text))</p>
            <h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600">\(HTML.escaped(title))</h1>
            \(inner)
            </div>
            <p style="max-width:520px;margin:16px auto 0;font-size:13px;color:#6b6b66">\(HTML.escaped(footer))</p>
            </body>
            </html>

            """
    }

    private static func html(_ block: MailBlock) -> String {
        switch block {
        case .paragraph(let sentence):
            return "<p style=\"margin:0 0 16px\">\(HTML.escaped(sentence))</p>"
        case .code(let code):
            let style =
                "margin:0 0 16px;padding:16px;background:#f4f4f2;border-radius:6px;text-align:center;"
                + "font:600 28px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:4px;color:#1d1d1b"
            return "<p style=\"\(style)\">\(code.withExposedText(HTML.escaped))</p>"
        case .facts(let facts):
            let rows = facts.map { fact in
                "<tr><td style=\"padding:4px 16px 4px 0;color:#6b6b66\">\(HTML.escaped(fact.name))</td>"
                    + "<td style=\"padding:4px 0\">\(HTML.escaped(fact.value))</td></tr>"
            }
            return
                "<table style=\"margin:0 0 16px;border-collapse:collapse\">\(rows.joined())</table>"
        case .warning(let sentence):
            let style = "margin:0;padding:12px 16px;border-left:4px solid #b4560c;background:#fdf3e7;color:#5c2d06"
            return "<p style=\"\(style)\">\(HTML.escaped(sentence))</p>"
        }
    }

    private var footer: String {
        "\(serviceName.text) sends this mail because of something that happened with your account. "
            + "It holds no links: we never ask you to open one, and never ask for your password by mail."
    }

    /// Breaks at spaces so that lines stay at 72 characters where words allow it.
    private static func wrapped(_ sentence: String) -> String {
        var lines = [""]
        for word in sentence.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if line.count + 1 + word.count <= 72 {
                lines[lines.count - 1] = "\(line) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.joined(separator: "\n")
    }
}

/// Text inside HTML.
enum HTML {
    /// Escapes the five characters that could leave text or an attribute; control characters become U+FFFD.
    static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            case _ where scalar.value < 0x20 && scalar != "\n": output += "\u{FFFD}"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
