// The only SQL of system: what operators did and switched, and how they see into tenants' jobs. For
// transactions of the engine.
#pragma once

#include "core/page.h"
#include "features/system/break_glass_schema.h"
#include "features/system/model.h"
#include "infra/sql/database.h"

namespace afterresume::system {

// What a job was given and gave, as it is kept.
struct KeptContent {
    Json payload;
    std::optional<Json> result;
    std::optional<std::string> error_message;
};
BOOST_DESCRIBE_STRUCT(KeptContent, (), (payload, result, error_message))

class Repository {
public:
    // Awaits nothing: travels with the commit.
    void insert(sql::Tx& tx, const OperatorAct& act);
    Task<std::vector<SwitchedFlag>> list_flags(sql::Tx& tx);
    void set_flag(sql::Tx& tx, const SwitchedFlag& flag);
    // Newest first, those before a place.
    Task<Page<OperatorAct>> list(sql::Tx& tx, Uuid before, std::int64_t page_size);

    // Whether it is: nobody has two of one tenant open.
    Task<bool> insert_break_glass(sql::Tx& tx, const BreakGlass& glass);
    // Newest first.
    Task<std::vector<BreakGlass>> list_break_glass(
        sql::Tx& tx, Id<BreakGlass> before, std::int64_t most
    );
    Task<std::optional<BreakGlass>> find_break_glass(sql::Tx& tx, Id<BreakGlass> id);
    // Until the transaction ends.
    Task<std::optional<BreakGlass>> lock_break_glass(sql::Tx& tx, Id<BreakGlass> id);
    void end_break_glass(sql::Tx& tx, const BreakGlass& glass);
    Task<std::optional<BreakGlass>> find_open_break_glass(
        sql::Tx& tx, TenantId tenant, UserId by, Timestamp now
    );
    // Of a job of the tenant that it is for, while it is open and nobody ends it until the
    // transaction ends. No other statement reads what is in a job for operators.
    Task<std::optional<KeptContent>> find_content(
        sql::Tx& tx, const BreakGlass& glass, Uuid job, Timestamp now
    );
};

}  // namespace afterresume::system
