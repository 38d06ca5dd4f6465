// What operators see of a tenant's jobs beyond metadata: with a reason, for a while, and told to
// the tenant's owners.
#include "features/accounts/service.h"
#include "features/system/service.h"

#include <boost/json/value.hpp>

namespace afterresume::system {

namespace {

constexpr std::int64_t minutes_by_default = 60;

auditing::Act told_as(Act act) {
    if (act == Act::open_break_glass) return auditing::Act::break_glass_opened;
    if (act == Act::end_break_glass) return auditing::Act::break_glass_ended;
    return auditing::Act::job_content_read;
}

JobContent opened(
    KeptContent kept, TenantId tenant, const jobs::JobId& id, const jobs::PayloadSeal& seal
) {
    JobContent content;
    content.payload = seal.try_opened(tenant, id, std::move(kept.payload), {});
    content.unreadable = !content.payload;
    if (kept.result) {
        content.result = seal.try_opened(tenant, id, std::move(*kept.result), jobs::result_part);
        content.unreadable = content.unreadable || !content.result;
    }
    content.error_message = std::move(kept.error_message);
    return content;
}

}  // namespace

Task<BreakGlass> Service::open_break_glass(sql::Tx& tx, Operator by, OpenBreakGlass wanted) {
    auto tenant = co_await tenants_.get(tx, wanted.tenant_id);
    BreakGlass glass;
    glass.id = co_await tx.new_id<BreakGlass>();
    glass.tenant_id = tenant.id;
    glass.operator_id = by.user();
    glass.reason = std::move(wanted.reason);
    glass.opened_at = clock_.now();
    glass.expires_at =
        glass.opened_at + std::chrono::minutes(wanted.minutes.value_or(minutes_by_default));
    if (!co_await acts_.insert_break_glass(tx, glass))
        throw Error(
            ErrorKind::conflict, "system.break_glass_open",
            "You see into the jobs of this tenant already; end that before you begin anew."
        );
    co_await tell(tx, by, Act::open_break_glass, glass);
    co_return glass;
}

Task<void> Service::end_break_glass(sql::Tx& tx, Operator by, Id<BreakGlass> id, Match match) {
    auto glass = co_await acts_.lock_break_glass(tx, id);
    if (!glass) throw Error::not_found("break-glass");
    match.require(glass->version);
    auto now = clock_.now();
    if (glass->ended_at || glass->expires_at <= now)
        throw Error(
            ErrorKind::conflict, "system.break_glass_over", "It is over; nobody sees by it."
        );
    glass->ended_at = now;
    glass->ended_by = by.user();
    acts_.end_break_glass(tx, *glass);
    co_await tell(tx, by, Act::end_break_glass, *glass);
}

Task<BreakGlass> Service::get_break_glass(sql::Tx& tx, Id<BreakGlass> id) {
    auto glass = co_await acts_.find_break_glass(tx, id);
    if (!glass) throw Error::not_found("break-glass");
    co_return std::move(*glass);
}

Task<BreakGlassPage> Service::list_break_glass(sql::Tx& tx, afterresume::ListMore query) {
    Id<BreakGlass> before{query.cursor.value_or(INT64_MAX)};
    auto rows = co_await acts_.list_break_glass(tx, before, query.page_size + 1);
    auto page = cut_by_id(std::move(rows), query.page_size);
    co_return BreakGlassPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<Job> Service::read_job(Operator by, jobs::JobId id) {
    auto looking = database_.begin_engine(sql::Access::read);
    auto job = co_await get_job(*looking, id);
    auto glass =
        co_await acts_.find_open_break_glass(*looking, job.tenant_id, by.user(), clock_.now());
    looking.reset();
    if (glass) job.content = co_await look_into(std::move(by), std::move(*glass), id);
    co_return job;
}

Task<std::optional<JobContent>> Service::look_into(Operator by, BreakGlass glass, jobs::JobId id) {
    auto tx = database_.begin_engine(sql::Access::write);
    auto kept = co_await acts_.find_content(*tx, glass, id, clock_.now());
    if (!kept || !co_await accounts::may_operate(*tx, by.scope)) co_return std::nullopt;
    co_await tell(*tx, by, Act::read_content, glass, id);
    co_await tx->commit();
    co_return opened(std::move(*kept), glass.tenant_id, id, types_.seal());
}

Task<void> Service::tell(
    sql::Tx& tx, const Operator& by, Act act, const BreakGlass& glass,
    std::optional<jobs::JobId> job
) {
    JsonObject data{
        {"break_glass_id", glass.id.value},
        {"reason", glass.reason},
        {"expires_at", to_text(glass.expires_at)}
    };
    if (job) data["job_id"] = job->text();
    record(tx, by, act, glass.tenant_id, job ? job->text() : std::to_string(glass.id.value));
    auto inside = accounts::operator_in(glass.tenant_id, by.scope);
    co_await audit_.record(
        tx, inside, by.origin, told_as(act), auditing::Outcome::success, std::move(data)
    );
}

}  // namespace afterresume::system
