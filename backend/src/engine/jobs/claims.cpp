#include "engine/jobs/claims.h"

#include <algorithm>

namespace afterresume::jobs {

namespace {

constexpr sql::Statement claim_on_postgres{"jobs.claim", R"sql(
    WITH picked AS MATERIALIZED (
        SELECT ready.id
        FROM jsonb_to_recordset(:shares) AS share(queue text, tenant_id bigint, jobs bigint, fronts jsonb)
        CROSS JOIN LATERAL (
            SELECT of_priority.id
            FROM jsonb_to_recordset(share.fronts) AS front(priority integer, since timestamptz)
            CROSS JOIN LATERAL (
                SELECT hot.id, hot.run_at + hot.priority * interval '5 minutes' AS rank FROM job_hot hot
                WHERE hot.state = 'ready' AND hot.queue = share.queue AND hot.tenant_id = share.tenant_id
                  AND hot.priority = front.priority AND hot.run_at >= front.since
                  AND hot.type = ANY (ARRAY(SELECT jsonb_array_elements_text(:types)))
                ORDER BY hot.run_at, hot.id LIMIT share.jobs FOR UPDATE SKIP LOCKED
            ) of_priority
            ORDER BY of_priority.rank, of_priority.id LIMIT share.jobs
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
           job.correlation_id, job.max_attempts, job.deadline, job.estimated_cost
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
           hot.priority, job.user_id, job.payload, job.root_id, job.trace_id, job.correlation_id, job.max_attempts, job.deadline,
           job.estimated_cost
    FROM json_each(:ids) AS claimed
    JOIN job_hot AS hot ON hot.id = claimed.value
    JOIN job ON job.id = hot.id)sql"};

// A tenant's rows are locked for nothing by a claim that has no room for it, nor is a tenant looked
// at for anything beyond one for each job. But which of a few is next is told by what the worker
// remembers, and not by what is stored; and others may hold the rows of some.
constexpr std::int64_t fewest_contenders = 4;
constexpr std::int64_t most_contenders = 64;

struct Share {
    QueueName queue = QueueName::ai;
    TenantId tenant_id;
    std::int64_t jobs = 0;
    std::vector<Front> fronts;
};
BOOST_DESCRIBE_STRUCT(Share, (), (queue, tenant_id, jobs, fronts))

// Those that wait in one queue, as they are served.
std::vector<Sighting> in_turn(const std::vector<Sighting>& seen, QueueName queue, Places& places) {
    std::vector<Contender> contenders;
    for (const auto& sighting : seen) {
        if (sighting.contender.queue != queue) continue;
        places.recall(contenders.emplace_back(sighting.contender));
    }
    align(contenders, places.clock(queue));
    for (const auto& contender : contenders) places.wait(contender);
    std::vector<Sighting> turn;
    auto aligned = contenders.begin();
    for (const auto& sighting : seen) {
        if (sighting.contender.queue != queue) continue;
        if (sighting.held) turn.push_back({*aligned, true, sighting.fronts, sighting.vtime});
        ++aligned;
    }
    std::ranges::sort(turn, {}, [](const Sighting& one) {
        return std::pair(one.contender.vtime, one.contender.tenant_id);
    });
    return turn;
}

std::vector<Share> shares_of(const std::vector<Sighting>& turn, std::int64_t limit) {
    std::vector<Contender> contenders;
    for (const auto& sighting : turn) contenders.push_back(sighting.contender);
    auto jobs = share_out(contenders, limit);
    std::vector<Share> shares;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (jobs[i] == 0) continue;
        shares.push_back({contenders[i].queue, contenders[i].tenant_id, jobs[i], turn[i].fronts});
    }
    return shares;
}

Task<std::vector<Claimed>> claim_on(
    sql::Tx& tx, const ClaimRequest& request, const std::vector<Share>& shares
) {
    auto types = sql::named("types", request.types);
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
// Of one that gave nothing, whoever has taken it all tells.
std::vector<Charge> charges_of(
    const std::vector<Sighting>& turn, const std::vector<Share>& shares,
    const std::vector<Claimed>& claimed
) {
    std::vector<Charge> charges;
    auto sighting = turn.begin();
    for (const auto& share : shares) {
        while (sighting->contender.tenant_id != share.tenant_id) ++sighting;
        const auto& contender = sighting->contender;
        Charge charge{share.queue, share.tenant_id};
        double turns = 0;
        for (const auto& job : claimed) {
            if (job.tenant_id != share.tenant_id) continue;
            ++charge.jobs;
            turns += turns_of(job.estimated_cost);
        }
        if (charge.jobs == 0) continue;
        charge.seen = sighting->vtime;
        charge.turns = turns / static_cast<double>(contender.weight);
        charge.vtime = contender.vtime + charge.turns;
        charge.active = charge.jobs == share.jobs && charge.jobs != contender.room;
        charges.push_back(charge);
    }
    return charges;
}

Task<std::vector<Claimed>> claim_from(
    sql::Tx& tx, const ClaimRequest& request, const std::vector<Sighting>& turn, std::int64_t limit,
    std::vector<Charge>& charges
) {
    auto shares = shares_of(turn, limit);
    if (shares.empty()) co_return std::vector<Claimed>{};
    auto claimed = co_await claim_on(tx, request, shares);
    std::ranges::copy(charges_of(turn, shares, claimed), std::back_inserter(charges));
    co_return claimed;
}

}  // namespace

void plan_by_index(sql::Tx& tx) {
    static constexpr sql::Statement statement{
        "jobs.plan_by_index", R"sql(
        SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
               set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
               set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true))sql"
    };
    if (tx.dialect() == sql::Dialect::postgres) tx.defer(statement);
}

void promote_due(sql::Tx& tx, Timestamp now, Timestamp since) {
    static constexpr sql::Statement statement{
        "jobs.promote_due",
        R"sql(
        UPDATE job_hot SET state = 'ready'
        WHERE id = ANY (ARRAY(
            SELECT id FROM job_hot WHERE state IN ('scheduled', 'waiting') AND run_at <= :now AND run_at >= :since
            ORDER BY run_at LIMIT 1000 FOR UPDATE SKIP LOCKED)))sql",
        R"sql(
        UPDATE job_hot SET state = 'ready'
        WHERE id IN (
            SELECT id FROM job_hot WHERE state IN ('scheduled', 'waiting') AND run_at <= :now AND run_at >= :since
            ORDER BY run_at LIMIT 1000))sql"
    };
    tx.defer(statement, sql::named("now", now), sql::named("since", since));
}

Task<Claims> claim(sql::Tx& tx, ClaimRequest request, std::vector<Freed> freed) {
    Claims claims{{}, false, std::move(request.places)};
    auto& places = claims.places;
    LookRequest where{
        request.queues, request.types, places.to_look_at(request.look),
        std::clamp(request.limit, fewest_contenders, most_contenders),
        2 * std::max(request.limit, fewest_contenders)
    };
    auto seen = co_await look(tx, std::move(where));
    places.note(seen, request.look, request.now);
    auto left = request.limit;
    std::vector<Charge> charges;
    for (auto queue : request.queues) {
        if (left == 0) break;
        auto turn = in_turn(seen, queue, places);
        auto claimed = co_await claim_from(tx, request, turn, left, charges);
        left -= static_cast<std::int64_t>(claimed.size());
        places.pass(claimed);
        for (auto& job : claimed) job.worker = request.worker;
        std::ranges::move(claimed, std::back_inserter(claims.jobs));
    }
    settle(tx, freed, charges);
    for (const auto& one : charges) places.advance(one);
    claims.more = left > 0 && !seen.empty();
    co_return claims;
}

void hold(sql::Tx& tx, const Fence& fence) {
    static constexpr sql::Statement statement{"jobs.hold", R"sql(
        SELECT ensure(count(*) = 1, :not_held)
        FROM (SELECT id FROM job_hot
              WHERE id = :id AND lease_seq = :lease_seq AND worker_id = :worker AND NOT cancel_requested
              FOR NO KEY UPDATE) AS held)sql"};
    tx.defer(statement, fence, sql::named("not_held", not_held));
}

}  // namespace afterresume::jobs
