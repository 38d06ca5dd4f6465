"""What becomes of tenants and of who belongs to them: invitations, roles, leaving, switching, deletion."""

from playing import at, membership_of
from reference import ROLES, reaches


class Members:
    def acts_of_members(self):
        return {self.invite: 2, self.revoke_invitation: 2, self.accept: 3, self.change_role: 3, self.suspend: 3, self.remove: 2,
                self.leave: 1, self.transfer: 1, self.rename: 1, self.create: 1, self.switch: 3, self.delete: 1, self.restore: 0.7}

    def is_usable(self, invitation, person):
        return not invitation.gone and not invitation.tenant.closing and invitation.email in (None, person.email)

    def invite(self):
        session, tenant = place = self.place()
        role = self.chance.choices(ROLES, (1, 2, 4, 3))[0]
        body = {"role": role}
        if self.chance.random() < 0.2:
            body["email"] = self.chance.choice(self.people).email
        own = session.role_in(tenant)
        if own and ROLES.index(role) <= ROLES.index(own):
            self.do(place, "manage", "POST", "/api/invitations/", 403, code="invitations.role_too_high", body=body)
            return
        invitation = self.held("invitation", self.invitations, place, role=role, email=body.get("email"))
        kept = {f"{invitation.name}.code": at("code"), invitation.name: at("invitation", "id")}
        if self.do(place, "manage", "POST", "/api/invitations/", 201, body=body, kept=kept):
            tenant.tell(session.person, "invitation_made")
        else:
            self.invitations.remove(invitation)

    def revoke_invitation(self):
        if not self.invitations:
            return
        invitation = self.chance.choice(self.invitations)
        session, tenant = place = self.place_of(invitation)
        is_open = invitation.tenant is tenant and not invitation.gone
        path = f"/api/invitations/{{{invitation.name}}}/"
        if self.do(place, "manage", "DELETE", path, 204 if is_open else 404) and is_open:
            tenant.tell(session.person, "invitation_revoked")
            invitation.gone = True

    def accept(self):
        if not self.invitations:
            return
        session, _ = place = self.place()
        who = session.person
        invitation = self.chance.choice(self.invitations)
        ask = lambda status, code=None: self.do(place, "read", "POST", "/api/invitations/accept/", status, code=code,
                                                body={"code": f"{{{invitation.name}.code}}"})
        if not self.is_usable(invitation, who):
            ask(410, "invitations.not_usable")
        elif who in invitation.tenant.members:
            ask(409, "tenants.member_already")
        elif ask(200):
            invitation.gone = True
            who.join(invitation.tenant, invitation.role)
            invitation.tenant.tell(who, "invitation_redeemed", "member_joined")
            self.unsettle(who, invitation.tenant)

    def find_member(self, place):
        """Somebody of the tenant, whose membership is known then; nobody where they may not look."""
        session, tenant = place
        others = [person for person in tenant.members if person is not session.person]
        person = self.chance.choice(others if others and self.chance.random() < 0.8 else self.people)
        kept = {f"{person.name}.in.{tenant.name}": membership_of(person.name)} if person in tenant.members else {}
        if self.do(place, "manage", "GET", "/api/tenant/members/?page_size=100", kept=kept) and kept:
            return person
        return None

    def change(self, place, person, wanted, act):
        """Another role or another status; nothing is told where it is the same as before."""
        session, tenant = place
        own, member = tenant.role_of(session.person), tenant.members[person]
        after = {"role": member.role, "status": "suspended" if member.suspended else "active"}
        differs = any(after[name] != value for name, value in wanted.items())
        after |= wanted
        path = f"/api/tenant/members/{{{person.name}.in.{tenant.name}}}/"
        if not (reaches(own, member.role) and reaches(own, after["role"])):
            self.do(place, "manage", "PATCH", path, 403, code="tenants.role_too_high", body=wanted)
        elif self.leaves_no_owner(tenant, person, after):
            self.do(place, "manage", "PATCH", path, 409, code="tenants.last_owner", body=wanted)
        else:
            self.do(place, "manage", "PATCH", path, body=wanted)
            if differs:
                tenant.tell(session.person, act)
            member.role, member.suspended = after["role"], after["status"] == "suspended"
            self.unsettle(person, tenant)

    @staticmethod
    def leaves_no_owner(tenant, person, after=None):
        stays = after is not None and after["role"] == "owner" and after["status"] == "active"
        return not stays and not any(one.role == "owner" and not one.suspended
                                     for who, one in tenant.members.items() if who is not person)

    def change_role(self):
        place = self.place()
        if person := self.find_member(place):
            self.change(place, person, {"role": self.chance.choice(ROLES)}, "role_changed")

    def suspend(self):
        place = self.place()
        if person := self.find_member(place):
            wanted = self.chance.choice(["suspended", "active"])
            self.change(place, person, {"status": wanted}, "member_suspended" if wanted == "suspended" else "member_reactivated")

    def remove(self):
        session, tenant = place = self.place()
        person = self.find_member(place)
        if not person:
            return
        path = f"/api/tenant/members/{{{person.name}.in.{tenant.name}}}/"
        if not reaches(tenant.role_of(session.person), tenant.members[person].role):
            self.do(place, "manage", "DELETE", path, 403, code="tenants.role_too_high")
        elif self.leaves_no_owner(tenant, person):
            self.do(place, "manage", "DELETE", path, 409, code="tenants.last_owner")
        else:
            self.do(place, "manage", "DELETE", path, 204)
            tenant.tell(session.person, "member_removed")
            self.part(person, tenant)

    def part(self, person, tenant):
        person.leave(tenant)
        self.unsettle(person, tenant)

    def leave(self):
        session, tenant = place = self.place()
        who = session.person
        if who in tenant.members and self.leaves_no_owner(tenant, who):
            self.do(place, "read", "POST", "/api/tenant/leave/", 409, code="tenants.last_owner")
        elif self.do(place, "read", "POST", "/api/tenant/leave/", 204):
            tenant.tell(who, "member_left")
            self.part(who, tenant)

    def transfer(self):
        session, tenant = place = self.place()
        who = session.person
        person = self.find_member(place)
        if not person:
            return
        body = {"member_id": f"{{{person.name}.in.{tenant.name}}}"}
        if person is who or tenant.members[person].suspended:
            self.do(place, "own", "POST", "/api/tenant/transfer/", 409, code="tenants.no_heir", body=body)
        elif self.do(place, "own", "POST", "/api/tenant/transfer/", body=body):
            tenant.tell(who, "ownership_transferred")
            tenant.members[who].role, tenant.members[person].role = "admin", "owner"
            for one in (who, person):
                self.unsettle(one, tenant)

    def rename(self):
        session, tenant = place = self.place()
        if self.do(place, "manage", "PATCH", "/api/tenant/", body={"name": f"Renamed {len(self.steps)}"}):
            tenant.tell(session.person, "tenant_changed")

    def create(self):
        session, _ = place = self.place()
        name = f"t{len(self.tenants)}"
        if self.do(place, "read", "POST", "/api/tenants/", 201, body={"name": name}, kept={name: at("id")}):
            self.tenant(session.person).tell(session.person, "tenant_created")

    def switch(self):
        session = self.chance.choice(self.sessions)
        wanted = self.chance.choice(session.person.open_tenants() or self.tenants)
        if self.chance.random() < 0.2:
            wanted = self.chance.choice(self.tenants)
        self.rotate(session, "/api/tenants/switch/", wanted)

    def delete(self):
        session, tenant = place = self.place()
        who = session.person
        if self.chance.random() < 0.3:
            body = {"password": "not the password 1"}
            if self.do(place, "own", "POST", "/api/tenant/delete/", 401, code="accounts.wrong_credentials", body=body):
                tenant.tell(who, "tenant_deleted", outcome="failure")
        elif self.do(place, "own", "POST", "/api/tenant/delete/", body={"password": who.password}):
            tenant.tell(who, "tenant_deleted")
            self.close(tenant, True)

    def close(self, tenant, closing):
        tenant.closing = closing
        for person in tenant.members:
            self.unsettle(person, tenant)

    def restore(self):
        places = [(session, tenant) for session in self.sessions for tenant in session.places if tenant.closing]
        session, tenant = place = self.chance.choice(places or [self.place()])
        who = session.person
        path = "/api/tenant/restore/"
        if not tenant.closing:
            self.do(place, "read", "POST", path, 409, code="tenants.not_pending_deletion")
        elif who not in tenant.members or tenant.members[who].role != "owner":
            self.do(place, "read", "POST", path, 403, code="request.not_permitted")
        elif self.do(place, "read", "POST", path):
            tenant.tell(who, "tenant_restored")
            self.close(tenant, False)
