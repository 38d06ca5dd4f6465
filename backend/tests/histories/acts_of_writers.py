"""What people write, let others read, take with them, and what programs do for them by personal tokens."""

from playing import at
from reference import is_enough


class Writers:
    def acts_of_writers(self):
        return {self.write: 4, self.read: 5, self.edit: 4, self.delete_entry: 3, self.make_token: 2.5, self.use_token: 8,
                self.revoke_token: 4, self.report: 0.7, self.share: 2, self.open_link: 8, self.revoke_link: 4, self.export: 0.5}

    def write(self):
        place = self.place()
        shared = self.chance.random() < 0.5
        body = {"content": f"Wrote part {len(self.steps)}.", "visibility": "tenant" if shared else "private"}
        entry = self.held("entry", self.entries, place, shared=shared)
        if not self.do(place, "write", "POST", "/api/worklogs/", 201, body=body, kept={entry.name: at("id")}):
            self.entries.remove(entry)

    def on_an_entry(self, right, method, status, body=None):
        """On one of any tenant: what it was, where that is reached."""
        if not self.entries:
            return None
        entry = self.chance.choice(self.entries)
        session, tenant = place = self.place_of(entry)
        is_theirs = entry.maker is session.person or method == "GET" and entry.shared
        found = entry.tenant is tenant and is_theirs and not entry.gone
        done = self.do(place, right, method, f"/api/worklogs/{{{entry.name}}}/", status if found else 404, body=body)
        return entry if done and found else None

    def read(self):
        self.on_an_entry("read", "GET", 200)

    def edit(self):
        self.on_an_entry("write", "PATCH", 200, {"content": f"Wrote part {len(self.steps)} of it."})

    def delete_entry(self):
        if entry := self.on_an_entry("write", "DELETE", 204):
            entry.gone = True

    def make_token(self):
        session, tenant = place = self.place()
        right = self.chance.choice(["read", "write"])
        token = self.held("token", self.tokens, place, right=right)
        kept = {token.name: at("token"), f"{token.name}.id": at("about", "id")}
        body = {"name": token.name, "scopes": [right]}
        if self.do(place, "read", "POST", "/api/auth/tokens/", 201, body=body, kept=kept):
            tenant.tell(session.person, "token_made")
        else:
            self.tokens.remove(token)

    def use_token(self):
        """To read, to write, and for what no token may."""
        if not self.tokens:
            return
        token = self.chance.choice(self.tokens)
        method, path, body, right = self.chance.choice([
            ("GET", "/api/worklogs/", None, "read"), ("POST", "/api/worklogs/", {"content": "Wrote it by a program."}, "write"),
            ("PATCH", "/api/auth/me/", {"display_name": token.maker.name}, None)])
        role = token.token_role()
        status, code = (201 if method == "POST" else 200), None
        if role is None:
            status, code = 401, "accounts.not_signed_in"
        elif right is None:
            status, code = 403, "request.not_for_tokens"
        elif not is_enough(role, right) or right == "write" and token.right == "read":
            status, code = 403, "request.not_permitted"
        if status == 403:
            token.tenant.tell(token.maker, "permission_denied", outcome="failure")
        self.ask(method, path, status, code=code, by=token.name, body=body)

    def revoke_token(self):
        if not self.tokens:
            return
        token = self.chance.choice(self.tokens)
        session, tenant = place = self.place_of(token)
        found = token.maker is session.person and token.tenant is tenant and not token.gone
        path = f"/api/auth/tokens/{{{token.name}.id}}/"
        if self.do(place, "read", "DELETE", path, 204 if found else 404) and found:
            tenant.tell(session.person, "token_revoked")
            token.gone = True

    def wait_for_job(self, session, tenant):
        succeeded = lambda answer: answer.json["status"] == "success"
        self.ask("GET", "/api/jobs/{job}/", 200, by=session.access(tenant), until=succeeded)

    def report(self):
        session, tenant = place = self.place()
        if self.do(place, "write", "POST", "/api/reports/generate/", 202, body={"kind": "weekly"}, kept={"job": at("job_id")}):
            self.wait_for_job(session, tenant)
            report = self.held("report", self.reports, place)
            self.do(place, "read", "GET", "/api/reports/?kind=weekly", kept={report.name: at("items", 0, "id")})

    def share(self):
        if not self.reports:
            self.report()
        if not self.reports:
            return
        report = self.chance.choice(self.reports)
        session, tenant = place = self.place_of(report)
        found = report.maker is session.person and report.tenant is tenant
        link = self.held("link", self.links, place, views_left=self.chance.choice([None, 1]))
        body = {"report_id": f"{{{report.name}}}", **({"most_views": 1} if link.views_left else {})}
        kept = {link.name: at("share", "id"), f"{link.name}.token": at("token")} if found else {}
        if self.do(place, "write", "POST", "/api/shares/", 201 if found else 404, body=body, kept=kept) and found:
            tenant.tell(session.person, "share_made")
        else:
            self.links.remove(link)

    def open_link(self):
        """By nobody in particular."""
        if not self.links:
            return
        link = self.chance.choice(self.links)
        leads = link.link_leads()
        self.ask("GET", f"/api/share/{{{link.name}.token}}/", 200 if leads else 404)
        if leads and link.views_left:
            link.views_left -= 1

    def revoke_link(self):
        if not self.links:
            return
        link = self.chance.choice(self.links)
        session, tenant = place = self.place_of(link)
        found = link.maker is session.person and link.tenant is tenant and not link.gone
        if self.do(place, "write", "DELETE", f"/api/shares/{{{link.name}}}/", 204 if found else 404) and found:
            tenant.tell(session.person, "share_revoked")
            link.gone = True

    def export(self):
        session, tenant = place = self.place()
        if self.do(place, "own", "POST", "/api/tenant/export/", 202, kept={"job": at("job_id")}):
            self.wait_for_job(session, tenant)
            tenant.tell(session.person, "tenant_exported")
            self.do(place, "own", "GET", "/api/tenant/exports/", kept={"export": at("items", 0, "id")})
            tenant.tell(session.person, "export_downloaded")
            self.do(place, "own", "GET", "/api/tenant/exports/{export}/content/")
