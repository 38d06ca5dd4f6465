#include "app/apis.h"

#include "app/composition.h"

namespace afterresume::app {

Apis::Apis(
    Composition& program, jobs::RequireRoom require_room, std::function<Task<bool>()> in_maintenance
)
    : accounts(
          {program.sign_in, program.accounts, program.tenants, program.clock},
          program.public_url.starts_with("https://")
      ),
      credentials({program.credentials, program.second_factor, program.tokens}),
      deletion(program.deletion, program.tenant_deletion),
      exports(program.exports),
      tenants(program.tenants, program.members, program.quotas),
      invitations(program.invitations),
      audit(program.audit),
      profile(program.profiles, program.sections),
      worklog(program.worklogs),
      skills(program.skills),
      reporting(program.reports, program.pool),
      sharing(program.shares, program.share_opening, program.pool),
      jobs(
          *program.database,
          {program.types, program.queue, program.doorbell, program.cancel_bell, program.clock},
          std::move(require_room), std::move(in_maintenance)
      ),
      schedules(program.schedules),
      staff(
          {program.sign_in, program.staff_sign_in, program.credentials, program.accounts,
           program.tenants}
      ),
      administration(program.administration, program.any_tenant),
      system(program.system),
      health(
          {*program.database, program.redis.get(), program.metrics, program.clock,
           program.settings.data_dir}
      ) {}

http::Routes Apis::mount(bool with_dashboard) {
    http::Routes all;
    auto add = [&](http::Routes some) {
        all.insert(
            all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end())
        );
    };
    add(accounts.routes());
    add(credentials.routes());
    add(deletion.routes());
    add(exports.routes());
    add(tenants.routes());
    add(invitations.routes());
    add(audit.routes());
    add(profile.routes());
    add(worklog.routes());
    add(skills.routes());
    add(reporting.routes());
    add(sharing.routes());
    add(jobs.routes());
    add(schedules.routes());
    if (with_dashboard) {
        add(staff.routes());
        add(administration.routes());
        add(system.routes());
        add(health.for_operators());
    }
    add(health.routes());
    add(reference.routes());
    return all;
}

}  // namespace afterresume::app
