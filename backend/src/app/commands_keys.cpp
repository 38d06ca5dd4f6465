// The commands about keys: past the API, as the owner of the database.
#include "app/commands.h"
#include "app/databases.h"
#include "app/keys.h"
#include "app/resealing.h"
#include "app/run_task.h"

#include <fmt/format.h>

#include <cstdio>

namespace afterresume::app {

namespace {

resealing::Tally look_through(
    const config::Settings& settings, const std::string& secret, sql::Access access
) {
    const auto* former = access == sql::Access::write ? "sealed anew" : "with a former key";
    auto tell = [&](std::string_view things, const resealing::Tally& tally) {
        fmt::print(
            "{:<18} {:>8} with the newest key, {:>8} {}, {:>8} unreadable\n", things, tally.newest,
            tally.former, former, tally.unknown
        );
        std::fflush(stdout);
    };
    boost::asio::io_context io;
    auto owners = open_owners_database(io, settings);
    return run_task(io, reseal_everything(*owners, access, settings, secret, tell));
}

}  // namespace

int check_keys() {
    auto settings = checked_settings();
    auto secret = secret_key(settings);
    require_current_schema(settings);
    require_known_keys(settings, secret);
    auto tally = look_through(settings, secret, sql::Access::read);
    if (tally.former > 0) {
        fmt::print("Former keys are needed still; `afterresume keys reseal` ends that.\n");
        return 1;
    }
    fmt::print("No former key is needed for what is sealed.\n");
    return tally.unknown > 0 ? 1 : 0;
}

int reseal() {
    auto settings = checked_settings();
    auto secret = secret_key(settings);
    require_current_schema(settings);
    keep_keys(settings, secret);
    auto tally = look_through(settings, secret, sql::Access::write);
    fmt::print("No former key is needed for what is sealed.\n");
    return tally.unknown > 0 ? 1 : 0;
}

}  // namespace afterresume::app
