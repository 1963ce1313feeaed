import BucklerPrimitives

/// One generation of tokens.
///
/// The access token stands beside the refresh token, so that another process of the app, or its next start, can use it
/// without a refresh of its own.
struct TokenRecord: Sendable {
    let refreshToken: SecretString
    let accessToken: SecretString
    let lifetime: Duration
    let obtained: SleepProofClock.Reading

    /// Reads a token response; nil if something that it promises is missing.
    init?(tokenResponse body: JSONObject, obtained: SleepProofClock.Reading) {
        guard body["token_type"]?.string?.lowercased() == "dpop", let access = body["access_token"]?.string,
            let refresh = body["refresh_token"]?.string, let lifetime = body["expires_in"]?.integer, lifetime >= 0
        else { return nil }
        refreshToken = SecretString(refresh)
        accessToken = SecretString(access)
        self.lifetime = .seconds(lifetime)
        self.obtained = obtained
    }

    /// Reads what `sealed` wrote; nil for anything else.
    init?(_ secret: SecretBytes) {
        guard let json = try? secret.withExposedBytes({ try StrictJSON.parseObject($0) }),
            let refresh = json["refresh"]?.string, let access = json["access"]?.string,
            let lifetime = json["lifetime"]?.integer, let boot = json["boot"]?.string,
            let ticks = json["ticks"]?.integer
        else { return nil }
        refreshToken = SecretString(refresh)
        accessToken = SecretString(access)
        self.lifetime = .seconds(lifetime)
        obtained = SleepProofClock.Reading(boot: boot, ticks: .milliseconds(ticks))
    }

    /// The bytes of the vault item.
    var secret: SecretBytes {
        refreshToken.withExposedText { refresh in
            accessToken.withExposedText { access in
                let json: JSONObject = [
                    "refresh": .string(refresh), "access": .string(access),
                    "lifetime": .integer(lifetime.wholeSeconds), "boot": .string(obtained.boot),
                    "ticks": .integer(obtained.ticks.wholeMilliseconds),
                ]
                return SecretBytes(JSONValue.object(json).serialized)
            }
        }
    }

    /// True while the access token has at least `margin` to live.
    ///
    /// After a restart of the device: false.
    func isFresh(_ now: SleepProofClock.Reading, margin: Duration) -> Bool {
        guard let age = now.elapsed(since: obtained) else { return false }
        return age + margin < lifetime
    }
}
