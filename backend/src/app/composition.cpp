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
      sign_in(
          {{*database, accounts, tenants, audit, hashing, guesses, codes, second_factor, clock},
           guard,
           invitations,
           credentials,
           tokens},
          keys_of(settings, secret), rules_of(settings)
      ),
      staff_sign_in(
          {*database, accounts, tenants, audit, hashing, guesses, codes, second_factor, clock},
          signing_keys(settings, secret, "staff csrf"), rules_of(settings)
      ),
      deletion({*database, accounts, credentials, tenants, tenant_deletion, audit, clock}),
      administration(
          {*database, accounts, credentials, hashing, deletion, tenants, any_tenant, audit, clock}
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
      system({schedule_operation, doorbell, cancel_bell, flags, quotas, clock}),
      workflows(types),
      queue_watch(io, *database, clock, log, metrics),
      audit_api(audit),
      tenants_api(tenants, members, quotas),
      invitations_api(invitations),
      accounts_api({sign_in, accounts, tenants, clock}, public_url.starts_with("https://")),
      staff_api({sign_in, staff_sign_in, credentials, accounts, tenants}),
      credentials_api({credentials, second_factor, tokens}),
      deletion_api(deletion, tenant_deletion),
      administration_api(administration, any_tenant),
      exports_api(exports),
      profile_api(profiles, sections),
      worklog_api(worklogs),
      skills_api(skills),
      reporting_api(reports, pool),
      sharing_api(shares, share_opening, pool),
      jobs_api(*database, {types, queue, doorbell, cancel_bell, clock}, require_room()),
      schedules_api(schedules),
      system_api(system),
      nonces(clock, redis.get()),
      service_tokens(service_secrets(settings), clock, nonces),
      health({*database, redis.get(), metrics, clock, settings.data_dir}),
      gateway(
          {*database, sign_in, staff_sign_in, audit, service_tokens, flags, clock, log, metrics,
           quotas, redis.get()},
          mount(), limits_of(settings), borders_of(settings)
      ) {
    reference.describe(gateway.routes());
    tenants.limit_with(quotas);
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
        beat_opener(settings, secret, log)
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

http::Routes Composition::mount() {
    http::Routes all;
    auto add = [&](http::Routes some) {
        all.insert(
            all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end())
        );
    };
    add(accounts_api.routes());
    add(credentials_api.routes());
    add(deletion_api.routes());
    add(exports_api.routes());
    add(tenants_api.routes());
    add(invitations_api.routes());
    add(audit_api.routes());
    add(profile_api.routes());
    add(worklog_api.routes());
    add(skills_api.routes());
    add(reporting_api.routes());
    add(sharing_api.routes());
    add(jobs_api.routes());
    add(schedules_api.routes());
    if (settings.system_dashboard_enabled) {
        add(staff_api.routes());
        add(administration_api.routes());
        add(system_api.routes());
        add(health.for_operators());
    }
    add(health.routes());
    add(reference.routes());
    return all;
}

}  // namespace afterresume::app
