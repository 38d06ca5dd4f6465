"""What people do to come in, to stay in and to be let out: accounts, sessions, second factors."""

from playing import at

WRONG = "not the password 1"
WRONG_CODE = "00000-00000-00000-00000"
MOST_WRONG_GUESSES = 3


class People:
    PASSWORDS = ["plover staple 47 orbit", "marble fjord 58 cactus"]

    def acts_of_people(self):
        return {self.sign_up: 0.3, self.sign_up_by_invitation: 1, self.log_in: 2, self.log_in_wrongly: 1, self.refresh: 3,
                self.replay: 2, self.steal: 1, self.log_out: 1, self.end_session: 1, self.change_password: 1,
                self.forget_password: 0.3, self.add_factor: 2, self.use_factor: 2}

    def sign_up(self):
        person = self.person()
        tenant = self.tenant(person)
        tenant.tell(person, "signup")
        self.ask("POST", "/api/auth/signup/", 201, body=self.form_of(person), kept=self.open_session(person, tenant))

    @staticmethod
    def form_of(person):
        return {"email": person.email, "password": person.password, "display_name": person.name}

    def sign_up_by_invitation(self):
        if not self.invitations:
            return
        invitation = self.chance.choice(self.invitations)
        person = self.person()
        body = {**self.form_of(person), "invitation": f"{{{invitation.name}.code}}"}
        if not self.is_usable(invitation, person):
            self.people.remove(person)
            body["email"] = "nobody.{life}@example.org"
            self.ask("POST", "/api/auth/signup/", 410, code="invitations.not_usable", body=body)
            return
        invitation.gone = True
        person.join(invitation.tenant, invitation.role)
        invitation.tenant.tell(person, "invitation_redeemed", "signup")
        self.ask("POST", "/api/auth/signup/", 201, body=body, kept=self.open_session(person, invitation.tenant))

    def log_in(self):
        person = self.chance.choice(self.people)
        body = {"email": person.email, "password": person.password}
        home = person.home()
        if person.codes is not None and not person.tenants:
            # Nobody learns yet which tenant they are given.
            return
        if home is None and person.tenants:
            # Suspended wherever they are.
            self.ask("POST", "/api/auth/login/", 401, code="accounts.wrong_credentials", body=body)
            return
        home = home or self.tenant(person)
        if person.codes is not None:
            self.log_in_by_code(person, home, body)
            return
        home.tell(person, "login")
        self.ask("POST", "/api/auth/login/", 200, body=body, kept=self.open_session(person, home))

    def log_in_by_code(self, person, home, body):
        self.ask("POST", "/api/auth/login/", 200, body=body, kept={"mfa": at("mfa_token")})
        while person.wrong_guesses < MOST_WRONG_GUESSES and self.chance.random() < 0.3:
            person.wrong_guesses += 1
            home.tell(person, "login", outcome="failure")
            self.ask("POST", "/api/auth/mfa/", 401, code="accounts.wrong_code", body={"mfa_token": "{mfa}", "code": WRONG_CODE})
        if not person.codes:
            return
        code = person.codes.pop()
        person.wrong_guesses = 0
        home.tell(person, "recovery_code_used", "login")
        self.ask("POST", "/api/auth/mfa/", 200, body={"mfa_token": "{mfa}", "code": f"{{{code}}}"}, kept=self.open_session(person, home))

    def log_in_wrongly(self):
        person = self.chance.choice(self.people)
        if home := person.home():
            home.tell(person, "login", outcome="failure")
        body = {"email": person.email, "password": WRONG}
        self.ask("POST", "/api/auth/login/", 401, code="accounts.wrong_credentials", body=body)

    def rotate(self, session, path="/api/auth/token/refresh/", wanted=None):
        """Uses the last refresh token of a session. Whether that succeeds."""
        body = {"tenant_id": f"{{{wanted.name}}}"} if wanted else {}
        cookie = session.refresh(session.rotations)
        theirs = session.person.open_tenants()
        if wanted and wanted not in theirs:
            self.ask("POST", path, 404, cookie=cookie, body=body)
            return False
        if not theirs or not session.is_open():
            self.ask("POST", path, 401, code="accounts.not_signed_in", cookie=cookie, body=body)
            return False
        tenant = wanted or (session.tenant if session.tenant in theirs else theirs[0])
        session.tenant = tenant
        session.rotations += 1
        if tenant not in session.places:
            session.places.append(tenant)
        tenant.tell(session.person, "refresh")
        self.ask("POST", path, 200, cookie=cookie, body=body, kept=self.what_is_granted(session, tenant))
        return True

    def refresh(self):
        self.rotate(self.chance.choice(self.sessions))

    def replay(self):
        """By a client that has not heard the answer."""
        session = self.chance.choice(self.sessions)
        if self.rotate(session):
            kept = self.what_is_granted(session, session.tenant)
            self.ask("POST", "/api/auth/token/refresh/", 200, cookie=session.refresh(session.rotations - 1), body={}, kept=kept, soon=True)

    def steal(self):
        session = self.chance.choice(self.sessions)
        if self.rotate(session):
            session.ended = True
            session.tenant.tell(session.person, "refresh_reuse", outcome="failure")
            self.ask("POST", "/api/auth/token/refresh/", 401, code="accounts.not_signed_in", agent="another",
                     cookie=session.refresh(session.rotations - 1), body={})

    def log_out(self):
        session, tenant = place = self.place()
        if self.do(place, "read", "POST", "/api/auth/logout/", 204):
            tenant.tell(session.person, "logout")
            session.ended = True

    def end_session(self):
        session, tenant = place = self.place()
        other = self.chance.choice([one for one in self.sessions if one.person is session.person])
        if self.do(place, "read", "DELETE", f"/api/auth/sessions/{{{other.name}}}/", 404 if other.ended else 204) and not other.ended:
            tenant.tell(session.person, "logout" if other is session else "session_revoked")
            other.ended = True

    def begin_epoch(self, session):
        """All other sessions of theirs have ended."""
        session.person.epoch += 1
        session.epoch = session.person.epoch
        self.unsettle(session.person)

    def change_password(self):
        session, tenant = place = self.place()
        who = session.person
        wanted = self.chance.choice(self.PASSWORDS)
        if self.chance.random() < 0.4:
            body = {"current": WRONG, "password": wanted}
            if self.do(place, "read", "POST", "/api/auth/password/change/", 401, code="accounts.wrong_credentials", body=body):
                tenant.tell(who, "password_changed", outcome="failure")
            return
        body = {"current": who.password, "password": wanted}
        if self.do(place, "read", "POST", "/api/auth/password/change/", 204, body=body):
            tenant.tell(who, "password_changed")
            who.password = wanted
            self.begin_epoch(session)

    def forget_password(self):
        person = self.chance.choice(self.people)
        if home := person.home():
            home.tell(person, "password_forgotten")
        self.ask("POST", "/api/auth/password/forgot/", 204, body={"email": person.email})

    def add_factor(self):
        session, tenant = place = self.place()
        who = session.person
        if who.codes is not None:
            self.do(place, "read", "POST", "/api/auth/mfa/totp/", 409, code="accounts.second_factor_on")
            return
        secret = f"{who.name}.secret"
        if not self.do(place, "read", "POST", "/api/auth/mfa/totp/", kept={secret: at("secret")}):
            return
        path = "/api/auth/mfa/totp/confirm/"
        if who.wrong_guesses < MOST_WRONG_GUESSES and self.chance.random() < 0.3:
            who.wrong_guesses += 1
            tenant.tell(who, "second_factor_added", outcome="failure")
            self.do(place, "read", "POST", path, 401, code="accounts.wrong_code", body={"code": WRONG_CODE})
            return
        kept = self.new_codes(who)
        self.do(place, "read", "POST", path, body={"code": f"{{totp of {secret}}}"}, kept=kept)
        tenant.tell(who, "second_factor_used", "second_factor_added")
        self.begin_epoch(session)

    def new_codes(self, person):
        person.factors += 1
        person.wrong_guesses = 0
        person.codes = [f"{person.name}.code.{person.factors}.{number}" for number in range(10)]
        return {name: at("recovery_codes", number) for number, name in enumerate(person.codes)}

    def use_factor(self):
        """To remove it or to have other recovery codes, by a code that is right or wrong, or without one."""
        places = [(session, tenant) for session in self.sessions for tenant in session.places if session.person.codes]
        session, tenant = place = self.chance.choice(places) if places and self.chance.random() < 0.8 else self.place()
        who = session.person
        path, act, status = self.chance.choice([("totp/remove/", "second_factor_removed", 204), ("recovery-codes/", "recovery_codes_made", 200)])
        if not who.codes or self.chance.random() < 0.3:
            if who.wrong_guesses == MOST_WRONG_GUESSES:
                return
            body = {"code": WRONG_CODE}
            if self.do(place, "read", "POST", f"/api/auth/mfa/{path}", 401, code="accounts.wrong_code", body=body):
                who.wrong_guesses += 1
                tenant.tell(who, act, outcome="failure")
            return
        if session.role_in(tenant) is None:
            self.do(place, "read", "POST", f"/api/auth/mfa/{path}", body={"code": WRONG_CODE})
            return
        body = {"code": f"{{{who.codes.pop()}}}"}
        removes = act == "second_factor_removed"
        self.do(place, "read", "POST", f"/api/auth/mfa/{path}", status, body=body, kept={} if removes else self.new_codes(who))
        tenant.tell(who, "recovery_code_used", act)
        if removes:
            who.codes = None
            who.wrong_guesses = 0
            self.begin_epoch(session)
