/// Which files are read as text: settings, scripts, keys and pages, where secrets stand although no front end knows them.
///
/// Everything is lower-cased; Fastlane and others take their names in either case.
enum TextFileNames {
    /// Extensions.
    static let endings: Set<String> = [
        // Settings.
        "strings", "yaml", "yml", "env", "properties", "toml", "cfg", "conf", "cnf", "ini", "tf", "tfvars", "hcl",
        "ovpn",
        // Keys.
        "pem", "key", "p8", "asc", "pgp", "ppk",
        // Scripts and builds.
        "sh", "bash", "zsh", "fish", "ps1", "bat", "cmd", "rb", "podspec", "gemspec", "rake", "py", "js", "mjs", "cjs",
        "jsx",
        "ts", "tsx", "gradle", "dockerfile", "mk", "cmake",
        // Pages.
        "txt", "md", "markdown", "rst", "adoc", "html", "htm", "http",
    ]

    /// Whether a file without a telling extension is one of ``names``, or one of ``families`` with an addition behind a dot.
    static func hold(_ name: String) -> Bool {
        if names.contains(name) { return true }
        return families.contains { name == $0 || name.hasPrefix($0 + ".") }
    }

    /// Whole names.
    private static let names: Set<String> = [
        // Credentials of tools.
        ".npmrc", ".yarnrc", ".netrc", "_netrc", ".pypirc", ".gemrc", ".git-credentials", ".gitconfig", ".dockercfg",
        ".dockerconfigjson", ".htpasswd", ".pgpass", ".s3cfg", ".boto", ".curlrc", ".wgetrc", ".terraformrc",
        ".flaskenv",
        ".envrc", ".swiftpmrc", "credentials", "kubeconfig",
        // Shells.
        ".bashrc", ".zshrc", ".profile", ".bash_profile", ".zprofile", ".bash_history", ".zsh_history",
        // Keys of SSH.
        "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519",
        // Builds of apps.
        "appfile", "deliverfile", "gymfile", "scanfile", "snapfile", "matchfile", "pluginfile", "precheckfile",
        "podfile",
        "gemfile", "rakefile", "dangerfile", "brewfile", "cartfile", "makefile", "gnumakefile", "jenkinsfile",
        "vagrantfile",
        "procfile",
    ]

    /// Names that also come with an addition: `.env.production`, `Dockerfile.release`.
    private static let families = [".env", "fastfile", "dockerfile", "containerfile"]
}
