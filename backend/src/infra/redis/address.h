// Where a Redis or Valkey server is and who we are there.
#pragma once

#include <cstdint>
#include <string>

namespace afterresume::redis {

struct Address {
    bool tls = false;
    std::string host;
    std::string port = "6379";
    // Empty: the default user.
    std::string user;
    std::string password;
    std::int64_t database = 0;
};

// redis://[user[:password]@]host[:port][/database], or rediss:// for TLS. Throws Error(invalid,
// "redis.url"), which shows nothing of the URL.
Address parse_address(const std::string& url);

}  // namespace afterresume::redis
