// The second fence on SQLite, which has no row level security: views, triggers and an authorizer on
// one connection. Owned by its connection, which must outlive it; used by that connection's thread.
//
// Reading: a temporary view of each tenant table's name, filtered by current_tenant(), hides the
// table itself, and the authorizer refuses to read the table anywhere else. Views of the schema
// whose name begins with lookup_ may. Tables of people are hidden alike, by current_user_id() and
// their membership. Writing: triggers skip foreign rows and refuse to make any, as policies do on
// PostgreSQL. What only grows is never changed, but that a row with a purged_at may be emptied
// once. Full-text indexes (their names end in _fts) are read only beside a tenant table's view;
// joining the two is the statement's duty.
#pragma once

#include "infra/sql/sqlite.h"
#include "infra/sql/sqlite_text.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_context;
struct sqlite3_stmt;
struct sqlite3_value;

namespace afterresume::sql {

// For whom a statement runs. Without tenant and engine: before anybody signed in.
struct Reach {
    std::optional<std::int64_t> tenant;
    std::optional<std::int64_t> user;
    bool engine = false;
    // What nobody waits for: a job's writes. Those of people go first.
    bool background = false;
};

class SqliteFence {
public:
    // Reads the schema as it is now and raises the fence around it.
    SqliteFence(sqlite3* connection, const SqliteOptions& options, Access access);
    ~SqliteFence();
    SqliteFence(const SqliteFence&) = delete;
    SqliteFence& operator=(const SqliteFence&) = delete;

    // For the statements that run next.
    void act_for(Reach reach) { reach_ = reach; }
    // A statement of the program, checked. Throws std::logic_error for one that goes round the
    // fence, SqliteError for one that SQLite refuses.
    sqlite3_stmt* prepare(std::string_view name, std::string_view text);

private:
    void read_schema();
    void define_functions();
    void raise_views(const TableFences& fences);
    void raise_triggers(const TableFences& fences);
    // No row for which `own` (a function of "OLD" or "NEW") is not true is changed or made.
    template <class Own>
    void guard_rows(const std::string& table, Own own);
    void trigger(
        const std::string& table, const char* event, const std::string& when, const char* raise
    );

    void find_written(const std::string& target);
    void connect_virtual_tables(std::string_view text);

    static void current_tenant(sqlite3_context* context, int, sqlite3_value**);
    static void current_user_id(sqlite3_context* context, int, sqlite3_value**);
    static void current_engine(sqlite3_context* context, int, sqlite3_value**);
    static void ensure(sqlite3_context* context, int, sqlite3_value** arguments);
    static int authorize(
        void* fence, int action, const char* a, const char* b, const char* schema,
        const char* inside
    );
    bool allows(
        int action, std::string_view a, std::string_view b, std::string_view schema,
        std::string_view inside
    );
    bool allows_read(std::string_view table, std::string_view schema, std::string_view inside);
    bool allows_write(std::string_view table, std::string_view inside) const;

    sqlite3* connection_;
    Reach reach_;
    FencedNames names_;
    std::set<std::string, std::less<>> tenant_tables_;
    int triggers_ = 0;
    std::vector<std::string> virtual_tables_;
    bool json_connected_ = false;
    // Foreign keys in both directions.
    std::multimap<std::string, std::string, std::less<>> neighbours_;

    // Of the statement being prepared.
    bool checking_ = false;
    bool reads_index_ = false;
    bool reads_view_ = false;
    // The table it writes, and those that SQLite reads or writes by itself because of foreign keys.
    std::set<std::string, std::less<>> written_;
};

}  // namespace afterresume::sql
