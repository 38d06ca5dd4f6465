// A Client of the server that runs on this machine, over HTTP.
#pragma once

#include "app/client.h"
#include "app/local_access.h"

namespace afterresume::app {

std::unique_ptr<Client> make_remote_client(const LocalServer& server, const std::string& email);

}  // namespace afterresume::app
