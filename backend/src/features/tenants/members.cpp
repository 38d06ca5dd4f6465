#include "features/tenants/members.h"

#include "core/list_more.h"

#include <boost/json/value.hpp>

namespace afterresume::tenants {

using auditing::Act;

namespace {

// Owners reach everybody; others only those below them.
void require_below(Role own, Role other) {
    if (own == Role::owner || other > own) return;
    throw Error(
        ErrorKind::forbidden, "tenants.role_too_high",
        "You can change members below your own role only, and give such roles."
    );
}

}  // namespace

Task<Role> Members::begin(sql::Tx& tx, const Scope& scope, Permission permission) {
    parts_.rows.lock_tenant(tx, scope);
    co_return co_await parts_.tenants.require(tx, scope, permission);
}

Task<void> Members::require_owner(sql::Tx& tx, const Scope& scope) {
    if (co_await parts_.rows.count_owners(tx, scope) > 0) co_return;
    throw Error(
        ErrorKind::conflict, "tenants.last_owner",
        "A workspace keeps at least one owner; make somebody else one first."
    );
}

Task<void> Members::tell(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Act act, const Member& member
) {
    JsonObject data{
        {"user_id", member.user_id.value},
        {"role", describe::name_of(member.role)},
        {"status", describe::name_of(member.status)},
        {"share_percent", member.share_percent}
    };
    co_await parts_.audit.record(
        tx, scope, origin, act, auditing::Outcome::success, std::move(data)
    );
}

Task<MemberPage> Members::list(sql::Tx& tx, const Scope& scope, ListMembers query) {
    auto rows = co_await parts_.rows.list(tx, scope, query.cursor.value_or(0), query.page_size + 1);
    auto page = cut_by_id(std::move(rows), query.page_size);
    co_return MemberPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<Member> Members::get(sql::Tx& tx, const Scope& scope, Id<Member> id) {
    auto member = co_await parts_.rows.find(tx, scope, id);
    if (!member) throw Error::not_found("member");
    co_return std::move(*member);
}

Task<Member> Members::edit(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Member> id, Match match,
    EditMember change
) {
    auto own = co_await begin(tx, scope, Permission::manage);
    auto member = co_await get(tx, scope, id);
    match.require(member.version);
    auto before = member;
    change.role.apply_to(member.role);
    change.status.apply_to(member.status);
    change.share_percent.apply_to(member.share_percent);
    require_below(own, before.role);
    require_below(own, member.role);
    member.version += 1;
    parts_.rows.update(tx, scope, member, parts_.clock.now());
    co_await require_owner(tx, scope);
    if (member.role != before.role) co_await tell(tx, scope, origin, Act::role_changed, member);
    if (member.status != before.status) {
        auto act =
            member.status == Status::active ? Act::member_reactivated : Act::member_suspended;
        co_await tell(tx, scope, origin, act, member);
    }
    if (member.share_percent != before.share_percent)
        co_await tell(tx, scope, origin, Act::member_limited, member);
    co_return member;
}

Task<void> Members::remove(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Member> id, Match match
) {
    auto own = co_await begin(tx, scope, Permission::manage);
    auto member = co_await get(tx, scope, id);
    match.require(member.version);
    require_below(own, member.role);
    parts_.rows.remove(tx, scope, id);
    co_await require_owner(tx, scope);
    co_await tell(tx, scope, origin, Act::member_removed, member);
}

Task<void> Members::leave(sql::Tx& tx, const Scope& scope, const auditing::Origin& origin) {
    co_await begin(tx, scope, Permission::read);
    auto member = co_await parts_.rows.find_own(tx, scope);
    if (!member) throw Error::not_found("member");
    parts_.rows.remove(tx, scope, member->id);
    co_await require_owner(tx, scope);
    co_await tell(tx, scope, origin, Act::member_left, *member);
}

Task<Member> Members::transfer(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Member> to
) {
    co_await begin(tx, scope, Permission::own);
    auto former = co_await parts_.rows.find_own(tx, scope);
    auto next = co_await get(tx, scope, to);
    if (!former || next.id == former->id || next.status != Status::active)
        throw Error(
            ErrorKind::conflict, "tenants.no_heir",
            "Ownership goes to another member, who is not suspended."
        );
    former->role = Role::admin;
    former->version += 1;
    next.role = Role::owner;
    next.version += 1;
    parts_.rows.update(tx, scope, *former, parts_.clock.now());
    parts_.rows.update(tx, scope, next, parts_.clock.now());
    co_await tell(tx, scope, origin, Act::ownership_transferred, next);
    co_return next;
}

}  // namespace afterresume::tenants
