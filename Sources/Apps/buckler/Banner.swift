import BucklerAssembly
import BucklerPrimitives
import ServerConfiguration

/// Ten lines: what runs, where, and what to try.
struct Banner {
    let settings: ServerSettings
    let elapsed: Duration

    var lines: [String] {
        let isDevelopment = settings.mode == .development
        let ca = "\(settings.data)/dev-ca.pem"
        return [
            "Buckler \(ProductVersion.text), \(isDevelopment ? "development mode: for this machine only" : "production"), ready in \(elapsed.wholeMilliseconds) ms",
            "  public      \(settings.publicURL)  (issuer \(settings.issuer), listening on \(settings.listen))",
            "  upstream    \(settings.upstream.url)  (audience \(settings.upstream.audience))",
            "  operations  http://\(settings.operations)/health, /metrics",
            "  data        \(settings.data)",
            "  keys        \(settings.keys)  (never in a backup of the data)",
            "  mail        \(mail)",
            isDevelopment
                ? "  try         curl --cacert \(ca) \(settings.publicURL)/notes"
                : "  look        buckler doctor, buckler admin events tail",
            isDevelopment
                ? lan : "  note        apps are not attested yet: treat the sign-in endpoint as open to any program",
            "  stop        Ctrl-C (SIGTERM drains; SIGHUP reads certificates again)",
        ]
    }

    private var mail: String {
        switch settings.mail.transport {
        case .smtp(let server, _, _, _): "\(server)"
        case .files(let folder): "files in \(folder)"
        }
    }

    private var lan: String {
        guard let name = settings.lan else {
            return "  note        apps are not attested yet: any program may sign in as a configured client"
        }
        return "  WARNING     reachable from this network as \(name); never do this in a network of strangers"
    }
}
