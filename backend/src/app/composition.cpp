#include "app/composition.h"

#include "app/databases.h"
#include "app/keys.h"
#include "app/mails.h"
#include "app/options.h"
#include "embedded/plans.h"
#include "workflows/built_in_schedules.h"
#include "workflows/mail_send.h"

#include <thread>

namespace afterresume::app {

Composition::Composition(const config::Settings& from, std::FILE* log_to)
    : settings(from),
      public_url(config::public_url(settings, settings.port)),
      secret(secret_key(settings)),
      log(level_of(settings.log_level), format_of(settings.log_format), log_to),
      pool(std::max(2U, std::thread::hardware_concurrency())),
      database(open_database(io, settings, secret, log)),
      redis(open_redis(io, settings)),
      events(clock),
      mail_sender(open_mail(settings, clock)),
      audit(clock),
      sealer({io, *database, clock, log}),
      quotas(*database, tenants::read_plans(embedded::plans().front().text), clock),
      tenants(audit, clock),
      members({member_rows, tenants, audit, clock}),
      erasures(audit, clock),
      tenant_deletion(
          {member_rows, tenants, erasures, audit, clock},
          std::chrono::days(settings.tenant_deletion_days)
      ),
      any_tenant({member_rows, tenant_deletion, erasures, quotas, audit, clock}),
      invitations({clock, audit, tenants, postbox}, public_url),
      guard(*database, accounts),
      guesses(*database, clock),
      codes(clock),
      credentials(
          {*database, accounts, codes, guesses, hashing, audit, postbox, clock}, public_url
      ),
      second_factor(
          {*database, accounts, guesses, audit, clock},
          sealing_keys(settings, secret, for_second_factors)
      ),
      tokens({*database, audit, clock}),
      sign_ups({*database, credentials, guesses, postbox, clock}, public_url),
      sign_in(
          {{*database, accounts, tenants, audit, hashing, guesses, codes, second_factor, clock},
           guard,
           invitations,
           credentials,
           tokens,
           sign_ups},
          keys_of(settings, secret), rules_of(settings)
      ),
      staff_sign_in(
          {*database, accounts, tenants, audit, hashing, guesses, codes, second_factor, clock},
          signing_keys(settings, secret, "staff csrf"), rules_of(settings)
      ),
      deletion({*database, accounts, credentials, tenants, tenant_deletion, audit, clock}),
      administration(
          {*database, accounts, credentials, hashing, deletion, tenants, any_tenant, invitations,
           audit, clock}
      ),
      exports({events, audit, tenants, clock}, sealing_keys(settings, secret, for_exports)),
      profiles(clock, events),
      sections(clock, events),
      worklogs(entries, events, clock),
      skills(skill_rows, worklogs, events, clock),
      reports(report_rows, worklogs, profiles, events, clock),
      shares({share_links, reports, tenants, quotas, hashing, audit, clock}, public_url),
      share_opening({*database, share_links, shares, reports, hashing, guesses, clock}),
      idempotency(clock),
      queue(types, clock, doorbell),
      schedules(types, queue, schedule_bell, cancel_bell, clock),
      subscriptions(settings.workflow_auto_chain),
      rights(*database, tenants, accounts),
      schedule_operation(schedules, rights),
      flags(*database, always_on(settings)),
      system(
          {*database, types, schedule_operation, doorbell, cancel_bell, flags, quotas, any_tenant,
           audit, clock}
      ),
      workflows(types),
      queue_watch(io, *database, clock, log, metrics),
      apis(*this, require_room(), in_maintenance()),
      nonces(clock, redis.get()),
      service_tokens(service_secrets(settings), clock, nonces),
      gateway(
          {*database, sign_in, staff_sign_in, audit, service_tokens, flags, clock, log, metrics,
           quotas, redis.get()},
          apis.mount(settings.system_dashboard_enabled), limits_of(settings), borders_of(settings)
      ) {
    apis.reference.describe(gateway.routes());
    tenants.limit_with(quotas);
    quotas.limit_queues_with(jobs::limit_tenant);
    worklogs.count_with([this](sql::Tx& tx, const Scope& scope, std::int64_t count) {
        return quotas.take_entries(tx, scope, count);
    });
    shares.ask_whether_off([this](TenantId tenant) {
        return flags.is_on(system::Flag::disable_sharing, tenant);
    });
    postbox.carry_with(afterresume::workflows::carry_by(queue));
    events.follow_with(afterresume::workflows::follow(subscriptions, queue, require_room()));
    types.seal_with(jobs::PayloadSeal(sealing_keys(settings, secret, for_jobs)));
    add_workflows();
    workers::Parts parts{
        io,
        *database,
        workflows,
        rights,
        doorbell,
        pool,
        clock,
        log,
        &metrics,
        &cancel_bell,
        beat_opener(settings, secret, log),
        in_maintenance()
    };
    worker = std::make_unique<workers::Worker>(parts, worker_options(settings));
    scheduler = std::make_unique<schedules::Scheduler>(
        schedules::Parts{
            io, *database, types, queue, rights, schedule_bell, cancel_bell, clock, log
        },
        afterresume::workflows::built_in_schedules()
    );
}

jobs::RequireRoom Composition::require_room() {
    return [this](sql::Tx& tx, const Scope& scope, std::int64_t made) {
        return quotas.require_queued_jobs(tx, scope, made);
    };
}

std::function<Task<bool>()> Composition::in_maintenance() {
    return [this] { return flags.is_on(system::Flag::maintenance, std::nullopt); };
}

void Composition::join_others() {
    broadcast = open_broadcast(io, settings, secret, redis.get(), log);
    if (!broadcast) return;
    wakeups = std::make_unique<jobs::Wakeups>(
        io, *broadcast,
        std::vector<jobs::NamedBell>{
            {"ready", doorbell}, {"cancel", cancel_bell}, {"schedule", schedule_bell}
        }
    );
}

}  // namespace afterresume::app
