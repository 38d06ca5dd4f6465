#include "infra/single_use/single_use.h"

namespace afterresume::single_use {

Task<void> Use::succeed(sql::Tx&) { co_return; }
Task<void> Use::punish(sql::Tx&) { co_return; }

Task<Verdict> once(sql::Tx& tx, Use& use) {
    auto known = co_await use.lock(tx);
    if (!known) co_return Verdict::spent;
    auto verdict = use.check();
    if (verdict == Verdict::repeated || verdict == Verdict::spent) co_return verdict;
    if (verdict == Verdict::fresh) {
        auto consumed = co_await use.consume(tx);
        if (!consumed)
            throw Error(
                ErrorKind::internal, "single_use.not_locked", "A secret was used past its lock."
            );
        co_await use.succeed(tx);
    } else {
        co_await use.punish(tx);
    }
    co_await use.audit(tx, verdict);
    co_return verdict;
}

}  // namespace afterresume::single_use
