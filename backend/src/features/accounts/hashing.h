// Passwords are hashed on few threads of their own, which step back behind all others, and only so
// many wait for them: a flood of sign-ins takes neither the memory nor the cores of the rest, and
// is refused at once. Owned by app/; used on the I/O thread.
#pragma once

#include "core/work_pool.h"

#include <string>

namespace afterresume::accounts {

class Hashing {
public:
    // Half of the cores when no number is given.
    explicit Hashing(std::size_t threads = 0);

    // All throw Error(unavailable, "accounts.busy") when too many wait. This one is asked before
    // anything else is done for somebody who would wait.
    void require_room() const;
    Task<std::string> hash(std::string password);
    Task<bool> matches(std::string hash, std::string password);

private:
    class Place;

    std::size_t threads_;
    std::size_t inside_ = 0;
    WorkPool pool_;
};

}  // namespace afterresume::accounts
