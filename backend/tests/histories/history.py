"""One random history: requests, what each is to be answered, and what the trails are to tell of it. The same for each seed."""

import random

import reference
from acts_of_members import Members
from acts_of_people import People
from acts_of_writers import Writers
from playing import Step, at, refresh_cookie, session_id
from reference import Person, Session, Tenant

LISTS = [("read", "/api/auth/me/"), ("read", "/api/auth/sessions/"), ("read", "/api/auth/tokens/"), ("read", "/api/tenants/"),
         ("read", "/api/tenant/"), ("manage", "/api/tenant/members/"), ("manage", "/api/invitations/"), ("manage", "/api/tenant/usage/"),
         ("manage", "/api/tenant/audit/?page_size=100"), ("read", "/api/worklogs/"), ("read", "/api/worklogs/?show=shared"),
         ("read", "/api/shares/"), ("own", "/api/tenant/exports/")]


class History(People, Members, Writers):
    def __init__(self, seed, requests=12):
        self.chance = random.Random(seed)
        self.steps = []
        self.tenants, self.people, self.sessions = [], [], []
        self.invitations, self.tokens, self.entries, self.reports, self.links = [], [], [], [], []
        self.exports = 0
        self.sign_up()
        if self.chance.random() < 0.7:
            self.invite()
            self.sign_up_by_invitation()
        acts = {**self.acts_of_people(), **self.acts_of_members(), **self.acts_of_writers(), self.look: 6}
        while len(self.steps) < requests:
            self.chance.choices(list(acts), acts.values())[0]()
        self.read_trails()

    def ask(self, method, path, status, **more):
        self.steps.append(Step(method, path, status, **more))

    def person(self):
        self.people.append(Person(f"p{len(self.people)}", self.chance.choice(self.PASSWORDS)))
        return self.people[-1]

    def tenant(self, owner):
        self.tenants.append(Tenant(f"t{len(self.tenants)}"))
        owner.join(self.tenants[-1], "owner")
        return self.tenants[-1]

    def held(self, kind, all_of_it, place, **more):
        """What whoever is at a place makes there."""
        session, tenant = place
        who = session.person
        one = reference.Held(f"{kind}{len(all_of_it)}", tenant, who, tenant.members.get(who), who.epoch, **more)
        all_of_it.append(one)
        return one

    def open_session(self, person, tenant):
        """What the answer to a sign-in is kept as."""
        session = Session(f"s{len(self.sessions)}", person, tenant, person.epoch, places=[tenant])
        self.sessions.append(session)
        return {person.name: at("user", "id"), session.name: session_id, **self.what_is_granted(session, tenant)}

    @staticmethod
    def what_is_granted(session, tenant):
        return {session.access(tenant): at("access_token"), session.refresh(session.rotations): refresh_cookie,
                tenant.name: at("user", "tenant_id")}

    def place(self):
        """Somebody in a tenant: a session, and where; mostly one that is open."""
        places = [(session, tenant) for session in self.sessions for tenant in session.places]
        open_places = [(session, tenant) for session, tenant in places if session.role_in(tenant)]
        return self.chance.choice(open_places if open_places and self.chance.random() < 0.9 else places)

    def place_of(self, one):
        """Mostly where its maker is, else anywhere."""
        theirs = [(session, one.tenant) for session in self.sessions if session.person is one.maker and one.tenant in session.places]
        return self.chance.choice(theirs) if theirs and self.chance.random() < 0.7 else self.place()

    def do(self, place, right, method, path, status=200, **more):
        """Asks as whoever is at the place. Whether they may; where not, that is foretold in place of the rest."""
        session, tenant = place
        self.settle(session, tenant)
        role = session.role_in(tenant)
        by = session.access(tenant)
        if role is None:
            self.ask(method, path, 401, code="accounts.not_signed_in", by=by, body=more.get("body"))
        elif not reference.is_enough(role, right):
            tenant.tell(session.person, "permission_denied", outcome="failure")
            self.ask(method, path, 403, code="request.not_permitted", by=by, body=more.get("body"))
        else:
            self.ask(method, path, status, by=by, **more)
            return True
        return False

    def settle(self, session, tenant):
        """Until the program knows what has become of them there."""
        if tenant not in session.stale:
            return
        session.stale.discard(tenant)
        role = session.role_in(tenant)
        known = (lambda answer: answer.json["role"] == role) if role else (lambda answer: True)
        self.ask("GET", "/api/auth/me/", 200 if role else 401, by=session.access(tenant), until=known)

    def unsettle(self, person, tenant=None):
        """In one tenant, or wherever they are."""
        for session in self.sessions:
            if session.person is person:
                session.stale |= {place for place in session.places if tenant in (None, place)}

    def look(self):
        right, path = self.chance.choice(LISTS)
        self.do(self.place(), right, "GET", path)

    def read_trails(self):
        for tenant in self.tenants:
            readers = [session for session in self.sessions if tenant in session.places
                       and reference.is_enough(session.role_in(tenant) or "read_only", "manage")]
            if readers:
                self.do((readers[0], tenant), "manage", "GET", "/api/tenant/audit/?page_size=100")
