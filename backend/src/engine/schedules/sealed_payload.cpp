#include "engine/schedules/sealed_payload.h"

#include "core/describe/reader.h"
#include "core/describe/writer.h"

#include <fmt/format.h>

namespace afterresume::schedules {

namespace {

// The column holds an object; what is sealed is the one value of one.
constexpr std::string_view name = "sealed";

std::string part_of(Id<Schedule> id) { return fmt::format("schedule {}", id.value); }

// The sealed value of a column that holds one.
const Json* sealed_in(const JsonObject& payload) {
    const auto* kept = payload.if_contains(name);
    return payload.size() == 1 && kept != nullptr && kept->is_string() ? kept : nullptr;
}

struct SealedRow {
    Id<Schedule> id;
    TenantId tenant_id;
    JsonObject payload;
};
BOOST_DESCRIBE_STRUCT(SealedRow, (), (id, tenant_id, payload))

constexpr sql::Statement next{"schedules.next_sealed", R"sql(
    SELECT id, tenant_id, payload FROM schedule WHERE id > :id ORDER BY id LIMIT :limit)sql"};
constexpr sql::Statement put_sealed{"schedules.put_sealed", R"sql(
    UPDATE schedule SET payload = :sealed WHERE id = :id AND payload = :payload)sql"};

resealing::Anew anew(const jobs::PayloadSeal& seal, const SealedRow& row) {
    const auto* kept = sealed_in(row.payload);
    if (kept == nullptr) return {};
    auto done = seal.reseal(row.tenant_id, Uuid{}, describe::to_json(*kept), part_of(row.id));
    if (done.was != resealing::Key::former) return {done.was, {}};
    return {done.was, sql::to_value(JsonObject{{name, describe::parse_json(done.sealed)}})};
}

}  // namespace

Schedule sealed(const jobs::PayloadSeal& seal, TenantId tenant, Schedule schedule) {
    auto text = describe::to_json(schedule.payload);
    auto kept =
        describe::parse_json(seal.seal(tenant, Uuid{}, std::move(text), part_of(schedule.id)));
    if (kept.is_string()) schedule.payload = JsonObject{{name, std::move(kept)}};
    return schedule;
}

Schedule opened(const jobs::PayloadSeal& seal, TenantId tenant, Schedule schedule) {
    const auto* kept = sealed_in(schedule.payload);
    if (kept == nullptr) return schedule;
    auto payload = seal.opened(tenant, Uuid{}, *kept, part_of(schedule.id));
    if (payload.is_object()) schedule.payload = std::move(payload.as_object());
    return schedule;
}

Task<resealing::Tally> reseal_schedules(
    sql::Database& database, sql::Access access, jobs::PayloadSeal seal
) {
    co_return co_await resealing::reseal_rows<SealedRow>(
        database, access, {next, put_sealed},
        [&seal](const SealedRow& row) { return anew(seal, row); }
    );
}

}  // namespace afterresume::schedules
