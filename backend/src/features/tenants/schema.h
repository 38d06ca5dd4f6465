// Tenants and their members on the wire, with their limits.
#pragma once

#include "core/list_more.h"
#include "features/tenants/limits.h"
#include "features/tenants/model.h"

namespace afterresume::tenants {

struct OwnTenantPage {
    std::vector<OwnTenant> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(OwnTenantPage, (), (items, next_cursor))

struct EditTenant {
    Replacement<std::string> name;
};
BOOST_DESCRIBE_STRUCT(EditTenant, (), (name))

constexpr auto notes(EditTenant*) {
    using namespace describe;
    return std::tuple{note(&EditTenant::name, "What it is called", length{1, 100})};
}

struct ListMembers {
    std::int64_t page_size = default_page_size;
    std::optional<std::int64_t> cursor;
};
BOOST_DESCRIBE_STRUCT(ListMembers, (), (page_size, cursor))

constexpr auto notes(ListMembers*) {
    using namespace describe;
    return std::tuple{
        note(&ListMembers::page_size, "Members on a page", range{1, largest_page_size}),
        note(&ListMembers::cursor, "next_cursor of the page before"),
    };
}

struct MemberPage {
    std::vector<Member> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(MemberPage, (), (items, next_cursor))

struct EditMember {
    Replacement<Role> role;
    Replacement<Status> status;
    Replacement<std::int64_t> share_percent{};
};
BOOST_DESCRIBE_STRUCT(EditMember, (), (role, status, share_percent))

constexpr auto notes(EditMember*) {
    using namespace describe;
    return std::tuple{
        note(&EditMember::role, "Below your own, unless you are an owner"),
        note(&EditMember::status, "suspended takes all rights away until active gives them back"),
        note(
            &EditMember::share_percent,
            "How many percent of the queued jobs that the tenant may have may be theirs; one at "
            "least",
            range{1, 100}
        ),
    };
}

struct Usage {
    std::vector<QuotaState> items;
};
BOOST_DESCRIBE_STRUCT(Usage, (), (items))

struct TransferOwnership {
    Id<Member> member_id;
};
BOOST_DESCRIBE_STRUCT(TransferOwnership, (), (member_id))

constexpr auto notes(TransferOwnership*) {
    using namespace describe;
    return std::tuple{note(&TransferOwnership::member_id, "Who shall own the tenant in your place")
    };
}

}  // namespace afterresume::tenants
