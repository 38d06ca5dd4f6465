#include "features/sharing/opening.h"

#include "core/scope_mint.h"
#include "features/sharing/viewing.h"

namespace afterresume::sharing {

namespace {

constexpr std::int64_t most_guesses = 10;

// The maker, within the right to read.
Scope scope_of(const Place& place, Uuid correlation) {
    Identity identity;
    identity.tenant = place.tenant;
    identity.user = place.user_id;
    identity.role = place.role;
    identity.limited_to = std::vector{Permission::read};
    identity.cause.correlation = correlation;
    return ScopeMint::mint(identity);
}

}  // namespace

Task<Opened> Opening::open(
    std::string token, std::optional<std::string> password, Uuid correlation, Counting counting
) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto place = co_await parts_.links.find_place(*anonymous, token);
    anonymous.reset();
    if (!place || co_await parts_.shares.is_off(place->tenant)) co_return Opened{};
    auto scope = scope_of(*place, correlation);
    auto reading = parts_.database.begin(scope, sql::Access::read);
    auto hash = co_await parts_.links.find_password_hash(*reading, scope, place->share_id);
    reading.reset();
    if (hash) {
        if (!password) co_return Opened{Outcome::locked};
        auto right = co_await is_right(place->share_id, std::move(*hash), std::move(*password));
        if (!right) co_return Opened{Outcome::locked};
    }
    if (counting == Counting::view) co_return co_await view(scope, *place);
    co_return co_await look_at(scope, *place, counting);
}

// Whoever may be a machine is shown no more than can be shown again.
Task<Opened> Opening::look_at(Scope scope, Place place, Counting counting) {
    auto reading = parts_.database.begin(scope, sql::Access::read);
    auto link = co_await parts_.links.find(*reading, scope, place.share_id);
    if (!link) co_return Opened{};
    auto limited = link->most_views.has_value();
    if (counting == Counting::view_unless_limited && limited)
        co_return Opened{Outcome::opened, std::nullopt, true};
    if (counting == Counting::view_unless_limited) co_return co_await view(scope, place);
    auto report = co_await parts_.reports.find(*reading, scope, place.report_id);
    if (!report) co_return Opened{};
    co_return Opened{Outcome::opened, disclosed(*report, link->contacts), limited};
}

Task<Opened> Opening::view(Scope scope, Place place) {
    auto tx = parts_.database.begin(scope, sql::Access::write);
    View use(scope, place.share_id, parts_.clock.now());
    auto verdict = co_await single_use::once(*tx, use);
    if (verdict != single_use::Verdict::fresh) co_return Opened{};
    auto report = co_await parts_.reports.find(*tx, scope, place.report_id);
    if (!report) co_return Opened{};
    co_await tx->commit();
    const auto& link = use.link();
    co_return Opened{
        Outcome::opened, disclosed(*report, link.contacts), link.most_views.has_value()
    };
}

Task<bool> Opening::is_right(Id<ShareLink> id, std::string hash, std::string password) {
    auto whom = std::to_string(id.value);
    co_await parts_.guesses.count("share", whom, most_guesses);
    auto right = co_await parts_.hashing.matches(std::move(hash), std::move(password));
    if (right) co_await parts_.guesses.forget("share", whom);
    co_return right;
}

}  // namespace afterresume::sharing
