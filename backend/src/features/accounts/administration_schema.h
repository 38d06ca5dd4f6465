// People on the wire, as operators see and change them: what they are here, and nothing of what
// they wrote.
#pragma once

#include "core/describe/notes.h"
#include "core/page.h"
#include "features/accounts/model.h"

namespace afterresume::accounts {

enum class Standing : std::uint8_t { active, deactivated };
BOOST_DESCRIBE_ENUM(Standing, active, deactivated)

struct Person {
    UserId id;
    // The first of theirs, whose trail tells what operators did to them.
    std::optional<TenantId> tenant_id;
    std::string email;
    std::string display_name;
    Standing status = Standing::active;
    bool is_staff = false;
    bool may_operate = false;
    bool email_verified = false;
    bool has_second_factor = false;
    std::optional<Timestamp> last_login_at;
    std::int64_t version = 1;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(
    Person, (),
    (id, tenant_id, email, display_name, status, is_staff, may_operate, email_verified,
     has_second_factor, last_login_at, version, created_at)
)

struct ListPeople {
    std::optional<std::string> query;
    std::optional<Standing> status;
    std::optional<bool> is_staff;
    std::optional<std::int64_t> cursor;
    std::int64_t page_size = default_page_size;
};
BOOST_DESCRIBE_STRUCT(ListPeople, (), (query, status, is_staff, cursor, page_size))

constexpr auto notes(ListPeople*) {
    using namespace describe;
    return std::tuple{
        note(
            &ListPeople::query, "Only those whose address, or whose name, begins so", length{1, 254}
        ),
        note(&ListPeople::status, "Only those of this status"),
        note(&ListPeople::is_staff, "Only operators, or only others"),
        note(&ListPeople::cursor, "next_cursor of the page before"),
        note(&ListPeople::page_size, "People on a page", range{1, largest_page_size}),
    };
}

struct PersonPage {
    std::vector<Person> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(PersonPage, (), (items, next_cursor))

struct NewPerson {
    std::string email;
    std::string display_name;
};
BOOST_DESCRIBE_STRUCT(NewPerson, (), (email, display_name))

constexpr auto notes(NewPerson*) {
    using namespace describe;
    return std::tuple{
        note(
            &NewPerson::email, "Where the mail goes by which they set a password", length{3, 254},
            format{"email"}
        ),
        note(&NewPerson::display_name, "Their name as others see it", length{1, 100}),
    };
}

struct ChangePerson {
    Replacement<Standing> status;
    Replacement<bool> is_staff;
    Replacement<bool> may_operate;
};
BOOST_DESCRIBE_STRUCT(ChangePerson, (), (status, is_staff, may_operate))

constexpr auto notes(ChangePerson*) {
    using namespace describe;
    return std::tuple{
        note(
            &ChangePerson::status,
            "deactivated signs them out of everything, and lets them in nowhere"
        ),
        note(&ChangePerson::is_staff, "Whether they look at the installation, as operators do"),
        note(&ChangePerson::may_operate, "Of operators: whether they act, too"),
    };
}

}  // namespace afterresume::accounts
