import Foundation

// Every value here is made up. They are written in two parts so that no scanner of pushes takes them for real ones.
enum MessagingSamples {
    // ruleid: slack-token
    static let value1 = "xoxb-" + "9182736450-9182736450123-q7Zt4LmX9vKc2RbW8nYd5HsJ"
    // ruleid: slack-token
    static let value2 = "xoxp-" + "9182736450-9182736450-9182736450-3f9a1c7e5b2d8046c1e7a9f35d0b8246"
    // ok: slack-token
    static let value3 = "xoxb-"
    // ok: slack-token
    static let value4 = "xoxb-your-token-here"
    // ruleid: slack-webhook
    static let value5 = "https://hooks.slack" + ".com/services/T9ZT4LMX2/B5HSJ3FGP/q7Zt4LmX9vKc2RbW8nYd5HsJ"
    // ruleid: slack-webhook
    static let value6 = "https://hooks.slack" + ".com/services/T3RBW8NYD/B6TAE2UQW/4LmX9vKc2RbW8nYd5HsJ3fGp"
    // ok: slack-webhook
    static let value7 = "https://hooks.slack.com/services/"
    // ok: slack-webhook
    static let value8 = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
    // ruleid: teams-webhook
    static let value9 = "https://acme.webhook.office.com/webhookb2/" + "3f9a1c7e-5b2d-8046-c1e7-a9f35d0b8246@9e1f7c3a-5d8b-06e2-4f9c-7a1b3d5e8f02/IncomingWebhook/3f9a1c7e5b2d8046c1e7a9f35d0b8246/3f9a1c7e-5b2d-8046-c1e7-a9f35d0b8246"
    // ruleid: teams-webhook
    static let value10 = "https://acme.webhook.office.com/webhookb2/" + "4f9a1c7e-5b2d-8046-c1e7-a9f35d0b8246@9e1f7c3a-5d8b-06e2-4f9c-7a1b3d5e8f02/IncomingWebhook/9a1c7e5b2d8046c1e7a9f35d0b82469e/3f9a1c7e-5b2d-8046-c1e7-a9f35d0b8246"
    // ok: teams-webhook
    static let value11 = "https://acme.webhook.office.com/"
    // ok: teams-webhook
    static let value12 = "https://office.com/webhookb2/"
    // ruleid: discord-webhook
    static let value13 = "https://discord" + ".com/api/webhooks/918273645091827364/q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4L"
    // ruleid: discord-webhook
    static let value14 = "https://discordapp" + ".com/api/webhooks/918273645091827364/t4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSbLgUjFeAi0Bq7Zt4LmX9"
    // ok: discord-webhook
    static let value15 = "https://discord.com/api/webhooks/"
    // ok: discord-webhook
    static let value16 = "https://discord.com/api/webhooks/ID/TOKEN"
    // ruleid: telegram-bot-token
    static let value17 = "918273645:" + "AAq7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1"
    // ruleid: telegram-bot-token
    static let value18 = "7182736459:" + "AA4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwC"
    // ok: telegram-bot-token
    static let value19 = "12345678:AA"
    // ok: telegram-bot-token
    static let value20 = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawEXAMPLE"
    // ruleid: sendgrid-key
    static let value21 = "SG." + "q7Zt4LmX9vKc2RbW8nYd5H.q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM"
    // ruleid: sendgrid-key
    static let value22 = "SG." + "4LmX9vKc2RbW8nYd5HsJ3f.X9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPh"
    // ok: sendgrid-key
    static let value23 = "SG.Strings.title"
    // ok: sendgrid-key
    static let value24 = "SG."
    // ok: slack-token
    static let hidden = "xoxp-918273645012-918273645013-918273645014-####################"
    // ruleid: slack-token
    static let workspace = "xoxa-2-" + "918273645-91827364501-9182736450123-3f9a1c7e5b2d8046c1"
}
