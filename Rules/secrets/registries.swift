import Foundation

// Every value here is made up. They are written in two parts so that no scanner of pushes takes them for real ones.
enum RegistriesSamples {
    // ruleid: nuget-key
    static let value1 = "oy2a" + "ud97qz274m30zxnjbmhw8n34371swjorqnt67h8668"
    // ruleid: nuget-key
    static let value2 = "oy2a" + "cvkf58wveypd3joaphsw5ud6gzzzlqims02xynej51"
    // ok: nuget-key
    static let value3 = "oy2"
    // ok: nuget-key
    static let value4 = "oy2xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: artifactory-key
    static let value5 = "AKCp" + "kFGbLAuKfjrPfVoSIdcsvMlBvmtKgXDPzpd4q54ibJHNRPdZI2X14FYqVQxoJ3XHn8J85"
    // ruleid: artifactory-key
    static let value6 = "cmVmd" + "mVcC2CPI6fcubhtG9F3cs6pZHIcYijcTuLN8axrtxxTYb6HtR2TUAV4Byol"
    // ok: artifactory-key
    static let value7 = "AKCp"
    // ok: artifactory-key
    static let value8 = "cmVmdxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: docker-token
    static let value9 = "dckr_pat_" + "g7k4zeCkfeE5amNMCld7fPvxO9U"
    // ruleid: docker-token
    static let value10 = "dckr_pat_" + "oWKwS92lLpYlN9gkoZ5Z3m2lWTK"
    // ok: docker-token
    static let value11 = "dckr_pat_"
    // ok: docker-token
    static let value12 = "dckr_pat_xxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: rubygems-token
    static let value13 = "rubygems_" + "e31a595a116f7c4925fcbc454d505e3074bb5d4b2ba855e9"
    // ruleid: rubygems-token
    static let value14 = "rubygems_" + "b8ca5b5c0a1cd17e83b9319082c69dd1163ceb892c5b9e1a"
    // ok: rubygems-token
    static let value15 = "rubygems_"
    // ok: rubygems-token
    static let value16 = "rubygems_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
}
