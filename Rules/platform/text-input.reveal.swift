import SwiftUI

struct RevealView: View {
    @Binding var password: String
    let isRevealed: Bool

    var body: some View {
        if isRevealed {
            // ok: secret-field-in-clear
            TextField("Password", text: $password)
        } else {
            SecureField("Password", text: $password)
        }
    }
}
