#include "engine/jobs/control.h"

#include "engine/jobs/descendants.h"
#include "engine/jobs/edges.h"
#include "engine/jobs/keys.h"
#include "engine/jobs/outcomes.h"
#include "engine/jobs/partitions.h"

namespace afterresume::jobs {

namespace {

constexpr std::int64_t descendants_at_once = 500;

struct Hot {
    std::int64_t lease_seq = 0;
    State state = State::ready;
    bool cancel_requested = false;
};
BOOST_DESCRIBE_STRUCT(Hot, (), (lease_seq, state, cancel_requested))

constexpr sql::Statement lock_hot{"jobs.lock_own", R"sql(
    SELECT lease_seq, state, cancel_requested FROM job_hot
    WHERE id = :id AND tenant_id = :tenant_id FOR UPDATE)sql"};

struct Header {
    std::optional<Status> status;
};
BOOST_DESCRIBE_STRUCT(Header, (), (status))

constexpr sql::Statement get_own{"jobs.get_own", R"sql(
    SELECT status FROM job WHERE id = :id AND tenant_id = :tenant_id AND user_id = :user_id)sql"};

struct Own {
    Header header;
    // Nothing when the job has ended.
    std::optional<Hot> hot;
};

// The header is looked at first: whose job it is stands there.
Task<Own> lock_own(sql::Tx& tx, Requester requester, JobId id) {
    auto known = co_await tx.find<Header>(get_own, requester, sql::named("id", id));
    if (!known) throw Error::not_found("job");
    auto hot = co_await tx.find<Hot>(lock_hot, requester, sql::named("id", id));
    co_return Own{*known, hot};
}

void request_cancel(sql::Tx& tx, TenantId tenant, const JobId& id, Timestamp now) {
    static constexpr sql::Statement statement{
        "jobs.request_cancel",
        "UPDATE job_hot SET cancel_requested = TRUE WHERE id = :id AND tenant_id = :tenant_id"
    };
    tx.defer(statement, sql::named("id", id), sql::named("tenant_id", tenant));
    append_event(
        tx, tenant, id,
        {now, Level::info, Source::system, "Asked to stop", {{"event", "cancel_requested"}}}
    );
}

}  // namespace

void stop(sql::Tx& tx, TenantId tenant, const std::vector<Unfinished>& jobs, Timestamp now) {
    std::vector<Ending> endings;
    for (const auto& job : jobs) {
        if (job.state == State::running) {
            request_cancel(tx, tenant, job.id, now);
        } else {
            endings.push_back({Fence{job.id, job.lease_seq}, Status::cancelled});
        }
    }
    complete(tx, endings, now);
}

Task<Status> cancel(
    sql::Tx& tx, Requester requester, JobId id, Doorbell& cancels, Timestamp now, Extent extent
) {
    auto own = co_await lock_own(tx, requester, id);
    if (!own.hot && extent == Extent::job)
        throw Error(ErrorKind::conflict, "job.finished", "The job has already ended.");
    auto runs = own.hot && own.hot->state == State::running;
    auto status = runs ? Status::running : own.header.status.value_or(Status::cancelled);
    if (own.hot && !(runs && own.hot->cancel_requested))
        stop(tx, requester.tenant_id, {{id, own.hot->lease_seq, own.hot->state}}, now);
    if (extent == Extent::descendants)
        co_await cancel_descendants(tx, requester.tenant_id, id, descendants_at_once, now);
    if (status == Status::running || extent == Extent::descendants)
        tx.after_commit([&cancels] { cancels.ring(); });
    co_return status;
}

Task<std::int64_t> cancel_all(
    sql::Tx& tx, TenantId tenant, UserId user, std::int64_t most, Doorbell& cancels, Timestamp now
) {
    static constexpr sql::Statement lock_all{"jobs.lock_all", R"sql(
        SELECT hot.id, hot.lease_seq, hot.state
        FROM job_hot hot JOIN job ON job.id = hot.id
        WHERE hot.tenant_id = :tenant_id AND NOT hot.cancel_requested AND :user_id IN (CAST(0 AS bigint), job.user_id)
        ORDER BY hot.id LIMIT :most FOR UPDATE OF hot)sql"};
    auto found = co_await tx.all<Unfinished>(
        lock_all, sql::named("tenant_id", tenant), sql::named("user_id", user),
        sql::named("most", most)
    );
    stop(tx, tenant, found, now);
    if (!found.empty()) tx.after_commit([&cancels] { cancels.ring(); });
    co_return static_cast<std::int64_t>(found.size());
}

namespace {

struct EndedJob {
    std::string type;
    std::optional<std::string> unique_key;
    std::optional<Unique> unique_by;
};
BOOST_DESCRIBE_STRUCT(EndedJob, (), (type, unique_key, unique_by))

// So that nobody else tries it again meanwhile.
Task<EndedJob> lock_ended(sql::Tx& tx, Requester requester, JobId id) {
    static constexpr sql::Statement statement{"jobs.lock_ended", R"sql(
        SELECT type, unique_key, unique_by FROM job
        WHERE id = :id AND tenant_id = :tenant_id AND user_id = :user_id AND status IN ('failed', 'cancelled')
        FOR UPDATE)sql"};
    auto found = co_await tx.find<EndedJob>(statement, requester, sql::named("id", id));
    if (found) co_return std::move(*found);
    throw Error(
        ErrorKind::conflict, "job.not_failed", "Only a failed or cancelled job can be tried again."
    );
}

// Before anything is written, so that one of many can be refused. Whoever takes the key after this
// lets the transaction fail as a whole.
Task<void> require_key(sql::Tx& tx, TenantId tenant, JobId id, EndedJob ended, Timestamp now) {
    static constexpr sql::Statement statement{"jobs.find_key_holder", R"sql(
        SELECT id FROM job_hot
        WHERE tenant_id = :tenant_id AND type = :type AND unique_key = :unique_key)sql"};
    if (!ended.unique_key) co_return;
    auto within_period = ended.unique_by == Unique::within_period;
    auto holder = co_await tx.find<JobId>(statement, ended, sql::named("tenant_id", tenant));
    if (!holder && within_period) {
        Key key{tenant, ended.type, *ended.unique_key};
        if (auto found = co_await take_back_key(tx, key, id, now)) holder = found->id;
    }
    if (!holder) co_return;
    auto at_most = within_period ? "one in its period" : "one at a time";
    throw Error(
        ErrorKind::conflict, "job.key_held",
        fmt::format("The job {} is there, and of its kind there is {}.", holder->text(), at_most)
    );
}

}  // namespace

Task<void> retry(sql::Tx& tx, Requester requester, JobId id, Doorbell& doorbell, Timestamp now) {
    static constexpr sql::Statement bring_forward{"jobs.bring_forward", R"sql(
        UPDATE job_hot SET state = 'ready', run_at = :now
        WHERE id = :id AND tenant_id = :tenant_id AND state = 'scheduled')sql"};
    static constexpr sql::Statement reopen{"jobs.reopen", R"sql(
        UPDATE job
        SET status = NULL, finished_at = NULL, result = NULL, error = NULL, deadline = NULL, generation = generation + 1,
            triggered_by = 'retry'
        WHERE id = :id AND tenant_id = :tenant_id)sql"};
    static constexpr sql::Statement insert_again{"jobs.insert_again", R"sql(
        INSERT INTO job_hot (id, tenant_id, type, queue, priority, state, run_at, unique_key, key_held_while_running,
                             lease_seq, generation, attempts, rescues, event_seq, cancel_requested)
        SELECT job.id, job.tenant_id, job.type, job.queue, job.priority, 'ready', :now, job.unique_key,
               coalesce(job.unique_by IN ('while_unfinished', 'within_period'), FALSE), job.lease_seq + 1, job.generation, 0, 0,
               (SELECT max(event.seq) FROM job_event event WHERE event.job_id = :id), FALSE
        FROM job WHERE job.id = :id AND job.tenant_id = :tenant_id)sql"};
    auto hot = (co_await lock_own(tx, requester, id)).hot;
    tx.after_commit([&doorbell] { doorbell.ring(); });
    if (hot && hot->state == State::scheduled) {
        tx.defer(bring_forward, requester, sql::named("id", id), sql::named("now", now));
        co_return;
    }
    hold_partitions(tx);
    auto again = co_await lock_ended(tx, requester, id);
    co_await require_key(tx, requester.tenant_id, id, std::move(again), now);
    auto ended = co_await find_milestones(tx, id);
    tx.defer(reopen, requester, sql::named("id", id));
    write_down(tx, id, *ended);
    append_event(
        tx, requester.tenant_id, id,
        {now, Level::info, Source::system, "To be tried again", {{"event", "retry_requested"}}}
    );
    tx.defer(insert_again, requester, sql::named("id", id), sql::named("now", now));
    co_await link_again(tx, requester.tenant_id, id);
}

}  // namespace afterresume::jobs
