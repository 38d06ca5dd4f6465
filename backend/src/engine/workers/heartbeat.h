// The heartbeat of a worker: what one beat is, and the loop that sends them. Where Parts can open
// the database once more, the loop has a thread and a connection of its own, so that neither a busy
// io_context nor a database whose connections are all taken makes a beat late. But it beats only as
// long as the worker's thread turns now and then: one that hangs would keep its jobs for good.
#pragma once

#include "engine/jobs/processes.h"
#include "engine/workers/worker.h"

#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace afterresume::workers {

using LeasePointer = std::shared_ptr<jobs::Lease>;

// What one beat found out.
struct Beat {
    // The one it was sent for.
    LeasePointer lease;
    jobs::BootTime sent{0};
    // What the database says the worker runs: of what it holds, or all there is.
    std::vector<jobs::Running> running;
    bool all = true;
    // Set when the lease was over: the worker is registered anew under this one.
    LeasePointer successor;
};

// Registers the worker of the lease, which is trusted from then on.
Task<void> enlist(
    sql::Database& database, LeasePointer lease, const Options& options, const Clock& clock
);
// Prolongs the lease; or ends it at once, and begins another, where it was declared dead.
// It asks for all that the worker runs, or only for what it holds.
Task<Beat> send_beat(
    sql::Database& database, LeasePointer lease, const Options& options, const Clock& clock,
    bool for_all = true
);

class Heartbeat {
public:
    // `heard` takes what each beat found out, on whichever thread beats.
    using Heard = std::function<void(Beat)>;

    // Beats from then on. What `parts` names outlives it.
    Heartbeat(const Parts& parts, const Options& options, LeasePointer lease, Heard heard);
    // Waits for nothing but the handler that runs at the moment.
    ~Heartbeat();
    Heartbeat(const Heartbeat&) = delete;
    Heartbeat& operator=(const Heartbeat&) = delete;

    // The next one comes at once.
    void beat_soon();
    // A claim failed, and nobody knows whether it was committed: the next two ask for all, so that
    // what it took is told from what is on its way.
    void ask_for_all();

private:
    class Loop;
    // Null where the worker's are used.
    std::unique_ptr<boost::asio::io_context> io_;
    std::unique_ptr<sql::Database> database_;
    std::shared_ptr<Loop> loop_;
    std::thread thread_;
};

}  // namespace afterresume::workers
