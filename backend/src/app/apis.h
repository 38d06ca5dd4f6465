// What the program answers by, slice by slice: the mount list. Owned by the composition, whose
// parts it serves.
#pragma once

#include "api/health.h"
#include "api/reference.h"
#include "engine/api/jobs_api.h"
#include "engine/api/schedules_api.h"
#include "features/accounts/api.h"
#include "features/accounts/api_administration.h"
#include "features/accounts/api_credentials.h"
#include "features/accounts/api_deletion.h"
#include "features/accounts/api_staff.h"
#include "features/auditing/api.h"
#include "features/exports/api.h"
#include "features/invitations/api.h"
#include "features/profile/api.h"
#include "features/reporting/api.h"
#include "features/sharing/api.h"
#include "features/skills/api.h"
#include "features/system/api.h"
#include "features/tenants/api.h"
#include "features/worklog/api.h"

namespace afterresume::app {

struct Composition;

struct Apis {
    Apis(
        Composition& program, jobs::RequireRoom require_room,
        std::function<Task<bool>()> in_maintenance
    );

    accounts::Api accounts;
    accounts::CredentialsApi credentials;
    accounts::DeletionApi deletion;
    exports::Api exports;
    tenants::Api tenants;
    invitations::Api invitations;
    auditing::Api audit;
    profile::Api profile;
    worklog::Api worklog;
    skills::Api skills;
    reporting::Api reporting;
    sharing::Api sharing;
    jobs::Api jobs;
    schedules::Api schedules;
    accounts::StaffApi staff;
    accounts::AdministrationApi administration;
    system::Api system;
    api::Health health;
    api::Reference reference;

    http::Routes mount(bool with_dashboard);
};

}  // namespace afterresume::app
