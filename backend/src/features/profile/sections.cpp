#include "features/profile/sections.h"

#include "features/profile/events.h"

#include <algorithm>
#include <charconv>

namespace afterresume::profile {

namespace {

constexpr std::int64_t everything = most_items + 1;

// A cursor is the position of the last item of its page.
std::int64_t position_in(const std::string& cursor) {
    std::int64_t position = 0;
    auto* end = cursor.data() + cursor.size();
    auto [stop, failure] = std::from_chars(cursor.data(), end, position);
    if (failure != std::errc() || stop != end || position < 0)
        throw Error::invalid_fields({{"?cursor", "is none of this list"}});
    return position;
}

}  // namespace

Task<Page<Row>> Sections::list_rows(
    sql::Tx& tx, const Scope& scope, Section section, ListItems wanted
) {
    auto size = wanted.page_size.value_or(default_page_size);
    auto after = wanted.cursor ? position_in(*wanted.cursor) : before_the_first;
    auto rows = co_await rows_.rows(tx, scope, section, after, size + 1);
    co_return cut_page(std::move(rows), size, [](const Row& last) {
        return std::to_string(last.position);
    });
}

Task<Row> Sections::add_row(
    sql::Tx& tx, const Scope& scope, Section section, Json data, std::optional<std::int64_t> place
) {
    auto now = clock_.now();
    co_await rows_.begin_change(tx, scope, now);
    auto others = co_await rows_.rows(tx, scope, section, before_the_first, everything);
    if (others.size() >= most_items) {
        throw Error(
            ErrorKind::conflict, "profile.section_full",
            fmt::format("A section holds at most {} items.", most_items)
        );
    }
    Row row;
    row.id = (co_await tx.new_id<Row>()).value;
    row.section = section;
    row.position = make_room(tx, scope, others, place.value_or(everything));
    row.data = std::move(data);
    row.created_at = row.updated_at = now;
    rows_.insert(tx, scope, row);
    co_await tell(tx, scope, section);
    co_return row;
}

Task<Row> Sections::begin_change(
    sql::Tx& tx, const Scope& scope, Match seen, Section section, std::int64_t id
) {
    co_await rows_.begin_change(tx, scope, clock_.now());
    auto row = co_await rows_.get(tx, scope, section, id);
    seen.require(row.version);
    co_return row;
}

Task<Row> Sections::finish_change(
    sql::Tx& tx, const Scope& scope, Row row, std::optional<std::int64_t> place
) {
    if (place) {
        auto others = co_await rows_.rows(tx, scope, row.section, before_the_first, everything);
        std::erase_if(others, [&](const Row& other) { return other.id == row.id; });
        row.position = make_room(tx, scope, others, *place);
    }
    ++row.version;
    row.updated_at = clock_.now();
    rows_.update(tx, scope, row);
    co_await tell(tx, scope, row.section);
    co_return row;
}

Task<void> Sections::remove_row(sql::Tx& tx, const Scope& scope, Row row) {
    rows_.remove(tx, scope, row.id);
    co_await tell(tx, scope, row.section);
}

std::int64_t Sections::make_room(
    sql::Tx& tx, const Scope& scope, const std::vector<Row>& others, std::int64_t place
) {
    auto free = std::min(place, static_cast<std::int64_t>(others.size()));
    for (std::int64_t index = 0; const auto& other : others) {
        auto position = index < free ? index : index + 1;
        if (other.position != position) rows_.move(tx, scope, other.id, position);
        ++index;
    }
    return free;
}

Task<void> Sections::tell(sql::Tx& tx, const Scope& scope, Section section) {
    ProfileChanged event{std::string(describe::name_of(section))};
    co_await events_.record(tx, scope, event);
}

}  // namespace afterresume::profile
