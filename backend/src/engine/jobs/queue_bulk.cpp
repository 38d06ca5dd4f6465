#include "engine/jobs/edges.h"
#include "engine/jobs/queue.h"
#include "engine/jobs/queue_rows.h"

#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

namespace afterresume::jobs {

namespace {

constexpr sql::Statement insert_headers{
    "jobs.insert_headers",
    R"sql(
    INSERT INTO job (id, tenant_id, user_id, type, queue, priority, triggered_by, payload, parent_id, root_id, trace_id,
                     correlation_id, max_attempts, deadline, created_at, generation, lease_seq, attempts, cost,
                     estimated_cost)
    SELECT new.id, :tenant_id, :user_id, :type, :queue, :priority, :triggered_by, new.payload, :parent_id, :root_id,
           coalesce(CAST(:common_trace AS uuid), new.id), coalesce(CAST(:common_correlation AS uuid), new.id),
           :max_attempts, CAST(:deadline AS timestamptz), :created_at, 1, 0, 0, 0, :estimated_cost
    FROM ROWS FROM (unnest(CAST(:ids AS uuid[])), jsonb_array_elements(:payloads)) AS new(id, payload))sql",
    R"sql(
    INSERT INTO job (id, tenant_id, user_id, type, queue, priority, triggered_by, payload, parent_id, root_id, trace_id,
                     correlation_id, max_attempts, deadline, created_at, generation, lease_seq, attempts, cost,
                     estimated_cost)
    SELECT value ->> '$.id', :tenant_id, :user_id, :type, :queue, :priority, :triggered_by, value -> '$.payload', :parent_id,
           :root_id, coalesce(:common_trace, value ->> '$.id'), coalesce(:common_correlation, value ->> '$.id'),
           :max_attempts, :deadline, :created_at, 1, 0, 0, 0, :estimated_cost
    FROM json_each(:items))sql"
};

constexpr sql::Statement insert_hots{
    "jobs.insert_hots",
    R"sql(
    INSERT INTO job_hot (id, tenant_id, type, queue, priority, state, run_at, unmet, key_held_while_running, deadline,
                         lease_seq, generation, attempts, rescues, event_seq, cancel_requested)
    SELECT new.id, :tenant_id, :type, :queue, :priority, :state, :run_at, :unmet, FALSE, CAST(:deadline AS timestamptz),
           0, 1, 0, 0, 1, FALSE
    FROM unnest(CAST(:ids AS uuid[])) AS new(id))sql",
    R"sql(
    INSERT INTO job_hot (id, tenant_id, type, queue, priority, state, run_at, unmet, key_held_while_running, deadline,
                         lease_seq, generation, attempts, rescues, event_seq, cancel_requested)
    SELECT value ->> '$.id', :tenant_id, :type, :queue, :priority, :state, :run_at, :unmet, FALSE, :deadline,
           0, 1, 0, 0, 1, FALSE
    FROM json_each(:items))sql"
};

// Jobs that differ in their id and payload only: two statements insert them all.
struct Group {
    Rows rows;
    std::vector<JobId> ids;
    std::vector<sql::JsonText> payloads;
};
using Alike = std::tuple<
    std::string, std::int16_t, Timestamp, std::optional<Timestamp>, State, std::int64_t,
    std::int64_t>;

void insert(sql::Tx& tx, const Group& group, const Origin& origin) {
    std::string ids;
    std::string payloads;
    std::string items;
    for (std::size_t i = 0; i < group.ids.size(); ++i) {
        auto id = group.ids[i].text();
        const auto& payload = group.payloads[i].text;
        if (tx.dialect() == sql::Dialect::postgres) {
            ids += fmt::format("{}{}", i == 0 ? '{' : ',', id);
            payloads += fmt::format("{}{}", i == 0 ? '[' : ',', payload);
        } else {
            items +=
                fmt::format(R"({}{{"id":"{}","payload":{}}})", i == 0 ? '[' : ',', id, payload);
        }
    }
    auto given = [](const Uuid& id) { return id == Uuid{} ? std::nullopt : std::optional(id); };
    auto defer = [&](const sql::Statement& statement) {
        tx.defer(
            statement, group.rows, sql::named("common_trace", given(origin.trace_id)),
            sql::named("common_correlation", given(origin.correlation_id)),
            sql::named("ids", ids + "}"), sql::named("payloads", sql::JsonText{payloads + "]"}),
            sql::named("items", sql::JsonText{items + "]"})
        );
    };
    defer(insert_headers);
    defer(insert_hots);
}

}  // namespace

std::vector<JobId> Queue::enqueue_all(sql::Tx& tx, const Origin& origin, std::vector<Node> nodes) {
    auto now = clock_.now();
    std::vector<JobId> ids;
    std::vector<Edge> edges;
    std::map<Alike, Group> groups;
    for (auto& node : nodes) {
        const auto& type = types_.get(node.job.type);
        if (type.unique != Unique::none || !node.job.after.empty())
            throw std::logic_error("unique jobs, and jobs after others, are enqueued one by one");
        auto rows = rows_of(type, types_.seal(), origin, std::move(node.job), now);
        rows.wait_behind(static_cast<std::int64_t>(node.after.size()));
        for (auto index : node.after) {
            if (index >= ids.size())
                throw std::logic_error("a job comes after those that stand before it");
            edges.push_back({ids[index], rows.id, node.on_failure, false});
        }
        ids.push_back(rows.id);
        Alike alike{rows.type,  rows.priority, rows.run_at,        rows.deadline,
                    rows.state, rows.unmet,    rows.estimated_cost};
        auto& group = groups.try_emplace(std::move(alike), Group{rows, {}, {}}).first->second;
        group.ids.push_back(rows.id);
        group.payloads.push_back(std::move(rows.payload));
    }
    std::set<Spot> spots;
    for (const auto& [alike, group] : groups) {
        insert(tx, group, origin);
        spots.insert({group.rows.queue, origin.tenant});
    }
    insert_edges(tx, origin.tenant, edges);
    for (const auto& spot : spots) ring_after(tx, spot);
    return ids;
}

}  // namespace afterresume::jobs
