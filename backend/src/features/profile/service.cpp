#include "features/profile/service.h"

#include "features/profile/change.h"
#include "features/profile/events.h"

namespace afterresume::profile {

Task<Profile> Service::get(sql::Tx& tx, const Scope& scope) {
    Profile profile;
    auto head = co_await rows_.find_head(tx, scope);
    if (!head) co_return profile;
    profile.basics = describe::from_json<Basics>(head->data);
    profile.extra = std::move(head->extra);
    profile.version = head->version;
    auto rows = co_await rows_.rows(tx, scope);
    for_each_section(profile, [&]<class T>(std::vector<Item<T>>& items) {
        items = items_of<T>(rows);
    });
    co_return profile;
}

Task<Overview> Service::overview(sql::Tx& tx, const Scope& scope) {
    Overview overview;
    if (auto head = co_await rows_.find_head(tx, scope)) {
        static_cast<Basics&>(overview) = describe::from_json<Basics>(head->data);
        overview.version = head->version;
    }
    for (auto section : all_sections) overview.counts[std::string(describe::name_of(section))] = 0;
    for (auto& count : co_await rows_.counts(tx, scope))
        overview.counts[std::string(describe::name_of(count.section))] = count.amount;
    co_return overview;
}

Task<Overview> Service::change_basics(
    sql::Tx& tx, const Scope& scope, Match seen, JsonObject change
) {
    seen.require(co_await rows_.begin_change(tx, scope, clock_.now()));
    auto head = (co_await rows_.find_head(tx, scope)).value();
    auto basics = describe::from_json<Basics>(changed(std::move(head.data), std::move(change)));
    rows_.save_basics(tx, scope, basics);
    ProfileChanged event{"basics"};
    co_await events_.record(tx, scope, event);
    co_return co_await overview(tx, scope);
}

Task<Timeline> Service::timeline(sql::Tx& tx, const Scope& scope) {
    Timeline timeline;
    timeline.work = items_of<Position>(
        co_await rows_.rows(tx, scope, Section::work, before_the_first, most_items)
    );
    timeline.projects = items_of<Project>(
        co_await rows_.rows(tx, scope, Section::projects, before_the_first, most_items)
    );
    co_return timeline;
}

Task<std::optional<Id<Position>>> Service::position_at(
    sql::Tx& tx, const Scope& scope, LocalDate day
) {
    auto rows = co_await rows_.rows(tx, scope, Section::work, before_the_first, most_items);
    co_return current_at(items_of<Position>(rows), day);
}

Task<std::optional<Id<Project>>> Service::project_at(
    sql::Tx& tx, const Scope& scope, LocalDate day
) {
    auto rows = co_await rows_.rows(tx, scope, Section::projects, before_the_first, most_items);
    co_return current_at(items_of<Project>(rows), day);
}

}  // namespace afterresume::profile
