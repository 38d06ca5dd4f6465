// The commands about people's accounts: clients of the API, for those who operate the installation.
#include "app/client.h"
#include "app/commands.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace afterresume::app {

int reset_second_factor(const Common& common, const std::string& email) {
    auto client = connect(checked_settings(), common.email);
    JsonObject body{{"email", email}};
    client->call("POST", "/system/accounts/reset-second-factor/", boost::json::serialize(body));
    client->settle();
    if (common.json) {
        fmt::print("{}\n", boost::json::serialize(body));
    } else {
        fmt::print("{} signs in by the password alone now, and is told so by a mail.\n", email);
    }
    return 0;
}

}  // namespace afterresume::app
