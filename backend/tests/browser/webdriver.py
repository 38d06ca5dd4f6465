"""Chromium without a screen, driven through ChromeDriver by the WebDriver protocol (W3C), and by no library."""

import contextlib
import http.client
import json
import os
import subprocess

from program import free_port, wait_for

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
# Nothing but what it is told to ask for, and that without anything between.
WORDS = ["--headless", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-proxy-server", "--ignore-certificate-errors"]
MOST_MILLISECONDS = 60_000


class Gone(AssertionError):
    """A window that its page closed by itself."""


class Browser:
    """One that knows nobody yet, and believes whoever says to be a host; with a window that scripts are run in, until it is closed."""

    def __init__(self):
        self.port, self.session = free_port(), None
        self.driver = subprocess.Popen([DRIVER, f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.is_ready)
        # Its sandbox does not work for the superuser.
        words = WORDS + (["--no-sandbox"] if os.getuid() == 0 else [])
        wanted = {"goog:chromeOptions": {"binary": CHROMIUM, "args": words},
                  "timeouts": {"script": MOST_MILLISECONDS, "pageLoad": MOST_MILLISECONDS}}
        self.session = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
        self.window = self.say("GET", "/window")

    def is_ready(self):
        with contextlib.suppress(OSError):
            return self.ask("GET", "/status")["ready"]

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2 * MOST_MILLISECONDS / 1000)
        with contextlib.closing(connection):
            connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            value = json.load(answer)["value"]
        if answer.status != 200:
            kind = Gone if value["error"] == "no such window" else AssertionError
            raise kind(f"{method} {path}: {value['error']}: {value['message']}")
        return value

    def say(self, method, what, body=None):
        return self.ask(method, f"/session/{self.session}{what}", body)

    def open(self, address):
        """As if somebody typed it; in the first window, and all others are closed."""
        for other in self.say("GET", "/window/handles"):
            if other != self.window:
                with contextlib.suppress(Gone):
                    self.say("POST", "/window", {"handle": other})
                    self.say("DELETE", "/window")
        self.say("POST", "/window", {"handle": self.window})
        self.say("POST", "/url", {"url": address})

    def run(self, script, *given):
        """What the script of the page gives in the end, which may await."""
        return self.say("POST", "/execute/sync", {"script": f"return (async () => {{{script}}})();", "args": given})

    def address_in_frame(self):
        """What the first frame of the page shows."""
        self.say("POST", "/frame", {"id": 0})
        shown = self.run("return location.href;")
        self.say("POST", "/frame", {"id": None})
        return shown

    def cookies(self):
        """All that belong to the page, also those that no script reads."""
        return {cookie["name"]: cookie for cookie in self.say("GET", "/cookie")}

    def close(self):
        with contextlib.suppress(OSError, AssertionError):
            if self.session:
                self.say("DELETE", "")
        self.driver.terminate()
        self.driver.wait(30)
