// The only SQL of system: what operators did and switched. For transactions of the engine.
#pragma once

#include "core/page.h"
#include "features/system/model.h"
#include "infra/sql/database.h"

namespace afterresume::system {

class Repository {
public:
    // Awaits nothing: travels with the commit.
    void insert(sql::Tx& tx, const OperatorAct& act);
    Task<std::vector<SwitchedFlag>> list_flags(sql::Tx& tx);
    void set_flag(sql::Tx& tx, const SwitchedFlag& flag);
    // Newest first, those before a place.
    Task<Page<OperatorAct>> list(sql::Tx& tx, Uuid before, std::int64_t page_size);
};

}  // namespace afterresume::system
