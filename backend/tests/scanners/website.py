"""An HTTP API as a web site that scanners can walk: a page of links, one for each operation, with all that the operation takes
as fields of the query. Whatever a scanner puts into a field goes where the API takes it: into the path, the query, a header,
the JSON body or a form; with the credential of somebody who may do it.
"""

import collections
import copy
import html
import http.client
import http.server
import json
import re
import sys
import threading
import urllib.parse

PASSED_ON = ("Content-Type", "Location", "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options")


class Form:
    """One operation and its fields: "path.id", "query.q", "header.User-Agent", "form.password", "body.items.0.content"."""

    def __init__(self, operation, headers=None, body=None, place=None):
        self.operation, self.headers, self.body = operation, headers or {}, body
        self.method, self.pattern = operation.split()
        self.place = f"/{self.method}" + re.sub(r"[{}]", "", place or self.pattern)
        self.fields = dict(flat("body", body))
        # Fields that are taken, and not beside these.
        self.emptying = None

    def address(self):
        return self.place + "?" + urllib.parse.urlencode({name: as_text(value) for name, value in self.fields.items()})

    def request(self, said):
        """(method, target, data, headers) with what was said in the fields."""
        path, query, sent, form = self.pattern, {}, {}, {}
        body = copy.deepcopy(self.body)
        for name, value in self.fields.items():
            place, rest = name.split(".", 1)
            text = said.get(name, as_text(value))
            if place == "path":
                path = path.replace(f"{{{rest}}}", urllib.parse.quote(text, safe=""))
            elif place == "body":
                put(body, rest.split("."), typed(text, value))
            else:
                {"query": query, "header": sent, "form": form}[place][rest] = text
        target = path + ("?" + urllib.parse.urlencode(query) if query else "")
        headers, data = {"If-Match": "*", "User-Agent": "scanner", **self.headers, **sent}, None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        elif form:
            data, headers["Content-Type"] = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
        return self.method, target, data, headers


def flat(name, value):
    """Each value of a body by its name."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        if value is not None:
            yield name, value
        return
    for key, one in inner:
        yield from flat(f"{name}.{key}", one)


def put(body, path, value):
    for key in path[:-1]:
        body = body[int(key) if isinstance(body, list) else key]
    body[int(path[-1]) if isinstance(body, list) else path[-1]] = value


def as_text(value):
    return value if isinstance(value, str) else json.dumps(value)


def typed(text, example):
    """As the type that it has in the example, where it is one of that type."""
    if not isinstance(example, str):
        try:
            value = json.loads(text)
            if type(value) is type(example):
                return value
        except ValueError:
            pass
    return text


class Server(http.server.ThreadingHTTPServer):
    """For clients that go away when they have seen enough."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Site:
    """Stands before a server at a port of this machine, until it is closed. Counts what came through each form, and how often
    each field held anything else than what the form is filled with."""

    def __init__(self, port, forms):
        self.forms = {form.place: form for form in forms}
        self.upstream, self.mine = port, threading.local()
        self.lock, self.statuses = threading.Lock(), collections.defaultdict(collections.Counter)
        self.tried = collections.Counter()
        self.server = Server(("127.0.0.1", 0), type("Handler", (Handler,), {"site": self}))
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def addresses(self):
        return [self.address + form.address() for form in self.forms.values()]

    def page(self):
        links = "".join(f'<li><a href="{html.escape(form.address())}">{html.escape(form.operation)}</a></li>'
                        for form in self.forms.values())
        return f"<!doctype html><title>Operations</title><ul>{links}</ul>".encode()

    def passed_on(self, form, said):
        """(status, headers, body) of the server."""
        for last in (False, True):
            if getattr(self.mine, "connection", None) is None:
                self.mine.connection = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=30)
            try:
                method, target, data, headers = form.request(said)
                self.mine.connection.request(method, target, data, headers)
                answer = self.mine.connection.getresponse()
                text = answer.read()
                break
            except (ValueError, UnicodeEncodeError):
                self.mine.connection = None
                return 400, {"Content-Type": "text/plain"}, b"No header says that."
            except (OSError, http.client.HTTPException):
                self.mine.connection = None
                if last:
                    raise
        with self.lock:
            self.statuses[form.place][answer.status] += 1
            self.tried.update((form.place, name) for name, value in form.fields.items() if said.get(name, as_text(value)) != as_text(value))
        return answer.status, {name: answer.headers[name] for name in PASSED_ON if answer.headers[name]}, text


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    site: Site

    def do_GET(self):
        place, _, query = self.path.partition("?")
        form = self.site.forms.get(place)
        if form:
            said = dict(urllib.parse.parse_qsl(query, keep_blank_values=True, errors="replace"))
            try:
                status, headers, text = self.site.passed_on(form, said)
            except (OSError, http.client.HTTPException) as failure:
                status, headers, text = 502, {"Content-Type": "text/plain"}, repr(failure).encode()
                with self.site.lock:
                    self.site.statuses[place]["no answer"] += 1
        else:
            status, headers, text = (200, {"Content-Type": "text/html"}, self.site.page()) if place == "/" else (404, {}, b"")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_HEAD = do_GET

    def log_message(self, *words):
        pass
