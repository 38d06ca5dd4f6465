#include "features/accounts/hashing.h"

#include "core/error.h"
#include "features/accounts/pace.h"

#include <algorithm>
#include <optional>
#include <thread>

#include <sys/resource.h>

namespace afterresume::accounts {

namespace {

// 13 hashes of 19 MiB stay below 256 MiB.
constexpr std::size_t most_threads = 13;
// About half a second of waiting.
constexpr std::size_t most_waiting_each = 16;
constexpr std::size_t few_each = 4;

std::size_t half_of_the_cores() {
    return std::clamp<std::size_t>(std::thread::hardware_concurrency() / 2, 1, most_threads);
}

// Of nice(2): whoever is signed in already goes before whoever wants to be, and a sign-in still
// gets a tenth of a core that is wanted by all.
constexpr int niceness = 10;

// On Linux it is the calling thread's own.
void let_others_go_first() {
    thread_local const int set = ::setpriority(PRIO_PROCESS, 0, niceness);
    static_cast<void>(set);
}

}  // namespace

// One that waits to be hashed for. Where as many wait as in a flood, each is paced; who comes alone
// is not kept any longer than it takes.
class Hashing::Place {
public:
    explicit Place(Hashing& hashing)
        : inside_(hashing.inside_), paced_(inside_ >= hashing.threads_ * few_each) {
        hashing.require_room();
        ++inside_;
    }
    ~Place() { --inside_; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    template <class Work>
    auto work(Work work) const {
        let_others_go_first();
        std::optional<Pace> pace;
        if (paced_) pace.emplace();
        return work();
    }

private:
    std::size_t& inside_;
    bool paced_;
};

Hashing::Hashing(std::size_t threads, Make make)
    : threads_(threads == 0 ? half_of_the_cores() : std::min(threads, most_threads)),
      make_(make),
      pool_(threads_) {}

void Hashing::require_room() const {
    if (inside_ < threads_ * (1 + most_waiting_each)) return;
    throw Error(ErrorKind::unavailable, "accounts.busy", "Too many are signing in; try again soon.")
        .retry_after(1);
}

Task<std::string> Hashing::hash(std::string password) {
    Place place(*this);
    auto work = [&] { return make_(password); };
    co_return co_await pool_.run([&] { return place.work(work); });
}

Task<bool> Hashing::matches(std::string hash, std::string password) {
    Place place(*this);
    auto work = [&] { return crypto::password_matches(hash, password); };
    co_return co_await pool_.run([&] { return place.work(work); });
}

}  // namespace afterresume::accounts
