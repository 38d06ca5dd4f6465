// Makes of a feature's statement what SQLite is given: tables it writes are named past their fence
// views, row locks are left out, and what could name a fenced table past its view is refused.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace afterresume::sql {

struct FencedNames {
    // Tables that a view of their name hides, in lower case.
    std::set<std::string, std::less<>> fenced_tables;
    // Where full-text indexes keep their rows: never named in a statement.
    std::set<std::string, std::less<>> hidden_tables;
};

struct SqliteText {
    std::string text;
    // The table that an INSERT, UPDATE or DELETE writes, in lower case; empty for a query.
    std::string target;
};

// `FOR UPDATE` and the like are dropped wherever they stand, for SQLite's writer is alone anyway.
// Throws std::logic_error for a statement that names a schema or a hidden table, or replaces rows
// of a fenced table.
SqliteText fenced_text(std::string_view statement, const FencedNames& names);

// The condition of a trigger on a table with these columns (each the first field of a row) under
// which an update does anything but empty the row, once, and say so by its purged_at; without that
// column no condition.
std::string unless_emptied(const std::vector<std::vector<std::string>>& columns);

}  // namespace afterresume::sql
