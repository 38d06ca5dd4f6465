// What other features ask about operators.
#pragma once

#include "core/scope.h"
#include "infra/sql/database.h"

namespace afterresume::accounts {

// For acts of operators, in the transaction of the act, of whatever kind that is: whoever `by` is
// may operate the installation at this moment, and not only look at it. The machine's owner may.
// Throws Error(forbidden, "accounts.may_only_look").
Task<void> require_operating(sql::Tx& tx, const Scope& by);
// The same as an answer.
Task<bool> may_operate(sql::Tx& tx, const Scope& by);
// The operator in a tenant, as its trail names them; no membership, and no right to anything.
Scope operator_in(TenantId tenant, const Scope& by);

}  // namespace afterresume::accounts
