#include "features/system/flags.h"

#include <algorithm>

namespace afterresume::system {

Flags::Flags(sql::Database& database, std::vector<Flag> always_on, std::function<Rows::Time()> now)
    : switched_(
          database, [](sql::Tx& tx) { return Repository().list_flags(tx); }, std::move(now)
      ),
      always_on_(std::move(always_on)) {}

bool Flags::is_always_on(Flag flag) const {
    return std::ranges::find(always_on_, flag) != always_on_.end();
}

Task<bool> Flags::is_on(Flag flag, std::optional<TenantId> tenant) {
    if (is_always_on(flag)) co_return true;
    auto known = co_await switched_.get();
    co_return std::ranges::any_of(*known, [&](const SwitchedFlag& one) {
        return one.flag == flag && one.on && (!one.tenant_id || one.tenant_id == tenant);
    });
}

}  // namespace afterresume::system
