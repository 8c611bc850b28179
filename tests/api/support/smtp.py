"""A real SMTP server, for tests: prints its port, then each message that it takes, as it reads it, as a line
of JSON. Ends with its standard input.

Takes messages from whoever signs in as office with the password that is given as an argument, and for any address but nobody@.
With a second argument, a PEM file of a certificate and its key, it offers STARTTLS and takes nothing without it.
"""

import asyncio
import email
import email.policy
import json
import logging
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Inbox:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 well"

    async def handle_DATA(self, server, session, envelope):
        read = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": dict(read.items()),
            "text": read.get_content(),
            "encrypted": session.ssl is not None,
        }
        print(json.dumps(message), flush=True)
        return "250 2.0.0 taken"


async def main(password, certificate=None):
    def knows(server, session, envelope, mechanism, given):
        return AuthResult(success=(given.login, given.password) == (b"office", password.encode()), handled=False)

    tls = None
    if certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)

    def connection():
        return SMTP(
            Inbox(),
            enable_SMTPUTF8=True,
            authenticator=knows,
            auth_required=True,
            auth_require_tls=tls is not None,
            tls_context=tls,
            require_starttls=tls is not None,
        )

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


# It warns of what these tests want.
logging.disable()
asyncio.run(main(*sys.argv[1:]))
