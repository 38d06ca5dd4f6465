// The only SQL of profiles: the head of each and the members of its sections, every statement for
// the scope's own user.
#pragma once

#include "features/profile/model.h"
#include "infra/sql/database.h"

#include <boost/json/value.hpp>

namespace afterresume::profile {

// The row of a whole profile. `data` is Basics.
struct Head {
    Json data = JsonObject();
    JsonObject extra;
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(Head, (), (data, extra, version))

// A member of a section. `data` is the described struct of that section.
struct Row {
    std::int64_t id = 0;
    Section section = Section::work;
    std::int64_t position = 0;
    Json data;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Row, (), (id, section, position, data, version, created_at, updated_at))

struct Count {
    Section section = Section::work;
    std::int64_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(Count, (), (section, amount))

inline constexpr std::int64_t before_the_first = -1;

class Repository {
public:
    Task<std::optional<Head>> find_head(sql::Tx& tx, const Scope& scope);
    // Raises the profile's version, making its row if need be, and keeps other writers out until
    // the transaction ends. Gives the version that the profile had before.
    Task<std::int64_t> begin_change(sql::Tx& tx, const Scope& scope, Timestamp now);
    void save_basics(sql::Tx& tx, const Scope& scope, const Basics& basics);
    void save_extra(sql::Tx& tx, const Scope& scope, const JsonObject& extra);

    Task<std::vector<Count>> counts(sql::Tx& tx, const Scope& scope);
    Task<std::vector<Row>> rows(sql::Tx& tx, const Scope& scope);
    // Those of one section that come after a position, or `before_the_first`.
    Task<std::vector<Row>> rows(
        sql::Tx& tx, const Scope& scope, Section section, std::int64_t after, std::int64_t limit
    );
    // Throws Error(not_found, …) for another section's or person's.
    Task<Row> get(sql::Tx& tx, const Scope& scope, Section section, std::int64_t id);
    void insert(sql::Tx& tx, const Scope& scope, const Row& row);
    void update(sql::Tx& tx, const Scope& scope, const Row& row);
    void move(sql::Tx& tx, const Scope& scope, std::int64_t id, std::int64_t position);
    void remove(sql::Tx& tx, const Scope& scope, std::int64_t id);
};

template <class T>
Item<T> item_of(const Row& row) {
    Item<T> item;
    static_cast<T&>(item) = describe::from_json<T>(row.data);
    item.id = Id<T>{row.id};
    item.version = row.version;
    item.created_at = row.created_at;
    item.updated_at = row.updated_at;
    return item;
}

template <class T>
std::vector<Item<T>> items_of(const std::vector<Row>& rows) {
    std::vector<Item<T>> items;
    for (const auto& row : rows) {
        if (row.section == T::section) items.push_back(item_of<T>(row));
    }
    return items;
}

}  // namespace afterresume::profile
