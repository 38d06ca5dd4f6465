// A worker over a queue of its own, whose workflows the test adds before it opens it. Base of the
// tests of workers and of what workflows do, on both databases.
#pragma once

#include "engine/jobs/testing.h"
#include "engine/workers/worker.h"

namespace afterresume::workers {

// Everybody has the role that the test says, or none.
class Roles : public orchestration::Rights {
public:
    Task<std::optional<Identity>> find(TenantId tenant, UserId user) override {
        if (!role) co_return std::nullopt;
        Identity identity;
        identity.tenant = tenant;
        identity.user = user;
        identity.role = *role;
        co_return identity;
    }
    std::optional<Role> role = Role::member;
};

class WorkersTest : public jobs::JobsTest {
protected:
    Parts parts() {
        return {scratch->io(), scratch->database(), workflows, rights, doorbell, pool, clock, log,
                &metrics};
    }
    std::unique_ptr<Worker> open_worker(Options options = {}) {
        auto made = std::make_unique<Worker>(parts(), std::move(options));
        run(made->open());
        return made;
    }
    std::size_t work() { return run(subject->work_until_idle()); }

    Roles rights;
    WorkPool pool{1};
    observability::Log log{observability::Level::error, observability::LogFormat::text, stderr};
    observability::Metrics metrics;
    orchestration::Workflows workflows{types};
    std::unique_ptr<Worker> subject;
};

}  // namespace afterresume::workers
