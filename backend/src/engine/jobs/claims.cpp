#include "engine/jobs/claims.h"
#include "engine/jobs/tenant_queue.h"

#include <algorithm>

namespace afterresume::jobs {

namespace {

constexpr sql::Statement claim_on_postgres{"jobs.claim", R"sql(
    WITH picked AS MATERIALIZED (
        SELECT ready.id
        FROM jsonb_to_recordset(:shares) AS share(queue text, tenant_id bigint, jobs bigint, after bigint)
        CROSS JOIN LATERAL (
            SELECT hot.id FROM job_hot hot
            WHERE hot.state = 'ready' AND hot.queue = share.queue AND hot.tenant_id = share.tenant_id
              AND hot.type = ANY (ARRAY(SELECT jsonb_array_elements_text(:types)))
              AND hot.run_at - timestamptz '2000-01-01 00:00:00+00' + hot.priority * interval '5 minutes'
                  >= share.after * interval '1 millisecond'
            ORDER BY hot.run_at - timestamptz '2000-01-01 00:00:00+00' + hot.priority * interval '5 minutes', hot.id
            LIMIT share.jobs FOR UPDATE SKIP LOCKED
        ) ready
    ), claimed AS (
        UPDATE job_hot hot
        SET state = 'running', worker_id = :worker, lease_seq = hot.lease_seq + 1, attempts = hot.attempts + 1,
            started_at = coalesce(hot.started_at, :now), event_seq = hot.event_seq + 1, latest_at = NULL,
            unique_key = CASE WHEN hot.key_held_while_running THEN hot.unique_key END
        WHERE hot.id = ANY (ARRAY(SELECT picked.id FROM picked))
        RETURNING hot.id, hot.tenant_id, hot.type, hot.queue, hot.lease_seq, hot.generation, hot.attempts, hot.rescues,
                  hot.event_seq, hot.run_at, hot.priority
    ), begun AS (
        INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data)
        SELECT id, event_seq, tenant_id, :now, 'info', 'worker', 'Started',
               jsonb_build_object('event', 'started', 'attempt', attempts)
        FROM claimed WHERE event_seq > 2
    )
    SELECT claimed.id, claimed.lease_seq, claimed.tenant_id, claimed.type, claimed.queue, claimed.generation,
           claimed.attempts, claimed.rescues, claimed.run_at, claimed.priority, job.user_id, job.payload, job.root_id, job.trace_id,
           job.correlation_id, job.max_attempts, job.deadline
    FROM claimed
    CROSS JOIN LATERAL (SELECT * FROM job WHERE job.id = claimed.id LIMIT 1) job)sql"};

constexpr sql::Statement claim_on_sqlite{"jobs.claim", R"sql(
    UPDATE job_hot
    SET state = 'running', worker_id = :worker, lease_seq = lease_seq + 1, attempts = attempts + 1,
        started_at = coalesce(started_at, :now), event_seq = event_seq + 1, latest_at = NULL,
        unique_key = CASE WHEN key_held_while_running THEN unique_key END
    WHERE id IN (
        SELECT id FROM job_hot
        WHERE state = 'ready' AND queue = :queue AND tenant_id = :tenant_id
          AND type IN (SELECT value FROM json_each(:types))
        ORDER BY run_at + priority * 300000, id LIMIT :jobs
    )
    RETURNING id)sql"};

constexpr sql::Statement begin_on_sqlite{"jobs.begin", R"sql(
    INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data)
    SELECT hot.id, hot.event_seq, hot.tenant_id, :now, 'info', 'worker', 'Started',
           json_object('event', 'started', 'attempt', hot.attempts)
    FROM json_each(:ids) AS claimed JOIN job_hot AS hot ON hot.id = claimed.value
    WHERE hot.event_seq > 2)sql"};

constexpr sql::Statement read_on_sqlite{"jobs.read_claimed", R"sql(
    SELECT hot.id, hot.lease_seq, hot.tenant_id, hot.type, hot.queue, hot.generation, hot.attempts, hot.rescues, hot.run_at,
           hot.priority, job.user_id, job.payload, job.root_id, job.trace_id, job.correlation_id, job.max_attempts, job.deadline
    FROM json_each(:ids) AS claimed
    JOIN job_hot AS hot ON hot.id = claimed.value
    JOIN job ON job.id = hot.id)sql"};

// A tenant's rows are locked for nothing by a claim that has no room for it.
constexpr std::int64_t most_contenders = 64;

struct Share {
    QueueName queue = QueueName::ai;
    TenantId tenant_id;
    std::int64_t jobs = 0;
    std::int64_t after = 0;
};
BOOST_DESCRIBE_STRUCT(Share, (), (queue, tenant_id, jobs, after))

// Before every rank.
constexpr std::int64_t beginning = -100'000'000'000'000;

// As the index of ready jobs has it.
std::int64_t rank_of(const Claimed& job) {
    using namespace std::chrono;
    constexpr auto origin = sys_days(year(2000) / 1 / 1);
    return duration_cast<milliseconds>(job.run_at - origin + job.priority * minutes(5)).count();
}

using Contenders = std::span<const Contender>;

std::vector<Share> shares_of(Contenders contenders, std::int64_t limit, const Passed& passed) {
    std::vector<Share> shares;
    auto jobs = share_out(contenders, limit);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (jobs[i] == 0) continue;
        const auto& [queue, tenant, weight, vtime, room] = contenders[i];
        auto known = passed.find({queue, tenant});
        shares.push_back({queue, tenant, jobs[i], known == passed.end() ? beginning : known->second}
        );
    }
    return shares;
}

void pass(Passed& passed, const std::vector<Claimed>& claimed) {
    for (const auto& job : claimed) {
        auto rank = rank_of(job);
        auto [known, fresh] = passed.try_emplace({job.queue, job.tenant_id}, rank);
        if (!fresh) known->second = std::max(known->second, rank);
    }
}

std::vector<std::string> names_of(const Efforts& types) {
    std::vector<std::string> names;
    for (const auto& [name, effort] : types) names.push_back(name);
    return names;
}

Task<std::vector<Claimed>> claim_on(
    sql::Tx& tx, const ClaimRequest& request, const std::vector<Share>& shares
) {
    auto types = sql::named("types", names_of(request.types));
    auto worker = sql::named("worker", request.worker);
    auto now = sql::named("now", request.now);
    if (tx.dialect() == sql::Dialect::postgres) {
        co_return co_await tx.all<Claimed>(
            claim_on_postgres, worker, now, types, sql::named("shares", shares)
        );
    }
    std::vector<Uuid> ids;
    for (const auto& share : shares) {
        auto more = co_await tx.all<Uuid>(claim_on_sqlite, worker, now, types, share);
        ids.insert(ids.end(), more.begin(), more.end());
    }
    if (ids.empty()) co_return std::vector<Claimed>{};
    tx.defer(begin_on_sqlite, now, sql::named("ids", ids));
    co_return co_await tx.all<Claimed>(read_on_sqlite, sql::named("ids", ids));
}

// A tenant that gave less than its share has no more, and one that came to its limit gives no more.
std::vector<Charge> charges_of(
    Contenders contenders, const std::vector<Share>& shares, const std::vector<Claimed>& claimed,
    const Efforts& types
) {
    std::vector<Charge> charges;
    auto contender = contenders.begin();
    for (const auto& share : shares) {
        while (contender->tenant_id != share.tenant_id) ++contender;
        Charge charge{share.queue, share.tenant_id};
        std::int64_t effort = 0;
        for (const auto& job : claimed) {
            if (job.tenant_id != share.tenant_id) continue;
            ++charge.jobs;
            effort += types.find(job.type)->second;
        }
        charge.vtime = static_cast<double>(effort) / static_cast<double>(contender->weight);
        charge.ready_hint = charge.jobs == share.jobs && charge.jobs != contender->room;
        charges.push_back(charge);
    }
    return charges;
}

// From one queue; all contenders are of it.
Task<std::vector<Claimed>> claim_from(
    sql::Tx& tx, const ClaimRequest& request, Contenders contenders, std::int64_t limit
) {
    auto shares = shares_of(contenders, limit, request.passed);
    if (shares.empty()) co_return std::vector<Claimed>{};
    auto claimed = co_await claim_on(tx, request, shares);
    charge(tx, charges_of(contenders, shares, claimed, request.types));
    co_return claimed;
}

}  // namespace

void plan_by_index(sql::Tx& tx) {
    static constexpr sql::Statement statement{"jobs.plan_by_index", R"sql(
        SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
               set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
               set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true))sql"};
    if (tx.dialect() == sql::Dialect::postgres) tx.defer(statement);
}

void promote_due(sql::Tx& tx, Timestamp now) {
    static constexpr sql::Statement statement{
        "jobs.promote_due",
        R"sql(
        UPDATE job_hot SET state = 'ready'
        WHERE id = ANY (ARRAY(
            SELECT id FROM job_hot WHERE state IN ('scheduled', 'waiting') AND run_at <= :now
            ORDER BY run_at LIMIT 1000 FOR UPDATE SKIP LOCKED)))sql",
        R"sql(
        UPDATE job_hot SET state = 'ready'
        WHERE id IN (
            SELECT id FROM job_hot WHERE state IN ('scheduled', 'waiting') AND run_at <= :now
            ORDER BY run_at LIMIT 1000))sql"
    };
    tx.defer(statement, sql::named("now", now));
}

Task<Claims> claim(sql::Tx& tx, ClaimRequest request) {
    if (request.sweep) {
        sweep(tx, names_of(request.types));
        request.passed.clear();
    }
    auto contenders =
        co_await lock_contenders(tx, request.queues, std::min(request.limit, most_contenders));
    Claims claims;
    if (contenders.empty()) {
        claims.more = co_await anyone_contends(tx, request.queues);
        co_return claims;
    }
    auto left = request.limit;
    for (Contenders rest(contenders); !rest.empty() && left > 0;) {
        auto of_next = std::ranges::find_if(rest, [&](const Contender& contender) {
            return contender.queue != rest.front().queue;
        });
        auto count = static_cast<std::size_t>(of_next - rest.begin());
        auto claimed = co_await claim_from(tx, request, rest.first(count), left);
        left -= static_cast<std::int64_t>(claimed.size());
        std::ranges::move(claimed, std::back_inserter(claims.jobs));
        rest = rest.subspan(count);
    }
    claims.more = left > 0;
    claims.passed = std::move(request.passed);
    pass(claims.passed, claims.jobs);
    co_return claims;
}

void hold(sql::Tx& tx, const Fence& fence) {
    static constexpr sql::Statement statement{"jobs.hold", R"sql(
        SELECT ensure(count(*) = 1, :not_held)
        FROM (SELECT id FROM job_hot
              WHERE id = :id AND lease_seq = :lease_seq AND NOT cancel_requested FOR NO KEY UPDATE) AS held)sql"};
    tx.defer(statement, fence, sql::named("not_held", not_held));
}

}  // namespace afterresume::jobs
