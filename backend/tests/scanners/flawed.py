"""A server with the mistakes that the scanners are to find, and routes without any: what shows that they would."""

import http.server
import json
import pathlib
import sqlite3
import threading
import urllib.parse

import website
from website import Form

FORMS = {
    "an id in a path": Form("GET /api/things/{id}/"),
    "a search": Form("GET /api/things/"),
    "a field of a body": Form("POST /api/things/", body={"about": {"name": "rake"}}),
    "a header": Form("GET /api/agents/"),
    "an echo": Form("GET /api/echo/"),
    "a redirect": Form("GET /api/go/"),
    "a file": Form("GET /api/file/"),
}
SOUND = {
    "a sound search": Form("GET /api/sound/"),
    "a sound echo": Form("GET /api/sound/echo/"),
}
FIELDS = {"an id in a path": {"path.id": 1}, "a search": {"query.q": "rake", "query.page_size": 5}, "a header": {"header.User-Agent": "scanner"},
          "an echo": {"query.text": "hello"}, "a redirect": {"query.to": "/api/things/"}, "a file": {"query.name": "rake.txt"},
          "a sound search": {"query.q": "rake"}, "a sound echo": {"query.text": "hello"}}
for name, fields in FIELDS.items():
    {**FORMS, **SOUND}[name].fields.update(fields)
# What each scanner is to find, by where it is.
INJECTED = ["an id in a path", "a search", "a field of a body", "a header"]
WEAK = {"an id in a path": "SQL Injection", "an echo": "Cross Site Scripting", "a redirect": "Open Redirect", "a file": "Path Traversal"}


class Server:
    def __init__(self):
        self.database = sqlite3.connect(":memory:", check_same_thread=False)
        self.database.executescript("CREATE TABLE thing (id integer, name text); CREATE TABLE agent (name text);"
                                    "INSERT INTO thing VALUES (1, 'rake'), (2, 'spade'); INSERT INTO agent VALUES ('scanner');")
        self.lock = threading.Lock()
        self.server = website.Server(("127.0.0.1", 0), type("Handler", (Handler,), {"owner": self}))
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def rows(self, sql, *values):
        with self.lock:
            return self.database.execute(sql, values).fetchall()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path, query, agent, body):
        """(status, type, text, other headers)"""
        asked = lambda name: query.get(name, "")
        if path == "/api/things/" and body:
            return self.found(f"SELECT * FROM thing WHERE name = '{json.loads(body)['about']['name']}'")
        if path == "/api/things/":
            return self.found(f"SELECT * FROM thing WHERE name = '{asked('q')}'")
        if path.startswith("/api/things/"):
            return self.found("SELECT * FROM thing WHERE id = " + urllib.parse.unquote(path.split("/")[3]))
        if path == "/api/agents/":
            return self.found(f"SELECT * FROM agent WHERE name = '{agent}'")
        if path == "/api/sound/":
            return self.found("SELECT * FROM thing WHERE name = ?", asked("q"))
        if path == "/api/echo/":
            return 200, "text/html", f"<p>You said {asked('text')}.</p>", {}
        if path == "/api/sound/echo/":
            return 200, "application/json", json.dumps({"text": asked("text")}), {}
        if path == "/api/go/":
            return 302, "text/plain", "", {"Location": asked("to")}
        if path == "/api/file/":
            try:
                return 200, "text/plain", pathlib.Path("/srv", asked("name")).read_text(errors="replace")[:4000], {}
            except (OSError, ValueError):
                return 404, "text/plain", "There is no such file.", {}
        return 404, "text/plain", "There is nothing here.", {}

    def found(self, sql, *values):
        try:
            return 200, "application/json", json.dumps({"items": self.rows(sql, *values)}), {}
        except (sqlite3.Error, sqlite3.Warning) as failure:
            return 500, "text/plain", f"sqlite3.OperationalError: {failure}", {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    owner: Server

    def do_GET(self):
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        said = dict(urllib.parse.parse_qsl(query, keep_blank_values=True, errors="replace"))
        status, kind, text, headers = self.owner.answer(path, said, self.headers["User-Agent"] or "", body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, urllib.parse.quote(value, safe=":/?#&=%@;,"))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_POST = do_GET

    def log_message(self, *words):
        pass
