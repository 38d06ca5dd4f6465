// Ada with a report and a résumé in a tenant of hers, on each database, and the links that she
// makes of them.
#pragma once

#include "features/reporting/testing.h"
#include "features/sharing/opening.h"
#include "infra/sql/testing.h"

#include <optional>

namespace afterresume::sharing {

// As the database's time goes on by itself, tests begin at that of the machine.
class SharingTest : public sql::OnBothDatabases {
protected:
    void SetUp() override;
    Task<bool> whether_off();
    static Scope scope_of(std::int64_t user, std::int64_t tenant = 1);

    Task<void> founded();
    // Another version where there is one.
    Id<reporting::Report> store(reporting::Kind kind, reporting::Content content);
    Task<Id<reporting::Report>> stored(reporting::Draft draft);
    Id<reporting::Report> store_line(std::string text);

    static CreateShare of(Id<reporting::Report> report);
    MadeShare make(CreateShare wanted);
    Task<MadeShare> made(Scope scope, CreateShare wanted);
    Opened open(const std::string& token, std::optional<std::string> password = std::nullopt);
    Opened look(const std::string& token, Counting counting);
    // In a transaction of ada's.
    void execute(const sql::Statement& statement, sql::Arguments more = {});
    Task<void> executed(const sql::Statement& statement, sql::Arguments more);
    void revoke(Id<ShareLink> id);
    Task<void> revoked(Id<ShareLink> id);
    ShareLink edit(Id<ShareLink> id, EditShare change, Match match = {});
    Task<ShareLink> edited(Id<ShareLink> id, EditShare change, Match match);
    SharePage list(ListMore query = {});
    Task<SharePage> listed(ListMore query);
    ViewPage views(Id<ShareLink> id);
    Task<ViewPage> viewed(Id<ShareLink> id);
    std::vector<auditing::Act> recorded();
    Task<std::vector<auditing::Act>> acts();

    const Scope ada = scope_of(11);
    const auditing::Origin origin{"192.0.2.7", "Laptop"};
    ManualClock clock{SystemClock().now()};
    auditing::Service audit{clock};
    tenants::Service tenants{audit, clock};
    events::Events events{clock};
    worklog::Repository entries;
    worklog::Service worklogs{entries, events, clock};
    profile::Service profiles{clock, events};
    reporting::Repository report_rows;
    reporting::Service reports{report_rows, worklogs, profiles, events, clock};
    accounts::Hashing hashing{1};
    Repository links;
    bool is_off = false;
    std::optional<sql::ScratchDatabase> home;
    std::optional<tenants::Quotas> quotas;
    std::optional<accounts::Guesses> guesses;
    std::optional<Service> shares;
    std::optional<Opening> opening;
};

}  // namespace afterresume::sharing
