// Waits of an attempt that hold no slot and count no attempt: the job steps aside, and its workflow
// begins anew when the wait is over, from its kept steps. Owned by the run, beside the checkpoints.
#pragma once

#include "engine/jobs/waiting.h"
#include "engine/orchestration/checkpoints.h"

namespace afterresume::orchestration {

// What each promises is told by Run; each throws Stopped where the attempt ends.
class Waits {
public:
    Waits(
        Checkpoints& checkpoints, Surroundings surroundings, const jobs::Claimed& job,
        const Scope& scope
    )
        : checkpoints_(checkpoints), surroundings_(surroundings), job_(job), scope_(scope) {}

    Task<std::vector<jobs::Ended>> for_made(
        std::string name, jobs::Origin origin, std::vector<jobs::Node> nodes
    );
    Task<void> until(Timestamp time);
    // JSON text.
    Task<std::optional<std::string>> for_call(std::string name, Timestamp until);

private:
    Task<void> make(std::string name, jobs::Origin origin, std::vector<jobs::Node> nodes);
    Task<std::vector<jobs::Ended>> look_at(std::vector<jobs::JobId> ids);
    // Ends the attempt with what `write(tx)` writes of it.
    template <class Write>
    Task<void> step_aside(Write write) {
        co_await checkpoints_.fenced([&](sql::Tx& tx) -> Task<void> {
            write(tx);
            co_return;
        });
        throw Stopped{Stopped::Reason::waiting};
    }

    Checkpoints& checkpoints_;
    Surroundings surroundings_;
    const jobs::Claimed& job_;
    const Scope& scope_;
};

}  // namespace afterresume::orchestration
