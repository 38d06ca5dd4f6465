// A Client that is the whole program, composed for one command: requests go straight to the
// gateway, and jobs are done in between.
#pragma once

#include "app/client.h"

namespace afterresume::app {

std::unique_ptr<Client> make_local_client(
    const config::Settings& settings, const std::string& email
);

}  // namespace afterresume::app
