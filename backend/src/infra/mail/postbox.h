// Where features post letters: in the transaction of what they are about, so that nothing is sent
// for one that is rolled back. What carries them away is set by app/, which owns it.
#pragma once

#include "core/scope.h"
#include "infra/mail/letter.h"
#include "infra/sql/database.h"

#include <functional>

namespace afterresume::mail {

class Postbox {
public:
    using Carry = std::function<Task<void>(sql::Tx&, const Scope&, Letter)>;

    void carry_with(Carry carry) { carry_ = std::move(carry); }
    // It is sent some time after the commit, more than once at the worst.
    Task<void> post(sql::Tx& tx, const Scope& scope, Letter letter) {
        return carry_(tx, scope, std::move(letter));
    }

private:
    Carry carry_;
};

}  // namespace afterresume::mail
