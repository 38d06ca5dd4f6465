#include "app/composition.h"

#include "app/databases.h"
#include "app/keys.h"
#include "app/mails.h"
#include "app/options.h"
#include "app/upkeep.h"
#include "embedded/plans.h"
#include "workflows/built_in_schedules.h"
#include "workflows/mail_send.h"
#include "workflows/report_generate.h"
#include "workflows/resume_refresh.h"
#include "workflows/worklog_analyze.h"

#include <thread>

namespace afterresume::app {

namespace {

jobs::JobType job_type(
    std::string name, jobs::QueueName queue, jobs::Unique unique = jobs::Unique::none
) {
    jobs::JobType type;
    type.name = std::move(name);
    type.queue = queue;
    type.unique = unique;
    return type;
}

}  // namespace

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
      invitations({clock, audit, tenants, postbox}, public_url),
      guard(*database, accounts),
      guesses(*database, clock),
      codes(clock),
      credentials(
          {*database, accounts, codes, guesses, hashing, audit, postbox, clock}, public_url
      ),
      second_factor(
          {*database, accounts, guesses, audit, clock},
          sealing_keys(settings, secret, "second factors")
      ),
      tokens({*database, audit, clock}),
      sign_in(
          {*database, accounts, guard, tenants, invitations, audit, hashing, guesses, credentials,
           codes, second_factor, tokens, clock},
          keys_of(public_url, secret), mode_of(settings.signup_mode)
      ),
      deletion({*database, accounts, credentials, tenants, tenant_deletion, audit, clock}),
      profiles(clock, events),
      sections(clock, events),
      worklogs(entries, events, clock),
      skills(skill_rows, worklogs, events, clock),
      reports(report_rows, worklogs, profiles, events, clock),
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
      credentials_api({credentials, second_factor, tokens}),
      deletion_api(deletion, tenant_deletion),
      profile_api(profiles, sections),
      worklog_api(worklogs),
      skills_api(skills),
      reporting_api(reports, pool),
      jobs_api(*database, {types, queue, doorbell, cancel_bell, clock}),
      schedules_api(schedules),
      system_api(system),
      nonces(clock, redis.get()),
      service_tokens(service_secrets(settings), clock, nonces),
      health(*database, metrics, settings.data_dir),
      gateway(
          {*database, sign_in, audit, service_tokens, flags, clock, log, metrics}, mount(),
          limits_of(settings), borders_of(settings)
      ) {
    reference.describe(gateway.routes());
    tenants.limit_with(quotas);
    worklogs.count_with([this](sql::Tx& tx, const Scope& scope, std::int64_t count) {
        return quotas.take_entries(tx, scope, count);
    });
    postbox.carry_with(afterresume::workflows::carry_by(queue));
    events.follow_with(afterresume::workflows::follow(subscriptions, queue));
    types.seal_with(jobs::PayloadSeal(sealing_keys(settings, secret, "job payloads")));
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

void Composition::add_workflows() {
    using jobs::QueueName;
    using jobs::Unique;
    namespace made = afterresume::workflows;
    auto analyze = job_type("worklog.analyze", QueueName::ai);
    analyze.requestable = jobs::payload_as<made::AnalyzeArgs>();
    auto extract = job_type("skills.extract", QueueName::ai, Unique::while_queued);
    extract.requestable = jobs::payload_as<made::ExtractArgs>();
    auto report = job_type("report.generate", QueueName::interactive);
    report.requestable = made::check_asked_report;
    report.schedulable = made::check_report_payload;
    auto refresh = job_type("resume.refresh", QueueName::ai, Unique::while_queued);
    refresh.requestable = refresh.schedulable = jobs::payload_as<made::RefreshArgs>();
    refresh.debounce.quiet = std::chrono::seconds(settings.resume_debounce_s);
    workflows.add(std::move(analyze), std::make_unique<made::WorklogAnalyze>(worklogs, profiles));
    workflows.add(
        std::move(extract),
        std::make_unique<made::SkillsExtract>(matching, worklogs, skills, queue, clock)
    );
    workflows.add(
        std::move(report),
        std::make_unique<made::ReportGenerate>(worklogs, profiles, skills, reports, clock)
    );
    workflows.add(
        std::move(refresh),
        std::make_unique<made::ResumeRefresh>(worklogs, profiles, skills, reports, clock)
    );
    auto mail = job_type("mail.send", QueueName::delivery);
    mail.max_attempts = 10;
    mail.permission = Permission::read;
    mail.provider = "mail";
    workflows.add(std::move(mail), std::make_unique<made::MailSend>(*mail_sender));
    add_upkeep(*this);
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
    add(tenants_api.routes());
    add(invitations_api.routes());
    add(audit_api.routes());
    add(profile_api.routes());
    add(worklog_api.routes());
    add(skills_api.routes());
    add(reporting_api.routes());
    add(jobs_api.routes());
    add(schedules_api.routes());
    if (settings.system_dashboard_enabled) add(system_api.routes());
    add(health.routes());
    add(reference.routes());
    return all;
}

}  // namespace afterresume::app
