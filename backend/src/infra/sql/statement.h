// Named SQL. A statement is a static constant beside the function that runs it; drivers prepare
// each once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace afterresume::sql {

enum class Dialect { sqlite, postgres };

struct Statement {
    // "worklog.insert": in logs, metrics and errors.
    std::string_view name;
    // With :named parameters. One text serves both databases where it can.
    std::string_view text;
    // What SQLite is told instead, where it must be another text.
    std::string_view sqlite = {};
    // On SQLite: run outside of the transaction's savepoint, right before the commit that it shares
    // with others. For deferred writes to full-text indexes, which put all they have in memory on
    // disk at every savepoint. When it fails, all that share the commit fail.
    bool late = false;

    std::string_view for_dialect(Dialect dialect) const {
        return dialect == Dialect::sqlite && !sqlite.empty() ? sqlite : text;
    }
};

// A statement with its :names replaced by $1… (PostgreSQL) or ?1… (SQLite). A name used twice has
// one number. Quoted text, comments and PostgreSQL's :: casts are left alone.
struct Positional {
    std::string text;
    std::vector<std::string> names;
};
Positional to_positional(std::string_view text, Dialect dialect);

}  // namespace afterresume::sql
