"""The mail receiver is aiosmtpd: STARTTLS and a password are demanded."""


def test_every_mail_came_encrypted_with_text_and_html_and_no_link(server, person):
    message = server.mailbox.wait_for(person.email)
    assert all(server.mailbox.was_encrypted)
    assert message["To"] and message["From"] == "Notes <no-reply@buckler.test>" and message["Subject"]
    assert message["Date"] and message["Message-ID"]
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert "http://" not in html and "<img" not in html and "<script" not in html
    assert text.strip()


def test_a_known_address_is_told_so_by_mail_and_its_flow_accepts_no_code(server, person):
    before = server.mailbox.count_for(person.email)
    other = server.device()
    answer = other.call("POST", "/buckler/account/sign-up", json={
        **other.challenge_fields(), "email": person.email, "password": "another long password"})
    assert answer.status_code == 202
    server.mailbox.wait_for(person.email, after=before)
    for code in ["000000", "123456"]:
        refused = other.authorize(auth_session=answer.json()["auth_session"], email_code=code)
        assert refused.status_code == 400 and "authorization_code" not in refused.json()
