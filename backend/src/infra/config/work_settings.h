// How jobs are worked off. Read as a part of Settings.
#pragma once

#include "core/describe/notes.h"
#include "infra/config/types.h"

#include <cstdint>
#include <string>
#include <vector>

namespace afterresume::config {

struct WorkSettings {
    std::int64_t resume_debounce_s = 5;
    std::int64_t worker_concurrency = 8;
    std::vector<std::string> worker_queues;
    std::int64_t job_retention_days = 30;
    std::int64_t tenant_deletion_days = 7;
    bool workflow_auto_chain = true;
};
BOOST_DESCRIBE_STRUCT(
    WorkSettings, (),
    (resume_debounce_s, worker_concurrency, worker_queues, job_retention_days, tenant_deletion_days,
     workflow_auto_chain)
)

constexpr auto notes(WorkSettings*) {
    using namespace describe;
    using S = WorkSettings;
    return std::tuple{
        note(
            &S::resume_debounce_s, "Quiet seconds after a change before the résumé is refreshed",
            range{0, 60}
        ),
        note(&S::worker_concurrency, "Jobs run at once by one process", range{1, 256}),
        note(&S::worker_queues, "Queues this worker serves, comma separated; empty means all"),
        note(&S::job_retention_days, "Days that finished jobs are kept", range{1, 3650}),
        note(
            &S::tenant_deletion_days,
            "Days in which an owner can have a deleted tenant back, before it goes for good",
            range{0, 365}
        ),
        note(
            &S::workflow_auto_chain,
            "Whether an analysed entry leads to skills and a fresh résumé by itself"
        ),
    };
}

}  // namespace afterresume::config
