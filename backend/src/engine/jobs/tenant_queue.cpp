#include "engine/jobs/tenant_queue.h"

#include <map>

namespace afterresume::jobs {

namespace {

// Jumps from one tenant to the next by the index of ready jobs, however many jobs each has, and
// looks into each priority; both walk over what is dead in between. Places that are given are
// looked at alone, in the order of their turn as far as that is known, until enough of them have
// jobs and room for them: what one look costs hangs on the jobs it is for and not on how many
// tenants there are. Each tenant comes once by itself: to tell what is distinct, a table would be
// made each time that is large enough for what PostgreSQL expects of a recursion. Of the tenants
// that come first those with a limit are locked. What is known of a tenant travels along in one
// row: two such tables are joined row by row here, see plan_by_index().
constexpr sql::Statement look_on_postgres{
    "jobs.look", R"sql(
    WITH RECURSIVE served AS MATERIALIZED (
        SELECT given.name, given.place FROM jsonb_array_elements_text(:queues) WITH ORDINALITY AS given(name, place)
        WHERE NOT EXISTS (SELECT 1 FROM job_queue WHERE job_queue.name = given.name AND job_queue.paused)
    ), given AS MATERIALIZED (
        SELECT known.queue, known.tenant_id, known.fronts
        FROM jsonb_to_recordset(:places) AS known(queue text, tenant_id bigint, vtime double precision, fronts jsonb)
        JOIN served ON served.name = known.queue
        ORDER BY served.place, known.vtime
    ), ready(queue, tenant_id, fronts) AS (
        SELECT queue, tenant_id, fronts FROM given
        UNION ALL
        SELECT served.name, first.tenant_id, NULL::jsonb
        FROM served CROSS JOIN LATERAL (
            SELECT hot.tenant_id FROM job_hot hot WHERE hot.state = 'ready' AND hot.queue = served.name
            ORDER BY hot.tenant_id, hot.priority, hot.run_at LIMIT 1) first
        WHERE :everywhere
        UNION ALL
        SELECT ready.queue, next.tenant_id, NULL::jsonb
        FROM ready CROSS JOIN LATERAL (
            SELECT hot.tenant_id FROM job_hot hot
            WHERE hot.state = 'ready' AND hot.queue = ready.queue AND hot.tenant_id > ready.tenant_id
            ORDER BY hot.tenant_id, hot.priority, hot.run_at LIMIT 1) next
        WHERE :everywhere
    ), tenant AS MATERIALIZED (
        SELECT ready.queue, ready.tenant_id, found.fronts, share.weight, share.max_running, share.tenant_id IS NULL AS is_new,
               newest.*
        FROM ready
        LEFT JOIN tenant_share share ON share.queue = ready.queue AND share.tenant_id = ready.tenant_id
        LEFT JOIN LATERAL (
            SELECT tq.version, tq.running, tq.vtime, tq.active FROM tenant_queue tq
            WHERE tq.queue = share.queue AND tq.tenant_id = share.tenant_id ORDER BY tq.version DESC LIMIT 1) newest ON TRUE
        CROSS JOIN (
            SELECT '[{"priority": 0, "since": "-infinity"}, {"priority": 1, "since": "-infinity"},
                     {"priority": 2, "since": "-infinity"}, {"priority": 3, "since": "-infinity"}]'::jsonb AS front) every
        CROSS JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_object('priority', front.priority, 'since', first.run_at)) AS fronts
            FROM jsonb_to_recordset(coalesce(ready.fronts, every.front)) AS front(priority integer, since timestamptz)
            CROSS JOIN LATERAL (
                SELECT hot.run_at FROM job_hot hot
                WHERE hot.state = 'ready' AND hot.queue = ready.queue AND hot.tenant_id = ready.tenant_id
                  AND hot.priority = front.priority AND hot.run_at >= front.since
                  AND hot.type = ANY (ARRAY(SELECT jsonb_array_elements_text(:types)))
                ORDER BY hot.run_at, hot.id LIMIT 1) first
        ) found
        WHERE found.fronts IS NOT NULL
          AND (share.tenant_id IS NULL
               OR NOT share.paused AND (share.max_running IS NULL OR newest.running < share.max_running))
        LIMIT :enough
    ), introduced AS (
        INSERT INTO tenant_share (queue, tenant_id, weight, paused)
        SELECT queue, tenant_id, 1, FALSE FROM tenant WHERE is_new
        ORDER BY queue, tenant_id ON CONFLICT DO NOTHING
        RETURNING queue, tenant_id
    ), fresh AS (
        INSERT INTO tenant_queue (queue, tenant_id, running, vtime, active)
        SELECT queue, tenant_id, 0, 0, FALSE FROM introduced
        RETURNING queue, tenant_id, running, vtime, active
    ), known AS MATERIALIZED (
        SELECT tenant.*, row_number() OVER (ORDER BY served.place, tenant.vtime, tenant.tenant_id) AS turn
        FROM tenant JOIN served ON served.name = tenant.queue
        WHERE NOT tenant.is_new
    ), contender AS (
        SELECT fresh.queue, fresh.tenant_id, tenant.fronts, 1 AS weight, NULL::integer AS max_running, fresh.running,
               fresh.vtime, fresh.active, TRUE AS held
        FROM fresh JOIN tenant ON tenant.queue = fresh.queue AND tenant.tenant_id = fresh.tenant_id
        UNION ALL
        SELECT known.queue, known.tenant_id, known.fronts, known.weight, known.max_running,
               coalesce(held.running, known.running), coalesce(held.vtime, known.vtime),
               coalesce(held.active, known.active), known.max_running IS NULL OR held.running IS NOT NULL
        FROM known LEFT JOIN LATERAL (
            SELECT tq.running, tq.vtime, tq.active FROM tenant_queue tq
            WHERE known.max_running IS NOT NULL AND known.turn <= :most
              AND tq.queue = known.queue AND tq.tenant_id = known.tenant_id AND tq.version >= known.version
            FOR NO KEY UPDATE SKIP LOCKED) held ON TRUE
        UNION ALL
        -- Introduced by another at this moment.
        SELECT queue, tenant_id, fronts, 1, NULL::integer, 0, 0, FALSE, FALSE FROM tenant
        WHERE is_new
          AND NOT EXISTS (SELECT 1 FROM fresh WHERE fresh.queue = tenant.queue AND fresh.tenant_id = tenant.tenant_id)
    )
    SELECT contender.queue, contender.tenant_id, contender.weight, contender.vtime, contender.active,
           contender.max_running - contender.running AS room, contender.held, front.priority, front.since
    FROM contender
    CROSS JOIN LATERAL jsonb_to_recordset(contender.fronts) AS front(priority integer, since timestamptz))sql"
};

// Nothing dead is in the way here, so that what is known tells only whom to look at.
constexpr sql::Statement look_on_sqlite{"jobs.look", R"sql(
    WITH RECURSIVE served AS (
        SELECT given.value AS name FROM json_each(:queues) AS given
        WHERE NOT EXISTS (SELECT 1 FROM job_queue WHERE job_queue.name = given.value AND job_queue.paused)
    ), ready(queue, tenant_id) AS (
        SELECT name, (SELECT min(hot.tenant_id) FROM job_hot AS hot WHERE hot.state = 'ready' AND hot.queue = name)
        FROM served WHERE :everywhere
        UNION ALL
        SELECT queue, (SELECT min(hot.tenant_id) FROM job_hot AS hot
                       WHERE hot.state = 'ready' AND hot.queue = ready.queue AND hot.tenant_id > ready.tenant_id)
        FROM ready WHERE tenant_id IS NOT NULL
    ), tenant AS (
        SELECT queue, tenant_id FROM ready WHERE tenant_id IS NOT NULL
        UNION
        SELECT value ->> '$.queue', value ->> '$.tenant_id' FROM json_each(:places)
        WHERE value ->> '$.queue' IN (SELECT name FROM served)
    )
    SELECT tenant.queue, tenant.tenant_id, coalesce(share.weight, 1) AS weight, coalesce(tq.vtime, 0) AS vtime,
           coalesce(tq.active, FALSE) AS active, share.max_running - coalesce(tq.running, 0) AS room, TRUE AS held,
           0 AS priority, 0 AS since
    FROM tenant
    LEFT JOIN tenant_share AS share ON share.queue = tenant.queue AND share.tenant_id = tenant.tenant_id
    LEFT JOIN tenant_queue AS tq ON tq.queue = tenant.queue AND tq.tenant_id = tenant.tenant_id
    WHERE NOT coalesce(share.paused, FALSE)
      AND (share.max_running IS NULL OR coalesce(tq.running, 0) < share.max_running)
      AND EXISTS (SELECT 1 FROM job_hot AS hot
                  WHERE hot.state = 'ready' AND hot.queue = tenant.queue AND hot.tenant_id = tenant.tenant_id
                    AND hot.type IN (SELECT value FROM json_each(:types))))sql"};

// The arrays of one keep PostgreSQL from walking over all that is dead; see return_on_postgres of
// outcomes.cpp. Where others charged a tenant since it was seen, what it took here comes on top;
// and one of them, or this one, who found that it has no more, is believed: counted as present
// while it is away, it would be given credit for that time.
constexpr sql::Statement settle_statement{
    "jobs.settle",
    R"sql(
    WITH given AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(:charges)
            AS given(queue text, tenant_id bigint, jobs integer, seen double precision, turns double precision,
                     vtime double precision, active boolean)
        ORDER BY queue, tenant_id
    ), held AS MATERIALIZED (
        SELECT given.*
        FROM given
        CROSS JOIN LATERAL (
            SELECT tq.version FROM tenant_queue tq WHERE tq.queue = given.queue AND tq.tenant_id = given.tenant_id
            ORDER BY tq.version DESC LIMIT 1) newest
        CROSS JOIN LATERAL (
            SELECT FROM tenant_queue tq
            WHERE tq.queue = given.queue AND tq.tenant_id = given.tenant_id AND tq.version >= newest.version
            FOR NO KEY UPDATE) locked
    )
    UPDATE tenant_queue tq
    SET version = tq.version + 1, running = tq.running + held.jobs,
        vtime = CASE WHEN tq.vtime = held.seen THEN held.vtime ELSE tq.vtime + held.turns END,
        active = held.active AND (tq.active OR tq.vtime IS NOT DISTINCT FROM held.seen)
    FROM held
    WHERE tq.queue = ANY (ARRAY[held.queue]) AND tq.tenant_id = held.tenant_id
      AND tq.version >= (SELECT newest.version FROM tenant_queue newest
                         WHERE newest.queue = held.queue AND newest.tenant_id = held.tenant_id
                         ORDER BY newest.version DESC LIMIT 1))sql",
    R"sql(
    INSERT INTO tenant_queue (queue, tenant_id, running, vtime, active)
    SELECT value ->> '$.queue', value ->> '$.tenant_id', value ->> '$.jobs', value ->> '$.vtime', value ->> '$.active'
    FROM json_each(:charges) WHERE TRUE
    ON CONFLICT (queue, tenant_id) DO UPDATE
    SET running = tenant_queue.running + excluded.running, vtime = excluded.vtime, active = excluded.active)sql"
};

// A tenant in one of the priorities in which it has jobs ready.
struct Seen {
    QueueName queue = QueueName::ai;
    TenantId tenant_id;
    std::int64_t weight = 1;
    double vtime = 0;
    bool active = false;
    std::optional<std::int64_t> room;
    bool held = false;
    std::int64_t priority = 0;
    Timestamp since;
};
BOOST_DESCRIBE_STRUCT(
    Seen, (), (queue, tenant_id, weight, vtime, active, room, held, priority, since)
)

}  // namespace

Task<std::vector<Sighting>> look(sql::Tx& tx, LookRequest request) {
    const auto& statement =
        tx.dialect() == sql::Dialect::postgres ? look_on_postgres : look_on_sqlite;
    auto enough = request.places ? std::optional(request.enough) : std::nullopt;
    auto seen = co_await tx.all<Seen>(
        statement, sql::named("queues", request.queues), sql::named("types", request.types),
        sql::named("most", request.most), sql::named("enough", enough),
        sql::named("everywhere", !request.places),
        sql::named("places", request.places.value_or(std::vector<Place>{}))
    );
    std::map<std::pair<QueueName, TenantId>, Sighting> tenants;
    for (const auto& row : seen) {
        auto& sighting = tenants[{row.queue, row.tenant_id}];
        sighting.contender = {row.queue, row.tenant_id, row.weight,
                              row.vtime, row.room,      row.active};
        sighting.held = row.held;
        sighting.vtime = row.vtime;
        sighting.fronts.push_back({row.priority, row.since});
    }
    std::vector<Sighting> sightings;
    for (auto& [key, sighting] : tenants) sightings.push_back(std::move(sighting));
    co_return sightings;
}

void settle(sql::Tx& tx, const std::vector<Freed>& freed, const std::vector<Charge>& charges) {
    std::map<std::pair<QueueName, TenantId>, Charge> tenants;
    for (const auto& one : charges) tenants[{one.queue, one.tenant_id}] = one;
    for (const auto& one : freed) {
        Charge alone{one.queue, one.tenant_id};
        auto& charge = tenants.try_emplace({one.queue, one.tenant_id}, alone).first->second;
        charge.jobs -= one.jobs;
    }
    if (tenants.empty()) return;
    std::vector<Charge> all;
    for (const auto& [key, charge] : tenants) all.push_back(charge);
    tx.unlock_early();
    tx.defer(settle_statement, sql::named("charges", all));
}

}  // namespace afterresume::jobs
