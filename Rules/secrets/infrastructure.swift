import Foundation

// Every value here is made up. They are written in two parts so that no scanner of pushes takes them for real ones.
enum InfrastructureSamples {
    // ruleid: vault-token
    static let value1 = "hvb." + "EhfxLWdPVT1LyMZb5uVOAD-_Q5qmEGd5VFx3R1hdy0HwOKtPxTzvUrt-l-k4KXEGM7lkHGIxwNHIiD2bjkko8nQoMxfJPZuUKmRmtVCFEm_w7NAFaF63DxfQ9FyvphYuMVMtvCVfkxmHBZLeD4vVoZ"
    // ruleid: vault-token
    static let value2 = "hvr." + "UyfL7IkcYzqEg_jdwXcoq2FGRLAqjX3DFQsWaeXXc0NlFyMf9Ja7EJ3qRzp1iwBZ1DB74j50B_btzf4AGjO9OrWDbDaFlFTOhDyL"
    // ok: vault-token
    static let value3 = "hvb.AAAA"
    // ok: vault-token
    static let value4 = "hvb.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: terraform-cloud-token
    static let value5 = "QFb8MeFqsE8TFs.atlas" + "v1.GaVa2SgtsyQdFRcS6sIqDpWvHc6zZ8OxKs0AP5SbqWQGtvT4qX5wyiVhSECeG6nXsnl"
    // ruleid: terraform-cloud-token
    static let value6 = "CR17JDFbq3PtCk.atlas" + "v1.JtW0t9DLC4Ub7eNcL5Hm1yR0nhlJXKOvvVPwBJ8HKOGoDAD9LSrs5DuNjJKxrQYeO8v"
    // ok: terraform-cloud-token
    static let value7 = "token.atlasv1.value"
    // ok: terraform-cloud-token
    static let value8 = "xxxxxxxxxxxxxx.atlasv1.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: fly-token
    static let value9 = "fo1_" + "ET1JLgszrgYFtZihY6Rzq4dqDNMRmKsLnnTzX3Ck8NK"
    // ruleid: fly-token
    static let value10 = "FlyV1 fm2_" + "2Jn4kbE1bdGmhXhKT2nUMgdBNEU7z+gYMLOp8m9TjcwIg5gPoUy0lBZF7b1qg41V9cFndXLEXUAMY4d9aE2Zn5nSqn7wFh7bpoEd90HQ81VpL6vS4bC5v/SweQ582e7Pq2Zh2iGrcFfVty71yEOJJDKwrFMjdASs"
    // ok: fly-token
    static let value11 = "fo1_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ok: fly-token
    static let value12 = "FlyV1 fm2_token"
    // ruleid: databricks-token
    static let value13 = "dapi" + "95ab5984bf2484894a20ce027aa84b1a"
    // ruleid: databricks-token
    static let value14 = "dapi" + "1cf05f3518b25a5321bd677cdfb319f4-3"
    // ok: databricks-token
    static let value15 = "dapi00000000000000000000000000000000"
    // ok: databricks-token
    static let value16 = "dapi123456789012345678a9bc01234defg5"
    // ruleid: grafana-token
    static let value17 = "glsa_" + "xAelF81gRqoSzj7U9lYfxIszuk5olni2_0674842f"
    // ruleid: grafana-token
    static let value18 = "glc_eyJ" + "0cNkRDlGO0MEZwZNcsFXNkAvtfC40MaeKfY1aV7EoCpciIAHibhKIxqQIas4YcnSsQnxgTWPpjKXSGSYroX7TSzQ0p"
    // ok: grafana-token
    static let value19 = "glsa_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX_AAAAAAAA"
    // ok: grafana-token
    static let value20 = "glc_1111111111111111111111111111111111111111111111111111111111111111"
    // ruleid: openshift-token
    static let value21 = "sha256~" + "HQX76rjunS2qjNVV3CFuxpNqj6NLJLpNeWzwHpbirbJ"
    // ruleid: openshift-token
    static let value22 = "sha256~" + "wPNy9BWZwdtrviGhT5QzyunXbLo2jXmuiGVbcvzADpD"
    // ok: openshift-token
    static let value23 = "sha256~XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"
    // ok: openshift-token
    static let value24 = "sha256~_put_your_token_here_______________________"
    // ruleid: octopus-deploy-key
    static let value25 = "API-" + "C80X1B4FKBBK5240XB6GZX95KY"
    // ruleid: octopus-deploy-key
    static let value26 = "API-" + "G9S6O7I7S3FY9ITD3WSIRO6GTL"
    // ok: octopus-deploy-key
    static let value27 = "API-DOCUMENTATION"
    // ok: octopus-deploy-key
    static let value28 = "API-XXXXXXXXXXXXXXXXXXXXXXXXXX"
    // ruleid: cloudflare-token
    static let value29 = "cfut_" + "YSsfobpnNgPsBLBV2LUvEA0tceAh05M3qqwiLA3n891e0ab0"
    // ruleid: cloudflare-token
    static let value30 = "cfat_" + "mxmeOKBv8qIXPn71B4FyJodDkx0YpE9eDVl7BZJF6ccea8a6"
    // ok: cloudflare-token
    static let value31 = "cfut_token"
    // ok: cloudflare-token
    static let value32 = "cfk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: doppler-token
    static let value33 = "dp.ct." + "NqJ0MqVc4NnMrWgncJgbqmD9b4mwqrMd6INxJ9VPDGy"
    // ruleid: doppler-token
    static let value34 = "dp.st.prd." + "ROXDXd5YNjhGfkVfw6OjmDSeDpAYgn3X4WfkghLemWB"
    // ok: doppler-token
    static let value35 = "dp.ct.token"
    // ok: doppler-token
    static let value36 = "dp.st.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: planetscale-token
    static let value37 = "pscale_tkn_" + "JA3uXg0WUK8QuDOWS5POnebjL13XJE4pafxtQgioASC"
    // ruleid: planetscale-token
    static let value38 = "pscale_pw_" + "CPJkfMnYJyqglkDHH5N77HpRLHUO4cduMgtnvbpjA7x"
    // ok: planetscale-token
    static let value39 = "pscale_tkn_"
    // ok: planetscale-token
    static let value40 = "pscale_pw_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: pulumi-token
    static let value41 = "pul-" + "a48689b89a21bb7b8ed2981f5ac3e10169ae744f"
    // ruleid: pulumi-token
    static let value42 = "pul-" + "5a41bd51a9578519f1356add1ef57ce4f6a89fd0"
    // ok: pulumi-token
    static let value43 = "pul-"
    // ok: pulumi-token
    static let value44 = "pul-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
}
