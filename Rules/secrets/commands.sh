#!/bin/sh
# Every value here is made up.
# ruleid: curl-user-password
curl -sS -u builder:'pQ9wTxu4Fg' https://ci.shop.dev/job
# ruleid: curl-user-password
curl --user 'api:d2LkV78zLx!t' \
    https://mail.shop.dev/messages
# ruleid: curl-user-password
curl -X POST --user "d2LkV78zLx!t:" https://pay.shop.dev/charges
# ok: curl-user-password
curl -u "$USER:$PASSWORD" https://ci.shop.dev/job
# ok: curl-user-password
curl --user <user>:<password> https://ci.shop.dev/job
# ok: curl-user-password
curl -u username:password https://ci.shop.dev/job
# ok: curl-user-password
curl -H 'X-Time: 12:30' https://ci.shop.dev/job
# ruleid: curl-authorization
curl -H 'Authorization: Bearer VPV7XtLLAxltZqgl5QYq6eBVvtUdbloAx8COesd7' https://api.shop.dev/
# ruleid: curl-authorization
curl -X GET -H "X-Api-Key: 5db1b66c5e9c32311f865fc177496788" https://api.shop.dev/
# ok: curl-authorization
curl -H "Authorization: Bearer $TOKEN" https://api.shop.dev/
# ok: curl-authorization
curl -H 'Authorization: Bearer XXXXXXXXXXXX' https://api.shop.dev/
# ok: curl-authorization
curl -H "Content-Type: application/json" https://api.shop.dev/
