"""What browsers reach behind TLS: the program, each request to which is noted, and pages of others."""

import collections
import http.client
import http.server
import ssl
import subprocess
import sys
import threading

# Of one connection, and not of the request.
BETWEEN_TWO = {"connection", "keep-alive", "transfer-encoding", "content-length"}

Seen = collections.namedtuple("Seen", "method path headers status set_cookie")


def certificate(folder):
    """One that nobody has signed."""
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:*.localhost", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    subprocess.run(words, check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


class Server(http.server.ThreadingHTTPServer):
    """For browsers, which go away when they have seen enough."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Site:
    """At a port of this machine, under every name that leads to it, until it is closed."""

    def __init__(self, context, handler, **more):
        self.seen = []
        self.server = Server(("127.0.0.1", 0), type("Handler", (handler,), {"site": self, **more}))
        # Whoever says nothing keeps nobody else from being heard.
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def origin(self, host):
        return f"https://{host}:{self.port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    site: Site

    def say(self, status, headers, text):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def log_message(self, *words):
        pass


class Passage(Handler):
    """To the program."""

    program_port: int

    def pass_on(self):
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection = http.client.HTTPConnection("127.0.0.1", self.program_port, timeout=60)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in BETWEEN_TWO:
                connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        self.site.seen.append(Seen(self.command, self.path, self.headers, answer.status, answer.headers.get_all("Set-Cookie", [])))
        self.say(answer.status, [pair for pair in answer.getheaders() if pair[0].lower() not in BETWEEN_TWO], text)

    do_GET = do_HEAD = do_POST = do_OPTIONS = pass_on


class Lure(Handler):
    """A page of its own at every address, for scripts to run in."""

    def do_GET(self):
        self.say(200, [("Content-Type", "text/html")], b"<!doctype html><title>A nice page</title><body>")
