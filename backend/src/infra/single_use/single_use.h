// What may be used once: refresh tokens, invitations, codes of mails, steps of one-time passwords.
// Everything of that kind is used through once() and nothing else marks it used; the order of its
// acts is that of backend/tests/model/single_use.pml.
#pragma once

#include "infra/sql/database.h"

namespace afterresume::single_use {

enum class Verdict : std::uint8_t {
    // Good and never used: this use is the one.
    fresh,
    // Used, but this caller may have the same again. Nothing changes.
    repeated,
    // Unknown, used, expired or somebody else's. Nothing changes.
    spent,
    // Used in a way that must have consequences, in this transaction.
    abused,
};

// One use of one secret. Made for one transaction and dead with it.
class Use {
public:
    virtual ~Use() = default;
    Use() = default;
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

    // Takes the lock at which all uses of the secret (or of its family) take turns until the
    // transaction ends, and reads under it what the verdict needs. False when there is no such
    // secret.
    virtual Task<bool> lock(sql::Tx& tx) = 0;
    // Of what was read under the lock, and nothing else.
    virtual Verdict check() const = 0;
    // Marks it used where it was not. False when it was, which the lock rules out.
    virtual Task<bool> consume(sql::Tx& tx) = 0;
    // What takes its place, when there is such a thing.
    virtual Task<void> succeed(sql::Tx& tx);
    // What an abuse leads to.
    virtual Task<void> punish(sql::Tx& tx);
    // Of a fresh or an abused one.
    virtual Task<void> audit(sql::Tx& tx, Verdict verdict) = 0;
};

// Exactly one of any number of uses is fresh, and only if the transaction commits: a use that was
// rolled back burns nothing. An abuse must be committed, too; the caller does both.
Task<Verdict> once(sql::Tx& tx, Use& use);

}  // namespace afterresume::single_use
