"""Who is where and may do what, kept in memory, and what the trails of tenants are to tell of it."""

import dataclasses

ROLES = ["owner", "admin", "member", "read_only"]
LEAST = {"own": "owner", "manage": "admin", "write": "member", "read": "read_only"}


def is_enough(role, right):
    return ROLES.index(role) <= ROLES.index(LEAST[right])


def reaches(own, other):
    """Owners reach everybody; others only those below them."""
    return own == "owner" or ROLES.index(other) > ROLES.index(own)


@dataclasses.dataclass(eq=False)
class Membership:
    role: str
    suspended: bool = False


@dataclasses.dataclass(eq=False)
class Tenant:
    name: str
    members: dict = dataclasses.field(default_factory=dict)
    # It is to be deleted: read by its members, written by nobody.
    closing: bool = False
    # (who, act, outcome), oldest first.
    trail: list = dataclasses.field(default_factory=list)

    def tell(self, who, *acts, outcome="success"):
        self.trail += [(who.name, act, outcome) for act in acts]

    def role_of(self, person):
        """What they may do here, if anything."""
        member = self.members.get(person)
        if member is None or member.suspended:
            return None
        return "read_only" if self.closing else member.role

    def has_owner(self):
        return any(member.role == "owner" and not member.suspended for member in self.members.values())


@dataclasses.dataclass(eq=False)
class Person:
    name: str
    password: str
    # In the order in which they joined.
    tenants: list = dataclasses.field(default_factory=list)
    # Sessions and tokens of an earlier one are void.
    epoch: int = 0
    # The recovery codes that are left, where there is a second factor.
    codes: list | None = None
    factors: int = 0
    wrong_guesses: int = 0

    @property
    def email(self):
        return f"{self.name}.{{life}}@example.org"

    def join(self, tenant, role):
        tenant.members[self] = Membership(role)
        self.tenants.append(tenant)

    def leave(self, tenant):
        del tenant.members[self]
        self.tenants.remove(tenant)

    def open_tenants(self):
        """Those that are to be deleted last."""
        theirs = [tenant for tenant in self.tenants if tenant.role_of(self)]
        return sorted(theirs, key=lambda tenant: tenant.closing)

    def home(self):
        """Where they sign in, if anywhere."""
        return next(iter(self.open_tenants()), None)


@dataclasses.dataclass(eq=False)
class Session:
    name: str
    person: Person
    # Of its refresh tokens' last use.
    tenant: Tenant
    epoch: int
    ended: bool = False
    rotations: int = 0
    # Where it has an access token.
    places: list = dataclasses.field(default_factory=list)
    # Where what it may has changed since it was last asked; a node believes what it knows for a second.
    stale: set = dataclasses.field(default_factory=set)

    def is_open(self):
        return not self.ended and self.epoch == self.person.epoch

    def role_in(self, tenant):
        return tenant.role_of(self.person) if self.is_open() else None

    def access(self, tenant):
        return f"{self.name}.in.{tenant.name}"

    def refresh(self, rotation):
        return f"{self.name}.refresh.{rotation}"


@dataclasses.dataclass(eq=False)
class Held:
    """What somebody made in a tenant: an invitation, a token, an entry, a report, a link."""
    name: str
    tenant: Tenant
    maker: Person
    member: Membership
    epoch: int
    gone: bool = False
    role: str | None = None
    email: str | None = None
    right: str | None = None
    shared: bool = False
    views_left: int | None = None

    def is_of_member(self):
        """Whether its maker is the member that they were; who came back is another."""
        return self.tenant.members.get(self.maker) is self.member

    def token_role(self):
        """What a personal token lets its maker do, if anything."""
        void = self.gone or self.epoch != self.maker.epoch or not self.is_of_member()
        return None if void else self.tenant.role_of(self.maker)

    def link_leads(self):
        may_share = self.is_of_member() and not self.tenant.closing and (self.tenant.role_of(self.maker) or "read_only") != "read_only"
        return may_share and not self.gone and self.views_left != 0
