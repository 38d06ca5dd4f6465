// The one list of what a tenant's tables give to its export, and of those that give nothing.
#pragma once

#include "core/scope.h"
#include "infra/sql/database.h"

#include <optional>
#include <span>
#include <string>

namespace afterresume::exports {

// Some rows as a list in JSON, and after which the next ones come when there are more.
struct Rows {
    std::string json;
    std::optional<std::int64_t> last;
};

struct ExportedTable {
    std::string_view name;
    // Those whose number is greater than `after`, in its order, at most `most`.
    Task<Rows> (*rows)(sql::Tx& tx, const Scope& scope, std::int64_t after, std::int64_t most);
};
std::span<const ExportedTable> exported_tables();

// What a machine keeps for itself, secrets and what stands for them, and what can be read
// elsewhere.
std::span<const std::string_view> tables_not_exported();

}  // namespace afterresume::exports
