// The composition root: builds everything once, in the order of the members, and connects it.
// Nothing else does.
#pragma once

#include "api/gateway.h"
#include "app/apis.h"
#include "app/broadcasts.h"
#include "app/rights.h"
#include "core/work_pool.h"
#include "engine/jobs/wakeups.h"
#include "engine/schedules/scheduler.h"
#include "engine/workers/queue_watch.h"
#include "engine/workers/worker.h"
#include "features/auditing/sealer.h"
#include "infra/config/load.h"
#include "infra/mail/postbox.h"
#include "infra/mail/sender.h"
#include "infra/sql/database_clock.h"
#include "workflows/skills_extract.h"
#include "workflows/subscriptions.h"

#include <boost/asio/io_context.hpp>

namespace afterresume::app {

struct Composition {
    // The database must have been migrated. `log_to` is stdout for a server, stderr for a command.
    Composition(const config::Settings& settings, std::FILE* log_to);

    const config::Settings settings;
    const std::string public_url;
    const std::string secret;
    boost::asio::io_context io{1};
    SystemClock own_clock;
    sql::DatabaseClock clock{own_clock};
    observability::Log log;
    observability::Metrics metrics;
    WorkPool pool;
    std::unique_ptr<sql::Database> database;
    // Null without REDIS_URL.
    std::unique_ptr<redis::Client> redis;
    events::Events events;
    std::unique_ptr<mail::Sender> mail_sender;
    mail::Postbox postbox;

    auditing::Service audit;
    auditing::Sealer sealer;
    tenants::Quotas quotas;
    tenants::Service tenants;
    tenants::Repository member_rows;
    tenants::Members members;
    tenants::Erasures erasures;
    tenants::Deletion tenant_deletion;
    tenants::Administration any_tenant;
    invitations::Service invitations;
    accounts::Repository accounts;
    accounts::SessionGuard guard;
    accounts::Hashing hashing;
    accounts::Guesses guesses;
    accounts::Codes codes;
    accounts::Credentials credentials;
    accounts::SecondFactor second_factor;
    accounts::PersonalTokens tokens;
    accounts::SignUps sign_ups;
    accounts::SignIn sign_in;
    accounts::StaffSignIn staff_sign_in;
    accounts::Deletion deletion;
    accounts::Administration administration;
    exports::Service exports;
    profile::Service profiles;
    profile::Sections sections;
    worklog::Repository entries;
    worklog::Service worklogs;
    skills::Repository skill_rows;
    skills::Service skills;
    reporting::Repository report_rows;
    reporting::Service reports;
    sharing::Repository share_links;
    sharing::Service shares;
    sharing::Opening share_opening;
    api::Idempotency idempotency;

    jobs::JobTypes types;
    // Ring when a job is ready, when a running one was cancelled, when a schedule has another time.
    jobs::Doorbell doorbell;
    jobs::Doorbell cancel_bell;
    jobs::Doorbell schedule_bell;
    jobs::Queue queue;
    schedules::Service schedules;
    afterresume::workflows::Subscriptions subscriptions;
    afterresume::workflows::SkillMatching matching;
    Rights rights;
    schedules::Operation schedule_operation;
    system::Flags flags;
    system::Service system;
    orchestration::Workflows workflows;
    workers::QueueWatch queue_watch;
    // Made last: it serves the workflows that are there by then.
    std::unique_ptr<workers::Worker> worker;
    std::unique_ptr<schedules::Scheduler> scheduler;
    // Null unless there are other processes that join_others() joined.
    std::unique_ptr<broadcast::Broadcast> broadcast;
    std::unique_ptr<jobs::Wakeups> wakeups;

    Apis apis;
    api::Nonces nonces;
    api::ServiceTokens service_tokens;
    api::Gateway gateway;

    // From then on the bells of all processes ring together.
    void join_others();

private:
    jobs::RequireRoom require_room();
    // Whether all are to wait: no job is begun then.
    std::function<Task<bool>()> in_maintenance();
    void add_workflows();
};

}  // namespace afterresume::app
