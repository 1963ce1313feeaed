struct Settings: View {
    // ruleid: consent-preset
    @State var marketingConsent = true
    // ruleid: consent-preset
    @AppStorage("analytics") var analyticsEnabled = true
    // ok: consent-preset
    @State var trackingAllowed = false
    // ok: consent-preset
    @State var showsConsent = true
}
