"""Mails as they lie in a folder, and a server that puts them into one."""

import email
import email.policy
import pathlib
import re
import signal
import subprocess

from program import wait_for

SERVER = pathlib.Path(__file__).resolve().parents[3] / "tools/test-smtp"


def mails_in(folder):
    """By their file: (to whom, what they read)"""
    found = {}
    for file in folder.glob("*.eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        parts = (part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
        found[file.name] = mail["To"], "".join(parts)
    return found


def mailed_code(folder, address, word):
    """Of the link in a mail to that address, once there is one."""
    def look():
        texts = [text for to, text in mails_in(folder).values() if address in to]
        return next((code[1] for text in texts if (code := re.search(rf"[?&]{word}=([\w-]+)", text))), None)
    return wait_for(look)


class MailServer:
    def __init__(self, folder, *options):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.process = subprocess.Popen([SERVER, folder, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.settings = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": self.process.stdout.readline().strip(), "EMAIL_USE_TLS": "false"}

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self):
        self.kill()
        self.process.stdin.close()
        self.process.stdout.close()
