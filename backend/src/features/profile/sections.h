// The members of a profile's sections, one by one. The same for every section T of career.h and
// credentials.h. Owned by app/.
#pragma once

#include "core/page.h"
#include "core/version.h"
#include "features/profile/change.h"
#include "features/profile/repository.h"
#include "features/profile/schema.h"
#include "infra/events/events.h"

namespace afterresume::profile {

class Sections {
public:
    Sections(const Clock& clock, events::Events& events) : clock_(clock), events_(events) {}

    // In the person's order. Throws Error(invalid, "request.invalid") for a cursor that no page
    // gave.
    template <class T>
    Task<Page<Item<T>>> list(sql::Tx& tx, const Scope& scope, ListItems wanted) {
        auto page = co_await list_rows(tx, scope, T::section, std::move(wanted));
        co_return Page<Item<T>>{items_of<T>(page.items), std::move(page.next_cursor)};
    }

    // Throws Error(not_found, …), also for a member of another section.
    template <class T>
    Task<Item<T>> get(sql::Tx& tx, const Scope& scope, Id<T> id) {
        co_return item_of<T>(co_await rows_.get(tx, scope, T::section, id.value));
    }

    // Throws Error(conflict, "profile.section_full").
    template <class T>
    Task<Item<T>> add(sql::Tx& tx, const Scope& scope, Draft<T> draft) {
        auto data = describe::parse_json(describe::to_json(static_cast<const T&>(draft)));
        co_return item_of<T>(
            co_await add_row(tx, scope, T::section, std::move(data), draft.place.value)
        );
    }

    // `change` names the fields to set or, with null, to clear, and perhaps the place.
    template <class T>
    Task<Item<T>> change(sql::Tx& tx, const Scope& scope, Match seen, Id<T> id, JsonObject change) {
        auto row = co_await begin_change(tx, scope, seen, T::section, id.value);
        auto draft = describe::from_json<Draft<T>>(changed(row.data, std::move(change)));
        row.data = describe::parse_json(describe::to_json(static_cast<const T&>(draft)));
        co_return item_of<T>(co_await finish_change(tx, scope, std::move(row), draft.place.value));
    }

    template <class T>
    Task<void> remove(sql::Tx& tx, const Scope& scope, Match seen, Id<T> id) {
        auto row = co_await begin_change(tx, scope, seen, T::section, id.value);
        co_await remove_row(tx, scope, std::move(row));
    }

private:
    Task<Page<Row>> list_rows(sql::Tx& tx, const Scope& scope, Section section, ListItems wanted);
    Task<Row> add_row(
        sql::Tx& tx, const Scope& scope, Section section, Json data,
        std::optional<std::int64_t> place
    );
    Task<Row> begin_change(
        sql::Tx& tx, const Scope& scope, Match seen, Section section, std::int64_t id
    );
    Task<Row> finish_change(
        sql::Tx& tx, const Scope& scope, Row row, std::optional<std::int64_t> place
    );
    Task<void> remove_row(sql::Tx& tx, const Scope& scope, Row row);
    // Makes room among the others of a section; gives the position that is free then.
    std::int64_t make_room(
        sql::Tx& tx, const Scope& scope, const std::vector<Row>& others, std::int64_t place
    );
    Task<void> tell(sql::Tx& tx, const Scope& scope, Section section);

    const Clock& clock_;
    events::Events& events_;
    Repository rows_;
};

}  // namespace afterresume::profile
