import Foundation

// Every value here is made up. They are written in two parts so that no scanner of pushes takes them for real ones.
enum CloudSamples {
    // ruleid: aws-access-key-id
    static let value1 = "AKIA" + "Q7ZT4LMX2VKC3RBW"
    // ruleid: aws-access-key-id
    static let value2 = "AKIA" + "5HSJ3FGP6TAE2UQW"
    // ok: aws-access-key-id
    static let value3 = "AKIAIOSFODNN7EXAMPLE"
    // ok: aws-access-key-id
    static let value4 = "AKIAXXXXXXXXXXXXXXXX"
    // ruleid: azure-storage-key
    static let value5 = "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=" + "Qm7/Zt4L+X9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0BQm7/Zt4L+X9vKc2RbW8nYd=="
    // ruleid: azure-storage-key
    static let value6 = "AccountName=a;AccountKey=" + "7/Zt4L+X9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0BQm7/Zt4L+X9vKc2RbW8nYd5H=="
    // ok: azure-storage-key
    static let value7 = "AccountKey=<your-account-key>"
    // ok: azure-storage-key
    static let value8 = "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq=="
    // ruleid: azure-shared-access-key
    static let value9 = "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=" + "Qm7/Zt4L+X9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyV="
    // ruleid: azure-shared-access-key
    static let value10 = "HostName=h.azure-devices.net;SharedAccessKey=" + "7/Zt4L+X9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM="
    // ok: azure-shared-access-key
    static let value11 = "SharedAccessKey=<key>"
    // ok: azure-shared-access-key
    static let value12 = "SharedAccessKeyName=RootManageSharedAccessKey"
    // ruleid: azure-client-secret
    static let value13 = "q7Z" + "8Q~LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxN"
    // ruleid: azure-client-secret
    static let value14 = "aB." + "1Q~vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVz"
    // ok: azure-client-secret
    static let value15 = "Q~ is no secret"
    // ok: azure-client-secret
    static let value16 = "abc8Q~short"
    // ruleid: google-oauth-secret
    static let value17 = "GOCSPX-" + "q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp"
    // ruleid: google-oauth-secret
    static let value18 = "GOCSPX-" + "X9vKc2RbW8nYd5HsJ3fGp6TaE1uQ"
    // ok: google-oauth-secret
    static let value19 = "GOCSPX-"
    // ok: google-oauth-secret
    static let value20 = "GOCSPX-your-client-secret-here"
    // ruleid: firebase-server-key
    static let value21 = "AAAA" + "q7Zt4Lm:APA91bq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX9v"
    // ruleid: firebase-server-key
    static let value22 = "AAAA" + "x7Zt4Lm:APA91bLmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX9vKc2Rb"
    // ok: firebase-server-key
    static let value23 = "AAAAq7Zt4Lm:APA91b"
    // ok: firebase-server-key
    static let value24 = "AAAA:APA91b-your-server-key"
    // ruleid: digitalocean-token
    static let value25 = "dop_" + "v1_3f9a1c7e5b2d8046c1e7a9f35d0b82469e1f7c3a5d8b06e24f9c7a1b3d5e8f02"
    // ruleid: digitalocean-token
    static let value26 = "doo_" + "v1_9a1c7e5b2d8046c1e7a9f35d0b82469e1f7c3a5d8b06e24f9c7a1b3d5e8f023f"
    // ok: digitalocean-token
    static let value27 = "dop_v1_"
    // ok: digitalocean-token
    static let value28 = "dop_v1_0000000000000000000000000000000000000000000000000000000000000000"
    // ruleid: heroku-key
    static let value29 = "HRKU-" + "AAq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFe"
    // ruleid: heroku-key
    static let value30 = "HRKU-" + "AAt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0"
    // ok: heroku-key
    static let value31 = "HRKU-AA"
    // ok: heroku-key
    static let value32 = "HRKU-AA-your-key"
    // ruleid: alibaba-access-key
    static let value33 = "LTAI" + "5tq7Zt4LmX9vKc2RbW8n"
    // ruleid: alibaba-access-key
    static let value34 = "LTAI" + "5tmX9vKc2RbW8nYd5HsJ"
    // ok: alibaba-access-key
    static let value35 = "LTAI5t"
    // ok: alibaba-access-key
    static let value36 = "LTAI5tEXAMPLEEXAMPLE00AB"
}
