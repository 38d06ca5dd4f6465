#include "app/resealing.h"

#include "app/keys.h"
#include "engine/jobs/resealing.h"
#include "engine/schedules/sealed_payload.h"
#include "features/accounts/resealing.h"
#include "features/exports/resealing.h"

namespace afterresume::app {

Task<resealing::Tally> reseal_everything(
    sql::Database& owners, sql::Access access, const config::Settings& settings,
    const std::string& secret, TellTally tell
) {
    const jobs::PayloadSeal seal(sealing_keys(settings, secret, for_jobs));
    resealing::Tally all;
    auto add = [&](std::string_view things, const resealing::Tally& tally) {
        tell(things, tally);
        all.add(tally);
    };
    add("second factors", co_await accounts::reseal_second_factors(
                              owners, access, sealing_keys(settings, secret, for_second_factors)
                          ));
    add("schedules", co_await schedules::reseal_schedules(owners, access, seal));
    add("payloads of jobs", co_await jobs::reseal_payloads(owners, access, seal));
    add("steps of jobs", co_await jobs::reseal_steps(owners, access, seal));
    add("results of jobs", co_await jobs::reseal_results(owners, access, seal));
    add("pieces of exports",
        co_await exports::reseal_pieces(owners, access, sealing_keys(settings, secret, for_exports))
    );
    co_return all;
}

}  // namespace afterresume::app
