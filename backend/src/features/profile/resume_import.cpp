// JSON Resume in and out of the database. Importing keeps the ids of what it recognises, so that
// log entries stay with their positions and projects.
#include "features/profile/change.h"
#include "features/profile/events.h"
#include "features/profile/resume_json.h"
#include "features/profile/service.h"

#include <boost/json/array.hpp>

#include <algorithm>

namespace afterresume::profile {

namespace {

Json field(const Json& data, std::string_view name) {
    const auto* found = data.as_object().if_contains(name);
    return found != nullptr ? *found : Json();
}

// What two versions of one item have in common.
Json identity(const Row& row) {
    if (row.section == Section::work) {
        return boost::json::array{
            field(row.data, "name"), field(row.data, "position"), field(row.data, "start_date")
        };
    }
    if (row.section == Section::projects)
        return boost::json::array{field(row.data, "name"), field(row.data, "start_date")};
    return row.data;
}

std::vector<Row> rows_of(const Profile& profile) {
    std::vector<Row> rows;
    for_each_section(profile, [&]<class T>(const std::vector<Item<T>>& items) {
        for (std::int64_t position = 0; const auto& item : items) {
            Row row;
            row.section = T::section;
            row.position = position++;
            row.data = describe::parse_json(describe::to_json(static_cast<const T&>(item)));
            rows.push_back(std::move(row));
        }
    });
    return rows;
}

std::optional<Row> take_same(std::vector<Row>& stored, const Row& wanted) {
    auto wanted_identity = identity(wanted);
    auto found = std::find_if(stored.begin(), stored.end(), [&](const Row& row) {
        return row.section == wanted.section && identity(row) == wanted_identity;
    });
    if (found == stored.end()) return std::nullopt;
    auto row = std::move(*found);
    stored.erase(found);
    return row;
}

}  // namespace

Task<JsonObject> Service::export_resume_json(sql::Tx& tx, const Scope& scope) {
    co_return write_resume_json(co_await get(tx, scope));
}

Task<void> Service::import_resume_json(
    sql::Tx& tx, const Scope& scope, const Json& document, Match seen
) {
    auto wanted = read_resume_json(document);
    seen.require(co_await rows_.begin_change(tx, scope, clock_.now()));
    rows_.save_basics(tx, scope, wanted.basics);
    rows_.save_extra(tx, scope, wanted.extra);
    co_await replace_items(tx, scope, wanted);
    ProfileChanged event{"resume"};
    co_await events_.record(tx, scope, event);
}

Task<void> Service::replace_items(sql::Tx& tx, const Scope& scope, const Profile& wanted) {
    auto now = clock_.now();
    auto stored = co_await rows_.rows(tx, scope);
    for (auto& row : rows_of(wanted)) {
        row.created_at = row.updated_at = now;
        if (auto same = take_same(stored, row)) {
            row.id = same->id;
            row.version = same->version + 1;
            if (same->data != row.data) {
                rows_.update(tx, scope, row);
            } else if (same->position != row.position) {
                rows_.move(tx, scope, row.id, row.position);
            }
        } else {
            row.id = (co_await tx.new_id<Row>()).value;
            rows_.insert(tx, scope, row);
        }
    }
    for (const auto& gone : stored) rows_.remove(tx, scope, gone.id);
}

}  // namespace afterresume::profile
