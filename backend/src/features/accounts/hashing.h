// Passwords are hashed on few threads of their own, which step back behind all others, and only so
// many wait for them: a flood of sign-ins takes neither the memory nor the cores of the rest, and
// is refused at once. Owned by app/; used on the I/O thread.
#pragma once

#include "core/work_pool.h"
#include "infra/crypto/crypto.h"

#include <string>

namespace afterresume::accounts {

class Hashing {
public:
    using Make = std::string (*)(std::string_view password);
    // Half of the cores when no number is given. Tests in which thousands sign up make cheaper
    // hashes.
    explicit Hashing(std::size_t threads = 0, Make make = &crypto::hash_password);

    // All throw Error(unavailable, "accounts.busy") when too many wait. This one is asked before
    // anything else is done for somebody who would wait.
    void require_room() const;
    Task<std::string> hash(std::string password);
    Task<bool> matches(std::string hash, std::string password);

private:
    class Place;

    std::size_t threads_;
    Make make_;
    std::size_t inside_ = 0;
    WorkPool pool_;
};

}  // namespace afterresume::accounts
