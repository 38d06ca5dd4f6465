#include "features/accounts/hashing.h"

#include "core/error.h"
#include "infra/crypto/crypto.h"

#include <algorithm>
#include <thread>

namespace afterresume::accounts {

namespace {

// 13 hashes of 19 MiB stay below 256 MiB.
constexpr std::size_t most_threads = 13;
// About half a second of waiting.
constexpr std::size_t most_waiting_each = 16;

std::size_t half_of_the_cores() {
    return std::clamp<std::size_t>(std::thread::hardware_concurrency() / 2, 1, most_threads);
}

}  // namespace

class Hashing::Place {
public:
    explicit Place(Hashing& hashing) : inside_(hashing.inside_) {
        if (inside_ >= hashing.threads_ * (1 + most_waiting_each))
            throw Error(
                ErrorKind::unavailable, "accounts.busy", "Too many are signing in; try again soon."
            )
                .retry_after(1);
        ++inside_;
    }
    ~Place() { --inside_; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

private:
    std::size_t& inside_;
};

Hashing::Hashing(std::size_t threads)
    : threads_(threads == 0 ? half_of_the_cores() : std::min(threads, most_threads)),
      pool_(threads_) {}

Task<std::string> Hashing::hash(std::string password) {
    Place place(*this);
    auto work = [&] { return crypto::hash_password(password); };
    co_return co_await pool_.run(work);
}

Task<bool> Hashing::matches(std::string hash, std::string password) {
    Place place(*this);
    auto work = [&] { return crypto::password_matches(hash, password); };
    co_return co_await pool_.run(work);
}

}  // namespace afterresume::accounts
